/** A key for one of a list whose items have no identity but their place, such as the words of a text. */
export function placeKey(index: number): string {
  return `at-${index}`;
}
