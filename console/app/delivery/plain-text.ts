/** Slack's markup as a person reads it where Slack does not show it: names and links instead of their codes. */
export function plainText(text: string): string {
  return text
    .replace(/<([#@!]?)([^<>|\s]+)(?:\|([^<>]*))?>/g, (_, mark: string, id: string, label?: string) =>
      named(mark, id, label),
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function named(mark: string, id: string, label: string | undefined): string {
  const isLabelled = label !== undefined && label !== '';
  switch (mark) {
    case '#':
      return isLabelled ? `#${label}` : 'a channel';
    case '@':
      return isLabelled ? `@${label}` : 'a person';
    case '!':
      return isLabelled ? label : `@${id}`;
    default:
      return isLabelled ? label : id;
  }
}
