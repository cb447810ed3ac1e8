/** Cuts known secrets out of a text. Short ones are left: cutting them would garble ordinary words. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= 8) clean = clean.replaceAll(secret, '[secret]');
  return clean;
}

/** At most `max` UTF-16 units, the last of them an ellipsis where something was cut; never half a character. */
export function cut(text: string, max: number): string {
  return text.length <= max
    ? text
    : `${text
        .slice(0, max - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`;
}

/** The end of a text, for outputs: what matters is said last. */
export function cutStart(text: string, max: number): string {
  return text.length <= max
    ? text
    : `…${text
        .slice(1 - max)
        .toWellFormed()
        .replace(/^\uFFFD/, '')}`;
}
