import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sandbox } from '../provider.ts';
import type { AgentModel, AgentOptions } from './agent.ts';
import { promptTarget } from './opencode-wire.ts';

const pluginVersion = '1.18.33';
const sdkPackages = {
  'openai-compatible': '@ai-sdk/openai-compatible',
  openai: '@ai-sdk/openai',
  anthropic: '@ai-sdk/anthropic',
} as const;
/** How long the model's host may take to begin an answer, and to go on with it. OpenCode's own limit is 300 s. */
const headerTimeoutMs = 120_000;
const chunkTimeoutMs = 180_000;

/** Writes what OpenCode needs into the sandbox, outside of the checkout, and returns the environment to start it with. */
export async function setUpOpenCode(
  options: AgentOptions,
  password: string,
): Promise<Record<string, string>> {
  const { sandbox } = options;
  const { home, runtime } = sandbox.paths;
  const folder = join(runtime, 'opencode');
  const modelsPath = join(folder, 'models.json');
  const instructionsPath = join(folder, 'instructions.md');
  await suppressInstall(sandbox, folder);
  await suppressInstall(sandbox, join(home, '.config', 'opencode'));
  const tool = await readFile(new URL('./tools/browser-screenshot.ts', import.meta.url));
  await sandbox.writeFile(join(folder, 'tool', 'browser_screenshot.ts'), tool);
  await sandbox.writeFile(modelsPath, '{}');
  await sandbox.writeFile(instructionsPath, options.instructions);
  const agentsPath = join(sandbox.paths.workspace, 'AGENTS.md');
  const instructions = (await exists(sandbox, agentsPath))
    ? [agentsPath, instructionsPath]
    : [instructionsPath];
  return {
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    XDG_STATE_HOME: join(home, '.local', 'state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    OPENCODE_CONFIG_DIR: folder,
    OPENCODE_CONFIG_CONTENT: JSON.stringify(configuration(options.model, instructions)),
    OPENCODE_SERVER_PASSWORD: password,
    OPENCODE_MODELS_PATH: modelsPath,
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    // A checkout may hold configuration that loosens our rules and plugins that run inside the server.
    OPENCODE_DISABLE_PROJECT_CONFIG: '1',
    OPENCODE_DISABLE_CLAUDE_CODE: '1',
    OPENCODE_DISABLE_EXTERNAL_SKILLS: '1',
    OPENCODE_EXPERIMENTAL_DISABLE_FILEWATCHER: '1',
    OPENCODE_ENABLE_QUESTION_TOOL: '1',
    npm_config_fetch_retries: '0',
  };
}

function configuration(model: AgentModel, instructions: readonly string[]) {
  const name = `${promptTarget.providerID}/${model.id}`;
  return {
    enabled_providers: [promptTarget.providerID],
    provider: { [promptTarget.providerID]: providerOf(model) },
    model: name,
    small_model: name,
    instructions,
    share: 'disabled',
    autoupdate: false,
    // Only needed to take back single prompts, and three times the cost of a step.
    snapshot: false,
    // The sandbox is the boundary. What asks, asks nobody and waits for ever: so do these two by default.
    permission: { '*': 'allow', external_directory: 'allow', doom_loop: 'allow' },
  };
}

function providerOf(model: AgentModel) {
  const { input, output, cacheRead } = model.cost;
  return {
    npm: sdkPackages[model.api],
    name: 'Deckhand',
    options: {
      baseURL: model.baseUrl,
      apiKey: model.apiKey,
      headerTimeout: headerTimeoutMs,
      chunkTimeout: chunkTimeoutMs,
    },
    models: {
      [model.id]: {
        name: model.name,
        tool_call: true,
        attachment: true,
        modalities: { input: ['text', 'image', 'pdf'], output: ['text'] },
        limit: { context: model.limit.context, output: model.limit.output },
        cost: { input, output, cache_read: cacheRead },
      },
    },
  };
}

/**
 * OpenCode installs a package of 100 MB into each folder of configuration, and the first prompt waits for it, unless
 * a lock file there names the package already.
 */
async function suppressInstall(sandbox: Sandbox, folder: string): Promise<void> {
  const dependencies = { '@opencode-ai/plugin': pluginVersion };
  await sandbox.writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const lock = { lockfileVersion: 3, packages: { '': { dependencies } } };
  await sandbox.writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
  await sandbox.exec(['mkdir', '-p', join(folder, 'node_modules')]);
}

async function exists(sandbox: Sandbox, path: string): Promise<boolean> {
  try {
    await sandbox.readFile(path);
    return true;
  } catch {
    // Not there, or a link that leads out of the sandbox: no instructions in both cases.
    return false;
  }
}
