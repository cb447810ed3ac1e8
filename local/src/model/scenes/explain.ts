import { filesSeen, type SeenFile, shortPath } from '../evidence.ts';
import { bash, callsOf, finish, giveUp, type Reply, read, runsOf, type Scene, type Story } from '../scene.ts';

const LIST = 'git ls-files';
const MAX_SOURCES = 6;

/** Answers a question about the code from the README and the source; changes nothing. */
export const explain: Scene = {
  example: 'what does this project do?',
  matches: (request) =>
    /\b(explain|describe)\b|\bwhat (does|is|do)\b.*\b(project|repo|repository|code|app|shop|do)\b|\bhow (does|do|is|are)\b.*\b(work|works|calculated|built)\b/i.test(
      request,
    ) && !/\b(fix|add)\b/i.test(request),
  next: (story) => {
    const list = runsOf(story, LIST).at(-1);
    if (!list)
      return {
        say: 'I read the README and the code.',
        calls: [bash(LIST, 'List the files'), read('README.md')],
      };
    const sources = sourcesFor(story.request, (list.result ?? '').split('\n'));
    const asked = callsOf(story).some((call) => call.args['filePath'] === sources[0]);
    if (sources.length > 0 && !asked) return { say: '', calls: sources.map(read) };
    return tell(story, sources);
  },
};

/** The source files that the request names by a word of theirs; all when it names none. */
function sourcesFor(request: string, files: readonly string[]): readonly string[] {
  const sources = files.filter((file) => /^src\/.+\.[jt]s$/.test(file));
  const named = sources.filter((file) => {
    const base = file.split('/').at(-1)?.split('.')[0] ?? '';
    return new RegExp(`\\b${base}s?\\b`, 'i').test(request);
  });
  return (named.length > 0 ? named : sources).slice(0, MAX_SOURCES);
}

function tell(story: Story, sources: readonly string[]): Reply {
  const files = filesSeen(story);
  const readme = files.find((file) => file.path.endsWith('README.md'))?.content ?? '';
  const about = readme
    .split('\n\n')
    .find((paragraph) => !paragraph.startsWith('#'))
    ?.trim();
  const parts = files
    .filter((file) => sources.some((source) => file.path.endsWith(source)))
    .map(describeFile);
  const rules = readme.match(/^- .+$/gm) ?? [];
  if (!about && parts.length === 0)
    return giveUp('I found neither a README nor source files in `src/`, so I cannot tell.');
  return finish(
    [about, ...parts, ...(rules.length > 0 ? [`The README adds:\n${rules.join('\n')}`] : [])]
      .filter(Boolean)
      .join('\n\n'),
  );
}

function describeFile(file: SeenFile): string {
  const documented = file.content.matchAll(/\/\*\* (.+?) \*\/\nexport (?:async )?(?:function|const) (\w+)/g);
  const lines = [...documented].map(([, text, name]) => `- \`${name}\`: ${text}`);
  return `**\`${shortPath(file.path)}\`**\n${lines.join('\n') || '- exports nothing that is documented'}`;
}
