import type { IndexSpec } from '../platform/documents.ts';

const SEGMENT = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const COLLECTION = /^[a-z][a-z0-9_]{0,62}$/;

/** A dotted field as its parts. Throws for what could not be pasted into SQL or would mean something else in MongoDB. */
export function fieldParts(field: string): readonly string[] {
  const parts = field.split('.');
  for (const part of parts) {
    if (!SEGMENT.test(part) || part === '__proto__') throw new TypeError(`not a field name: ${field}`);
  }
  return parts;
}

export function tableName(collection: string): string {
  if (!COLLECTION.test(collection)) throw new TypeError(`not a collection name: ${collection}`);
  return `"${collection}"`;
}

/** The SQL of a field's value. Indexes hold the same text, or SQLite would not find that they fit. */
export function valueSql(field: string): string {
  return field === '_id' ? 'id' : `json_extract(doc, ${jsonPath(field)})`;
}

/** The SQL of a field's JSON type; NULL when the field is missing. */
export function typeSql(field: string): string {
  return field === '_id' ? "'text'" : `json_type(doc, ${jsonPath(field)})`;
}

function jsonPath(field: string): string {
  const quoted = fieldParts(field).map((part) => `."${part}"`);
  return `'$${quoted.join('')}'`;
}

export function orderSql(fields: Readonly<Record<string, 1 | -1>>): string {
  return Object.entries(fields)
    .map(([field, direction]) => `${valueSql(field)} ${directionOf(field, direction)}`)
    .join(', ');
}

function directionOf(field: string, direction: number): 'ASC' | 'DESC' {
  if (direction === 1) return 'ASC';
  if (direction === -1) return 'DESC';
  throw new TypeError(`the direction of ${field} is 1 or -1`);
}

/** An index and a name that says all of it, so that a changed declaration is another index. */
export function indexSql(
  collection: string,
  spec: IndexSpec,
): { readonly name: string; readonly sql: string } {
  const words = Object.entries(spec.fields).map(([field, direction]) => `${field}:${direction}`);
  const name = [collection, ...words, spec.unique ? 'unique' : '', spec.where ? `?${spec.where.exists}` : '']
    .filter((word) => word !== '')
    .join(' ');
  const where = spec.where ? ` WHERE ${valueSql(spec.where.exists)} IS NOT NULL` : '';
  const kind = spec.unique ? 'UNIQUE INDEX' : 'INDEX';
  const sql = `CREATE ${kind} IF NOT EXISTS "${name}" ON ${tableName(collection)} (${orderSql(spec.fields)})${where}`;
  return { name, sql };
}

/** The fields by which a query may look for ranges and sort without reading everything. */
export function declaredFields(indexes: readonly IndexSpec[]): ReadonlySet<string> {
  return new Set(['_id', ...indexes.flatMap((index) => Object.keys(index.fields))]);
}
