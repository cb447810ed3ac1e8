/** The value below which this share of a list lies; 0 of an empty one. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** `p50 / p95 / max` in a unit of a person's choice. */
export function spread(values: readonly number[], format: (value: number) => string): string {
  return [0.5, 0.95, 1].map((share) => format(quantile(values, share))).join(' / ');
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

export function milliseconds(ms: number): string {
  return `${Math.round(ms)} ms`;
}
