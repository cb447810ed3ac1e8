/** Words that may stand beside `stop` and ask for nothing else. */
const BESIDE_STOP: ReadonlySet<string> = new Set(
  'please pls now it this that everything ok okay thanks'.split(' '),
);

/** `stop`, in whatever letters and marks and however politely, or 🛑, ends what runs. A question does not, nor what was struck out. */
export function asksToStop(text: string): boolean {
  if (/[?~]/.test(text)) return false;
  const words: readonly string[] = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return text.includes('🛑');
  return words.includes('stop') && words.every((word) => word === 'stop' || BESIDE_STOP.has(word));
}
