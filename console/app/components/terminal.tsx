import { memo } from 'react';
import { type TerminalSpan, terminalSpans } from '../terminal/ansi.ts';
import styles from './terminal.module.css';

type TerminalProps = {
  readonly command?: string;
  readonly output: string;
  /** It is still being written. */
  readonly busy?: boolean;
};

/** A command and what it printed. */
export const Terminal = memo(function Terminal({ command, output, busy = false }: TerminalProps) {
  const text = output.replace(/\s+$/, '');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <pre className={styles['terminal']} tabIndex={0}>
      {command !== undefined && (
        <div className={styles['command']}>
          <span aria-hidden>$ </span>
          {command}
        </div>
      )}
      {terminalSpans(text).map((span, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: spans have no identity but their place
        <span key={index} style={styleOf(span)}>
          {span.text}
        </span>
      ))}
      {busy && <span className={styles['cursor']} />}
    </pre>
  );
});

function styleOf(span: TerminalSpan): React.CSSProperties | undefined {
  return {
    ...(span.color !== null && { color: cssColor(span.color) }),
    ...(span.background !== null && { background: cssColor(span.background) }),
    ...(span.bold && { fontWeight: 700 }),
    ...(span.dim && { opacity: 0.7 }),
    ...(span.italic && { fontStyle: 'italic' }),
    ...(span.underline && { textDecoration: 'underline' }),
  };
}

function cssColor(color: string): string {
  return /^\d/.test(color) ? `rgb(${color})` : `var(--ansi-${color})`;
}
