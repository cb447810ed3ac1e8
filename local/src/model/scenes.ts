import type { Scene } from './scene.ts';
import { countSlowly } from './scenes/count-slowly.ts';
import { currencySetting } from './scenes/currency-setting.ts';
import { deploy } from './scenes/deploy.ts';
import { emptyListTest } from './scenes/empty-list-test.ts';
import { explain } from './scenes/explain.ts';
import { failingTest } from './scenes/failing-test.ts';
import { runCommand } from './scenes/run-command.ts';
import { screenshot } from './scenes/screenshot.ts';
import { explainDemo } from './scenes/unknown.ts';

/** Requests that are the whole of a message, whatever else its words may mean. */
const WHOLE: readonly Scene[] = [runCommand, explain];

/** Work of which a message may ask for several at once; done in this order. */
const WORK: readonly Scene[] = [failingTest, emptyListTest, currencySetting, screenshot, deploy];

// Last, because “take your time” may stand behind a request for real work.
const PASTIME: readonly Scene[] = [countSlowly];

/** What is played when nothing else fits: says what the demo model is, and what it can do. */
export const unknown: Scene = explainDemo([...WORK, ...PASTIME, ...WHOLE]);

/** The scenes that a request asks for, in the order of the work; never empty. */
export function scenesFor(request: string): readonly Scene[] {
  const whole = WHOLE.find((scene) => scene.matches(request));
  if (whole) return [whole];
  const work = WORK.filter((scene) => scene.matches(request));
  if (work.length > 0) return work;
  return [PASTIME.find((scene) => scene.matches(request)) ?? unknown];
}
