/** A line that is wrong, and what it has to be. */
export type Defect = {
  /** The function that holds the line. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
};

const ROUNDED_TOO_EARLY = /^(.*)Math\.round\((\w+) \* (\(1 - \w+\))\) \* (\w+)(.*)$/m;

/**
 * Finds the one mistake that this model knows by heart: a price that is rounded for a single piece and multiplied by
 * the quantity afterwards, which multiplies the rounding error too.
 */
export function findDefect(content: string): Defect | null {
  const match = content.match(ROUNDED_TOO_EARLY);
  if (!match) return null;
  const [from, before = '', price = '', share = '', quantity = '', after = ''] = match;
  const functions = [...content.slice(0, match.index).matchAll(/function (\w+)/g)];
  return {
    name: functions.at(-1)?.[1] ?? 'The price',
    from,
    to: `${before}Math.round(${price} * ${quantity} * ${share})${after}`,
  };
}
