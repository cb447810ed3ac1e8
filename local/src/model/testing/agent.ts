import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

// OpenCode is a dependency of the sandboxes; its program lies in a package of its own, beside it.
const sandboxes = createRequire(createRequire(import.meta.url).resolve('sandboxes'));
const OPENCODE = join(
  dirname(dirname(sandboxes.resolve('opencode-ai/package.json'))),
  `opencode-${process.platform}-${process.arch}/bin/opencode`,
);
const DEMO_REPOSITORY = fileURLToPath(new URL('../../../demo-repository', import.meta.url));

const part = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  tool: z.string().optional(),
  state: z.looseObject({ status: z.string(), output: z.string().optional() }).optional(),
});
const message = z.object({
  info: z.looseObject({ role: z.string(), error: z.looseObject({ name: z.string() }).nullish() }),
  parts: z.array(part),
});
const question = z.looseObject({
  id: z.string(),
  questions: z.array(
    z.looseObject({ question: z.string(), options: z.array(z.looseObject({ label: z.string() })) }),
  ),
});

export type AgentMessage = z.infer<typeof message>;

/** A real OpenCode server on a real clone of the demo repository, with homes of its own. */
export type TestAgent = {
  /** The clone. */
  readonly directory: string;
  readonly openSession: () => Promise<string>;
  /** Sends a request and resolves with the last message of the answer, once all work is done. */
  readonly prompt: (session: string, text: string) => Promise<AgentMessage>;
  readonly messages: (session: string) => Promise<AgentMessage[]>;
  readonly todos: (session: string) => Promise<{ status: string }[]>;
  readonly questions: () => Promise<z.infer<typeof question>[]>;
  readonly reply: (requestId: string, answers: string[][]) => Promise<void>;
  readonly abort: (session: string) => Promise<void>;
  /** SIGKILL, then the same server again on the same homes. */
  readonly crash: () => Promise<void>;
  readonly shell: (command: string) => string;
  readonly close: () => Promise<void>;
};

// A browser that needs no browser: it fetches the page, and its picture is one transparent pixel.
const BROWSER_TOOL = `export default {
  description: 'Take a screenshot of a local page',
  args: { url: { type: 'string' }, name: { type: 'string' }, width: { type: 'number' }, height: { type: 'number' } },
  async execute(args) {
    const page = await (await fetch(args.url)).text();
    const url = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    return {
      title: args.name,
      output: 'Took a picture of ' + args.url + ': ' + page.match(/<title>(.*)<.title>/)[1] + ', 0 console errors',
      metadata: {},
      attachments: [{ type: 'file', mime: 'image/png', filename: args.name + '.png', url }],
    };
  },
};`;

/** Starts OpenCode as in a sandbox, against an OpenAI-compatible endpoint. */
export async function startAgent(model: { url: string; apiKey: string }): Promise<TestAgent> {
  const root = mkdtempSync(join(tmpdir(), 'demo-model-'));
  const directory = cloneDemoRepository(root);
  const env = environment(root, model);
  let server = await serve(directory, env);

  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-opencode-directory': directory },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
    return answer === '' ? null : JSON.parse(answer);
  };

  return {
    directory,
    openSession: async () => {
      const created = await call('POST', '/session', { title: 'Test' });
      return z.looseObject({ id: z.string() }).parse(created).id;
    },
    prompt: async (session, text) => {
      const body = {
        model: { providerID: 'demo', modelID: 'deckhand-demo' },
        parts: [{ type: 'text', text }],
      };
      return message.parse(await call('POST', `/session/${session}/message`, body));
    },
    messages: async (session) => z.array(message).parse(await call('GET', `/session/${session}/message`)),
    todos: async (session) =>
      z.array(z.looseObject({ status: z.string() })).parse(await call('GET', `/session/${session}/todo`)),
    questions: async () => z.array(question).parse(await call('GET', '/question')),
    reply: async (requestId, answers) => {
      await call('POST', `/question/${requestId}/reply`, { answers });
    },
    abort: async (session) => {
      await call('POST', `/session/${session}/abort`);
    },
    crash: async () => {
      await server.stop('SIGKILL');
      server = await serve(directory, env);
    },
    shell: (command) => run(directory, command),
    close: async () => {
      await server.stop('SIGTERM');
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Resolves with the first result of `look` that is neither null nor undefined. */
export async function until<T>(look: () => Promise<T | null | undefined> | T | null | undefined): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    if (Date.now() > deadline) throw new Error('Waited a minute for something that did not happen');
    await wait(25);
  }
}

/** The text of a message, without its tool calls. */
export function textOf(message: AgentMessage): string {
  return message.parts.flatMap((part) => (part.type === 'text' && part.text ? [part.text] : [])).join('\n');
}

function cloneDemoRepository(root: string): string {
  const origin = join(root, 'origin');
  cpSync(DEMO_REPOSITORY, origin, { recursive: true });
  const identity = '-c user.name=Ana -c user.email=ana@acme.test';
  run(origin, `git init -q -b main && git add -A && git ${identity} commit -qm 'The shop'`);
  run(root, 'git clone -q origin shop');
  return join(root, 'shop');
}

function run(cwd: string, command: string): string {
  return execFileSync('bash', ['-c', command], { cwd, encoding: 'utf8' });
}

function environment(root: string, model: { url: string; apiKey: string }): Record<string, string> {
  const folder = (name: string) => {
    mkdirSync(join(root, name), { recursive: true });
    return join(root, name);
  };
  const models = join(root, 'models.json');
  writeFileSync(models, '{}');
  // OpenCode installs a package into every config folder unless it finds this there already.
  const dependencies = { '@opencode-ai/plugin': '1.18.33' };
  const config = folder('config/opencode');
  folder('config/opencode/node_modules');
  writeFileSync(join(folder('config/opencode/tool'), 'browser_screenshot.ts'), BROWSER_TOOL);
  writeFileSync(join(config, 'package.json'), JSON.stringify({ private: true, dependencies }));
  writeFileSync(
    join(config, 'package-lock.json'),
    JSON.stringify({ lockfileVersion: 3, packages: { '': { dependencies } } }),
  );
  return {
    PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    LANG: 'C.UTF-8',
    HOME: folder('home'),
    XDG_CONFIG_HOME: folder('config'),
    XDG_DATA_HOME: folder('data'),
    XDG_STATE_HOME: folder('state'),
    XDG_CACHE_HOME: folder('cache'),
    TMPDIR: folder('tmp'),
    OPENCODE_CONFIG_CONTENT: JSON.stringify(agentConfig(model)),
    OPENCODE_MODELS_PATH: models,
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_PROJECT_CONFIG: '1',
    OPENCODE_DISABLE_CLAUDE_CODE: '1',
    OPENCODE_DISABLE_EXTERNAL_SKILLS: '1',
    OPENCODE_EXPERIMENTAL_DISABLE_FILEWATCHER: '1',
    npm_config_fetch_retries: '0',
  };
}

function agentConfig(model: { url: string; apiKey: string }) {
  return {
    enabled_providers: ['demo'],
    provider: {
      demo: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Demo',
        options: { baseURL: model.url, apiKey: model.apiKey },
        models: {
          'deckhand-demo': {
            name: 'Demo',
            tool_call: true,
            attachment: true,
            modalities: { input: ['text', 'image'], output: ['text'] },
            limit: { context: 128_000, output: 8192 },
          },
        },
      },
    },
    model: 'demo/deckhand-demo',
    small_model: 'demo/deckhand-demo',
    share: 'disabled',
    autoupdate: false,
    snapshot: false,
    permission: { '*': 'allow' },
  };
}

async function serve(directory: string, env: Record<string, string>) {
  const child = spawn(OPENCODE, ['serve', '--hostname=127.0.0.1', '--port=0'], {
    cwd: directory,
    env: { NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await readyUrl(child);
  return { url, stop: (signal: 'SIGTERM' | 'SIGKILL') => stop(child, signal) };
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (data) => {
      printed += data;
      const url = printed.match(/listening on (http:\S+)/)?.[1];
      if (url) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`OpenCode ended with ${code}: ${printed}`)));
    child.once('error', reject);
  });
}

function stop(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
