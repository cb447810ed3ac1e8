/** The host's "no", as a value. The reason is a sentence for a person. */
export type Refusal = {
  readonly refused: 'not_found' | 'conflict' | 'invalid';
  readonly reason: string;
};

/** Builds a {@link Refusal}. */
export function refuse(refused: Refusal['refused'], reason: string): Refusal {
  return { refused, reason };
}

/** Tells a refusal from an answer. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}
