import { filesSeen, tail } from '../evidence.ts';
import { bash, finish, giveUp, read, runsOf, type Scene } from '../scene.ts';

const DEPLOY = 'npm run deploy';

/** Tries something that the repository cannot do, and says so: how a turn that does not succeed looks. */
export const deploy: Scene = {
  example: 'deploy the shop (which fails)',
  matches: (request) =>
    /\bdeploy\b/i.test(request) || /\bmake (a|the|this|some) (task|run|session|turn) fail\b/i.test(request),
  next: (story) => {
    const run = runsOf(story, DEPLOY).at(-1);
    if (!run) {
      return { say: 'I try to deploy.', calls: [read('package.json'), bash(DEPLOY, 'Deploy')] };
    }
    const output = run.result ?? '';
    const reason = output.match(/npm error (Missing script: .+)/)?.[1];
    if (!/npm (error|ERR!)/.test(output))
      return finish(`\`${DEPLOY}\` ended without an error:\n\n\`\`\`\n${tail(output)}\n\`\`\``);
    const scripts = scriptsOf(
      filesSeen(story).find((file) => file.path.endsWith('package.json'))?.content ?? '',
    );
    const why = reason
      ? `npm says \`${reason}\``
      : `\`${DEPLOY}\` failed:\n\n\`\`\`\n${tail(output)}\n\`\`\`\n`;
    return giveUp(
      `I could not deploy: ${why}. \`package.json\` has only ${scripts}, and nothing in the repository says where the shop should run. Nothing has been changed; tell me how it is deployed and I can add the script.`,
    );
  },
};

function scriptsOf(manifest: string): string {
  const block = manifest.match(/"scripts":\s*\{([^}]*)\}/)?.[1] ?? '';
  const names = [...block.matchAll(/"([\w:-]+)":/g)].map(([, name]) => `\`${name}\``);
  return names.length > 0 ? `the scripts ${new Intl.ListFormat('en-GB').format(names)}` : 'no scripts';
}
