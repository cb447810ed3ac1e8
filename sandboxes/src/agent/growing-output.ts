/** How much of the end of the old text has to be found again in the new one to count as its continuation. */
const anchorLength = 256;

/**
 * What a growing text gained. Its writer keeps only so much of it, so that once it is long its beginning moves
 * forward; `reset` says that the new text is no continuation of the old one and `chunk` is all of it.
 */
export function outputGained(before: string, now: string): { chunk: string; reset: boolean } {
  if (now.startsWith(before)) return { chunk: now.slice(before.length), reset: false };
  const anchor = before.slice(-anchorLength);
  for (let at = now.lastIndexOf(anchor); at >= 0; at = at === 0 ? -1 : now.lastIndexOf(anchor, at - 1)) {
    const end = at + anchor.length;
    if (before.endsWith(now.slice(0, end))) return { chunk: now.slice(end), reset: false };
  }
  return { chunk: now, reset: true };
}
