import { tail } from '../evidence.ts';
import { plan } from '../plan.ts';
import {
  bash,
  type FinishedCall,
  finish,
  giveUp,
  type Reply,
  runsOf,
  type Scene,
  type Story,
} from '../scene.ts';

const TASKS = ['Start the web page', 'Take the screenshot', 'Stop the web page'];
const TOOL = 'browser_screenshot';

// The server gets a process group of its own so that it can be stopped with everything that npm started for it. It takes
// any free port and says which: one that was looked for beforehand could be somebody else's by then.
const START = `log=$(mktemp)
PORT=0 setsid npm run dev >"$log" 2>&1 </dev/null &
pid=$!
for try in $(seq 1 40); do
  url=$(grep -o -m 1 'http://127.0.0.1:[0-9]*' "$log")
  [ -n "$url" ] && node -e 'fetch(process.argv[1]).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))' "$url/" && echo "answers at $url/" && break
  sleep 0.25
done
echo "group $pid"
tail -n 5 "$log"`;

/** Starts the web page, takes a picture of it, and stops it again. */
export const screenshot: Scene = {
  example: 'take a screenshot of the cart page',
  matches: (request) =>
    /\bscreen ?shots?\b|\bshow me (the|a picture of the) (web ?)?(cart |shop )?page\b/i.test(request),
  next: (story) => {
    if (!story.tools.has(TOOL)) {
      return giveUp(
        'I cannot take a screenshot: this session has no browser. Nothing has been started or changed.',
      );
    }
    const start = runsOf(story, START).at(-1);
    if (!start)
      return {
        say: 'I start the web page.',
        calls: [plan(TASKS, 0), bash(START, 'Start the web page on a free port')],
      };
    return afterStart(story, readStart(start.result ?? ''));
  },
};

type Started = { readonly url: string | null; readonly group: string | null; readonly output: string };

function readStart(output: string): Started {
  return {
    url: output.match(/^answers at (\S+)$/m)?.[1] ?? null,
    group: output.match(/^group (\d+)$/m)?.[1] ?? null,
    output,
  };
}

function afterStart(story: Story, server: Started): Reply {
  const step = story.steps.find(({ calls }) => calls.some((call) => call.tool === TOOL));
  const picture = step?.calls.find((call) => call.tool === TOOL);
  if (server.url && !picture) {
    const args = { url: server.url, name: 'cart-page', width: 1280, height: 800 };
    return { say: '', calls: [plan(TASKS, 1), { tool: TOOL, args }] };
  }
  const stop = `kill -- -${server.group}; echo stopped`;
  if (server.group && runsOf(story, stop).length === 0) {
    return { say: '', calls: [plan(TASKS, 2), bash(stop, 'Stop the web page')] };
  }
  return server.url && picture ? report(picture, step?.sawImage ?? false) : notStarted(server);
}

function report(picture: FinishedCall, sawImage: boolean): Reply {
  if (!sawImage) {
    return giveUp(
      `The page was up, but the screenshot failed:\n\n> ${tail(picture.result ?? '', 1) || 'no answer from the tool'}`,
    );
  }
  return finish(
    'Here is the cart page, as `npm run dev` serves it. I have stopped the server; nothing has been changed.',
  );
}

function notStarted(server: Started): Reply {
  return giveUp(
    `I could not take a screenshot: the web page did not start.\n\n\`\`\`\n${tail(server.output)}\n\`\`\``,
  );
}
