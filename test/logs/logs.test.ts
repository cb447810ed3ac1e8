import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Entry, entrySchema, fold } from 'orchestrator/domain';
import { createMemoryStores } from 'orchestrator/testing/memory-stores';
import { SAMPLE_EVENTS } from 'orchestrator/testing/sample-events';
import { describe, expect, it } from 'vitest';

/** Logs that earlier releases wrote. What they say must stay what it was, whatever a newer release adds. */
const LOGS = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.jsonl'));

function linesOf(name: string): readonly unknown[] {
  const text = readFileSync(join(import.meta.dirname, name), 'utf8').trimEnd();
  return text.split('\n').map((line): unknown => JSON.parse(line));
}

function entriesOf(name: string): readonly Entry[] {
  return linesOf(name).map((line) => entrySchema.parse(line));
}

function expectedOf(name: string): Record<string, unknown> {
  const file = name.replace('.jsonl', '.expected.json');
  return JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'));
}

describe.each(LOGS)('the log %s', (name) => {
  it('is read entry by entry without losing a field', () => {
    expect(entriesOf(name)).toEqual(linesOf(name));
    expect(entriesOf(name).map((entry) => entry.seq)).toEqual(linesOf(name).map((_line, index) => index + 1));
  });

  it('comes to the summary and the state that it came to when it was written', async () => {
    const entries = entriesOf(name);
    const [first] = entries;
    if (!first) return expect.unreachable('an empty log');
    const stores = await createMemoryStores();
    await stores.sessions.apply(first.sessionId, entries);
    const summary = await stores.sessions.get(first.sessionId);
    await stores.close();
    expect({ summary, state: fold(entries) }).toMatchObject(expectedOf(name));
  });

  it('folds from every prefix', () => {
    const entries = entriesOf(name);
    for (let end = 1; end <= entries.length; end += 1)
      expect(fold(entries.slice(0, end)).status).not.toBe('unopened');
  });
});

describe('the recorded logs', () => {
  it('hold every type of event that a session without approvals writes', () => {
    const written = new Set<string>(LOGS.flatMap(entriesOf).map((entry) => entry.event.type));
    const missing = Object.keys(SAMPLE_EVENTS).filter((type) => !written.has(type));
    expect(missing.filter((type) => !type.startsWith('approval.'))).toEqual([]);
  });
});
