import type { Update } from '../platform/documents.ts';
import { fieldParts } from './sqlite-fields.ts';

type Fields = Record<string, unknown>;
type Change = {
  readonly operator: string;
  readonly field: string;
  readonly apply: (parent: Fields, key: string) => void;
};

/** The document after an update, as MongoDB would have it; `doc` is left as it is. Throws for what it does not know. */
export function updated(
  doc: Readonly<Fields>,
  update: Update,
  options: { readonly inserting: boolean },
): Fields {
  const copy = structuredClone(doc);
  // What is not there needs no parents to be taken out of.
  const changes = changesOf(update, options.inserting).filter(
    ({ operator, field }) => operator !== '$unset' || hasParent(copy, field),
  );
  refuseOverlaps(changes.map((change) => change.field));
  for (const { field, apply } of changes) {
    const parts = fieldParts(field);
    apply(parentOf(copy, parts.slice(0, -1), field), parts.at(-1) ?? field);
  }
  return copy;
}

/** The document that an upsert begins with: the filter's equal fields. */
export function upsertSeed(filter: Readonly<Fields>): Fields {
  const seed: Fields = {};
  for (const [field, condition] of Object.entries(filter)) {
    if (typeof condition === 'object' && condition !== null) continue;
    const parts = fieldParts(field);
    parentOf(seed, parts.slice(0, -1), field)[parts.at(-1) ?? field] = condition;
  }
  return seed;
}

function changesOf(update: Update, inserting: boolean): readonly Change[] {
  const operators = Object.entries(update);
  if (operators.length === 0) throw new TypeError('an update that changes nothing');
  return operators.flatMap(([operator, fields]) =>
    Object.entries(fields ?? {})
      // As the driver does with ignoreUndefined.
      .filter(([, value]) => value !== undefined)
      .filter(() => operator !== '$setOnInsert' || inserting)
      .map(([field, value]) => {
        if (field === '_id' && operator !== '$setOnInsert') throw new TypeError('an _id never changes');
        return { operator, field, apply: changeOf(operator, field, value) };
      }),
  );
}

function changeOf(operator: string, field: string, value: unknown): Change['apply'] {
  switch (operator) {
    case '$set':
    case '$setOnInsert':
      return (parent, key) => {
        parent[key] = value;
      };
    case '$unset':
      return (parent, key) => {
        delete parent[key];
      };
    case '$inc':
      return (parent, key) => {
        parent[key] = sum(field, parent[key], value);
      };
    case '$push':
      return (parent, key) => {
        parent[key] = [...list(field, parent[key]), pushable(field, value)];
      };
    default:
      throw new TypeError(`unknown update operator ${operator}`);
  }
}

function sum(field: string, before: unknown, by: unknown): number {
  if (typeof by !== 'number') throw new TypeError(`$inc of ${field} is a number`);
  if (before === undefined) return by;
  if (typeof before !== 'number') throw new TypeError(`$inc on ${field}, which is not a number`);
  return before + by;
}

function list(field: string, before: unknown): readonly unknown[] {
  if (before === undefined) return [];
  if (!Array.isArray(before)) throw new TypeError(`$push on ${field}, which is not a list`);
  return before;
}

function pushable(field: string, value: unknown): unknown {
  const modifier = isFields(value) ? Object.keys(value).find((key) => key.startsWith('$')) : undefined;
  if (modifier) throw new TypeError(`unknown modifier ${modifier} in $push of ${field}`);
  return value;
}

function parentOf(doc: Fields, parts: readonly string[], field: string): Fields {
  let parent = doc;
  for (const part of parts) {
    const next = parent[part] ?? (Object.hasOwn(parent, part) ? null : {});
    if (!isFields(next)) throw new TypeError(`${field} lies in ${part}, which is not an object`);
    parent[part] = next;
    parent = next;
  }
  return parent;
}

function hasParent(doc: Fields, field: string): boolean {
  let parent: unknown = doc;
  for (const part of fieldParts(field).slice(0, -1)) parent = isFields(parent) ? parent[part] : undefined;
  return isFields(parent);
}

/** MongoDB refuses an update that touches `a` and `a.b`, or the same field twice. */
function refuseOverlaps(fields: readonly string[]): void {
  const sorted = fields.map((field) => `${field}.`).sort();
  for (const [index, field] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next?.startsWith(field)) throw new TypeError(`an update that changes ${field.slice(0, -1)} twice`);
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
