import { Bot } from 'lucide-react';
import type { Person } from '../../page-api.ts';

/** A person's initials on their colour; a bot has a sign instead. */
export function Avatar({ person, size }: { person: Person | undefined; size: 'small' | 'medium' | 'large' }) {
  const style = { background: person?.color ?? '#7a8790' };
  if (person?.isBot) {
    return (
      <span className={`avatar avatar-${size} avatar-bot`} style={style} aria-hidden>
        <Bot size={{ small: 12, medium: 20, large: 24 }[size]} />
      </span>
    );
  }
  return (
    <span className={`avatar avatar-${size}`} style={style} aria-hidden>
      {initials(person?.realName ?? '?')}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return words
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('')
    .toUpperCase();
}
