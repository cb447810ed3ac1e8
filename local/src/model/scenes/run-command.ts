import { tail } from '../evidence.ts';
import { bash, finish, runsOf, type Scene } from '../scene.ts';

const SHOWN_LINES = 20;

/** Runs a command that the person wrote in backticks: a way to see approvals, limits and outputs. */
export const runCommand: Scene = {
  example: 'run `node --version`',
  matches: (request) => commandIn(request) !== null,
  next: (story) => {
    const command = commandIn(story.request) ?? '';
    const run = runsOf(story, command).at(-1);
    if (!run) return { say: '', calls: [bash(command, 'Run the command')] };
    return finish(
      `\`${command}\` ended with this output:\n\n\`\`\`\n${tail(run.result ?? '', SHOWN_LINES)}\n\`\`\``,
    );
  },
};

function commandIn(request: string): string | null {
  return request.match(/^\W*(?:please\s+)?(?:run|execute)\s+`+([^`]+)`+/i)?.[1]?.trim() ?? null;
}
