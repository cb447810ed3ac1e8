/** Parties that are remembered; whoever was served before all of them may as well never have been. */
const REMEMBERED = 2_000;

/** When each party was served last, as a growing count. */
export interface TurnsTaken {
  readonly servedAt: ReadonlyMap<string, number>;
  serve(party: string): void;
}

export function createTurnsTaken(): TurnsTaken {
  const servedAt = new Map<string, number>();
  let count = 0;
  return {
    servedAt,
    serve: (party) => {
      count += 1;
      // Set anew, so that the order of the map is that of the turns.
      servedAt.delete(party);
      servedAt.set(party, count);
      if (servedAt.size > REMEMBERED) servedAt.delete(servedAt.keys().next().value ?? '');
    },
  };
}
