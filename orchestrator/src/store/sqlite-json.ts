/**
 * A document as the text that is stored. Fields that are undefined are left out, as the driver does with
 * ignoreUndefined. Throws for what JSON would quietly turn into something else.
 */
export function encode(doc: Readonly<Record<string, unknown>>): {
  readonly id: string;
  readonly text: string;
} {
  const id = doc['_id'];
  if (typeof id !== 'string' || id === '') throw new TypeError('a document has an _id, a string');
  refuseStrangers(doc, '');
  return { id, text: JSON.stringify(doc) };
}

function refuseStrangers(value: unknown, path: string): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return;
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${path} is not a finite number`);
      return;
    case 'object':
      if (value !== null) refuseStrangersIn(value, path);
      return;
    default:
      throw new TypeError(`${path} cannot be stored: ${typeof value}`);
  }
}

function refuseStrangersIn(value: object, path: string): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`${path} cannot be stored: it is not plain data`);
  }
  for (const [key, inner] of Object.entries(value))
    refuseStrangers(inner, path === '' ? key : `${path}.${key}`);
}
