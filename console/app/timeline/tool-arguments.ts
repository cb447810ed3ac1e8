import { z } from 'zod';

const argumentsSchema = z.object({
  command: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  filePath: z.string().optional().catch(undefined),
  path: z.string().optional().catch(undefined),
  pattern: z.string().optional().catch(undefined),
  content: z.string().optional().catch(undefined),
  url: z.string().optional().catch(undefined),
});
export type ToolArguments = z.infer<typeof argumentsSchema>;

/** The arguments of a tool call that the console knows how to show. None when the JSON has been cut. */
export function toolArguments(input: string): ToolArguments {
  try {
    return argumentsSchema.safeParse(JSON.parse(input)).data ?? {};
  } catch {
    // Long arguments are cut in the log and are no JSON any more: the title has to do.
    return {};
  }
}
