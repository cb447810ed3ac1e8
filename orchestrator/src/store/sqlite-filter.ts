import type { Condition, Filter, Sort } from '../platform/documents.ts';
import { orderSql, typeSql, valueSql } from './sqlite-fields.ts';

type Scalar = string | number | boolean | null;

/** SQL with a `?` for each value: values are never part of the text. */
export type Clause = { readonly sql: string; readonly values: readonly (string | number)[] };

const RANGES = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' } as const;

/**
 * A filter as the SQL behind WHERE, with MongoDB's meaning: null matches a missing field too, and a value only matches
 * and compares with values of its own type. Fields hold scalars; an array matches nothing.
 * Throws for operators it does not know, and for ranges and `$exists` on fields that no index declares.
 */
export function whereOf(filter: Filter, declared: ReadonlySet<string>): Clause {
  const clauses = Object.entries(filter).map(([field, condition]) => clauseOf(field, condition, declared));
  return clauses.length === 0 ? { sql: '1', values: [] } : join(clauses, ' AND ');
}

/** The SQL behind ORDER BY. Throws for fields that no index declares. */
export function sortOf(sort: Sort | undefined, filter: Filter, declared: ReadonlySet<string>): string {
  for (const field of Object.keys(sort ?? {})) requireDeclared(field, declared, 'sort');
  // What the filter fixes is in order anyway; left in, SQLite would sort all that it finds instead of walking an index.
  const open = Object.entries(sort ?? {}).filter(([field]) => !isFixed(filter[field]));
  return open.length === 0 ? '' : ` ORDER BY ${orderSql(Object.fromEntries(open))}`;
}

function isFixed(condition: Condition<Scalar> | undefined): boolean {
  return condition === null || (condition !== undefined && typeof condition !== 'object');
}

function clauseOf(field: string, condition: Condition<Scalar>, declared: ReadonlySet<string>): Clause {
  if (condition === null || typeof condition !== 'object') return equals(field, condition);
  const operators = Object.entries(condition);
  if (operators.length === 0) throw new TypeError(`an empty condition for ${field}`);
  return join(
    operators.map(([operator, operand]) => operatorClause(field, operator, operand, declared)),
    ' AND ',
  );
}

function operatorClause(
  field: string,
  operator: string,
  operand: unknown,
  declared: ReadonlySet<string>,
): Clause {
  switch (operator) {
    case '$in':
      if (!Array.isArray(operand)) throw new TypeError(`$in of ${field} is a list`);
      return oneOf(field, operand.map(scalarOf));
    case '$ne': {
      const { sql, values } = equals(field, scalarOf(operand));
      return { sql: `NOT ifnull(${sql}, 0)`, values };
    }
    case '$exists':
      requireDeclared(field, declared, operator);
      if (typeof operand !== 'boolean') throw new TypeError(`$exists of ${field} is true or false`);
      return { sql: `${typeSql(field)} IS ${operand ? 'NOT ' : ''}NULL`, values: [] };
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      requireDeclared(field, declared, operator);
      return compare(field, RANGES[operator], scalarOf(operand));
    default:
      throw new TypeError(`unknown operator ${operator} for ${field}`);
  }
}

function equals(field: string, value: Scalar): Clause {
  // A JSON null and a missing field are both NULL here.
  return value === null ? { sql: `${valueSql(field)} IS NULL`, values: [] } : compare(field, '=', value);
}

function compare(field: string, sign: string, value: Scalar): Clause {
  if (value === null) throw new TypeError(`${field} cannot be more or less than null`);
  const sql = `(${valueSql(field)} ${sign} ? AND ${isA(field, value)})`;
  return { sql, values: [bound(field, value)] };
}

/** One bound list however many values it has, so that the statement stays the same. */
function oneOf(field: string, values: readonly Scalar[]): Clause {
  const clauses: Clause[] = [];
  if (values.includes(null)) clauses.push(equals(field, null));
  for (const flag of [true, false]) if (values.includes(flag)) clauses.push(equals(field, flag));
  for (const kind of ['string', 'number'] as const) {
    const same = values.filter((value) => typeof value === kind);
    const [first] = same;
    if (first === undefined || first === null) continue;
    const list = JSON.stringify(same.map((value) => bound(field, value ?? '')));
    clauses.push({
      sql: `(${valueSql(field)} IN (SELECT value FROM json_each(?)) AND ${isA(field, first)})`,
      values: [list],
    });
  }
  if (clauses.length === 0) return { sql: '0', values: [] };
  const { sql, values: all } = join(clauses, ' OR ');
  return { sql: `(${sql})`, values: all };
}

// SQLite has no booleans and compares text with numbers: without the type, 1 would equal true and 'a' be more than 5.
function isA(field: string, value: Exclude<Scalar, null>): string {
  if (typeof value === 'boolean') return `${typeSql(field)} = '${value}'`;
  return typeof value === 'string'
    ? `${typeSql(field)} = 'text'`
    : `${typeSql(field)} IN ('integer', 'real')`;
}

function bound(field: string, value: Exclude<Scalar, null>): string | number {
  if (field === '_id' && typeof value !== 'string') throw new TypeError('an _id is a string');
  return typeof value === 'boolean' ? Number(value) : value;
}

function scalarOf(value: unknown): Scalar {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError(`not a value that can be compared: ${typeof value}`);
}

function requireDeclared(field: string, declared: ReadonlySet<string>, what: string): void {
  if (!declared.has(field)) throw new TypeError(`${what} on ${field}, which no index declares`);
}

function join(clauses: readonly Clause[], between: string): Clause {
  return {
    sql: clauses.map((clause) => clause.sql).join(between),
    values: clauses.flatMap((clause) => clause.values),
  };
}
