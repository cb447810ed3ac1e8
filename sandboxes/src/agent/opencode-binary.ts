import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SandboxError } from '../errors.ts';

/**
 * The OpenCode program of this platform, as npm installed it beside `opencode-ai`, whose own start script would need
 * an install step that npm does not run unasked. Throws `agent.start_failed`.
 */
export function findOpenCodeBinary(): string {
  const require = createRequire(import.meta.url);
  const beside = dirname(dirname(require.resolve('opencode-ai/package.json')));
  const base = `opencode-${process.platform}-${process.arch}`;
  const variants = needsBaseline() ? [`${base}-baseline`] : [base, `${base}-baseline`];
  const names = variants.flatMap((name) => (isMusl() ? [`${name}-musl`, name] : [name]));
  const found = names.map((name) => join(beside, name, 'bin', 'opencode')).find((path) => existsSync(path));
  if (found) return found;
  throw new SandboxError('agent.start_failed', `npm installed none of ${names.join(', ')}; run npm install`, {
    retryable: false,
  });
}

/** The ordinary build uses AVX2 and dies of an illegal instruction on a processor without it. */
function needsBaseline(): boolean {
  if (process.arch !== 'x64' || process.platform !== 'linux') return false;
  return !/\bavx2\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
}

function isMusl(): boolean {
  return (
    process.platform === 'linux' &&
    existsSync(`/lib/ld-musl-${process.arch === 'x64' ? 'x86_64' : 'aarch64'}.so.1`)
  );
}
