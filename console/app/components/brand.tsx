import { Group, Text } from '@mantine/core';
import { Link } from '@remix-run/react';

type BrandProps = {
  readonly size?: 'md' | 'lg';
  /** On a phone the picture says it alone. */
  readonly narrow?: boolean;
};

export function Brand({ size = 'md', narrow = false }: BrandProps) {
  const pixels = size === 'lg' ? 36 : 26;
  return (
    <Group
      gap={10}
      wrap="nowrap"
      renderRoot={(props) => <Link to="/" {...props} aria-label="Deckhand, sessions" />}
      td="none"
      c="inherit"
    >
      <svg width={pixels} height={pixels} viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="var(--mantine-primary-color-filled)" />
        <g fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round">
          <circle cx="16" cy="8.5" r="2.6" />
          <path d="M16 11.1V25M11.5 14.5h9M7 18c0 4.5 4 7 9 7s9-2.5 9-7" />
        </g>
      </svg>
      <Text
        {...(narrow && { visibleFrom: 'xs' })}
        fw={700}
        size={size === 'lg' ? 'xl' : 'md'}
        lh={1}
        style={{ letterSpacing: '-0.01em' }}
      >
        Deckhand
      </Text>
    </Group>
  );
}
