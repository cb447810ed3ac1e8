import type { Entry } from 'orchestrator/domain';
import { type Building, place } from './building.ts';
import type { StepsItem } from './items.ts';

/** Steps of ours that follow each other stand in one row. */
export function addStep(building: Building, entry: Entry, step: StepsItem['steps'][number]['step']): void {
  endSteps(building, entry.at);
  const last = building.items.at(-1);
  const added = { step, at: entry.at, endedAt: null };
  if (last?.kind === 'steps') {
    building.items[building.items.length - 1] = { ...last, steps: [...last.steps, added] };
  } else {
    building.items.push({ ...place(entry), kind: 'steps', steps: [added] });
  }
}

/** A step lasts until the next one, or until its run ends. */
export function endSteps(building: Building, at: string): void {
  const index = building.items.findLastIndex((item) => item.kind === 'steps');
  const item = building.items[index];
  const open = item?.kind === 'steps' ? item.steps.at(-1) : undefined;
  if (item?.kind !== 'steps' || !open || open.endedAt !== null) return;
  building.items[index] = { ...item, steps: [...item.steps.slice(0, -1), { ...open, endedAt: at }] };
}
