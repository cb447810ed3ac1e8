import { killMarked } from './marked-processes.ts';

/**
 * The program that outlives its owner: started beside a provider, it waits for its standard input to close, which the
 * kernel does when the provider's process dies for whatever reason, and then ends all that the provider had started.
 */
const [name, value] = process.argv.slice(2);
process.stdin.resume();
process.stdin.once('error', () => process.stdin.destroy());
process.stdin.once('close', () => {
  if (name && value) void killMarked({ name, value });
});
