import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureFirstMessage } from './first-message.ts';
import { measureLoad } from './load.ts';
import { measureRealAgent } from './real-agent.ts';

/** `npm run bench`: measures and reports, and never fails for being slow. */
const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '200' },
    samples: { type: 'string', default: '50' },
    runs: { type: 'string', default: '3' },
    'no-report': { type: 'boolean', default: false },
  },
});

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const dir = await mkdtemp(join(tmpdir(), 'deckhand-bench-'));
const parts = [
  `# How fast it is\n\nWritten by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, on ${availableParallelism()} cores that also ran the local workspace.`,
];
function add(title: string, body: string): void {
  const part = `## ${title}\n\n${body}`;
  process.stdout.write(`\n${part}\n`);
  parts.push(part);
}

add(
  'Mention → first message',
  table(
    ['', "Deckhand's card / a bare Bolt echo bot", 'ratio'],
    await measureFirstMessage(join(dir, 'first-message'), Number(values.samples)),
  ),
);
add(
  'The real OpenCode with the scripted model',
  table(
    ['', 'mention → first tool call', 'mention → final'],
    await measureRealAgent(join(dir, 'real-agent'), Number(values.runs)),
  ),
);
add(
  "Many sessions at once, with Slack's rate limits on",
  `A light agent in place of OpenCode, all sessions at work at the same time; four conversations (two channels, two direct).\n\n${table(['', ''], await measureLoad(join(dir, 'load'), Number(values.sessions)))}`,
);
if (!values['no-report'])
  await writeFile(fileURLToPath(new URL('./RESULTS.md', import.meta.url)), `${parts.join('\n\n')}\n`);
await rm(dir, { recursive: true, force: true });
