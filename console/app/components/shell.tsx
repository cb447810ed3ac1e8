import {
  ActionIcon,
  Badge,
  Container,
  Group,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { NavLink } from '@remix-run/react';
import { IconBrandSlack, IconFlask2, IconMoon, IconSun } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useDeliveryNews } from '../live/delivery-news.tsx';
import { count } from '../words.ts';
import { useAwake } from './awake.ts';
import { Brand } from './brand.tsx';
import styles from './shell.module.css';

export type ShellProps = {
  readonly signedIn: boolean;
  readonly demoModel: boolean;
  readonly slackUrl: string | null;
  readonly children: ReactNode;
};

/** The frame of every page. */
export function Shell({ signedIn, demoModel, slackUrl, children }: ShellProps) {
  const awake = useAwake();
  const { stuck } = useDeliveryNews();
  return (
    <>
      {signedIn && demoModel && (
        <div className={styles['banner']} role="note">
          <IconFlask2 size={15} aria-hidden />
          <span>
            The model is a <strong>scripted demo</strong>: it plays a written scene and does not think. Give
            Deckhand a model key to let it work for real.
          </span>
        </div>
      )}
      {signedIn && (
        <header className={styles['header']}>
          <Container size="xl" h="100%">
            <Group h="100%" justify="space-between" wrap="nowrap">
              <Group gap="lg" wrap="nowrap">
                <Brand narrow />
                <nav aria-label="Main" className={styles['nav']}>
                  <NavLink to="/" end className={styles['link'] ?? ''}>
                    Sessions
                  </NavLink>
                  <NavLink to="/health" className={styles['link'] ?? ''}>
                    Health
                    {stuck > 0 && (
                      <Badge
                        component="span"
                        size="sm"
                        color="red"
                        circle={stuck < 10}
                        data-testid="stuck-badge"
                        aria-label={`${count(stuck, 'message')} stuck`}
                      >
                        {stuck > 99 ? '99+' : stuck}
                      </Badge>
                    )}
                  </NavLink>
                </nav>
              </Group>
              <Group gap={6} wrap="nowrap">
                {slackUrl !== null && (
                  <Tooltip label="Open Slack">
                    <ActionIcon
                      component="a"
                      href={slackUrl}
                      target="_blank"
                      rel="noreferrer"
                      variant="subtle"
                      color="gray"
                      size="lg"
                      aria-label="Open Slack"
                    >
                      <IconBrandSlack size={19} stroke={1.7} />
                    </ActionIcon>
                  </Tooltip>
                )}
                <SchemeToggle />
              </Group>
            </Group>
          </Container>
        </header>
      )}
      <main data-awake={awake || undefined}>{children}</main>
    </>
  );
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: true });
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip label={`Use the ${other} colours`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        onClick={() => setColorScheme(other)}
        aria-label="Switch between light and dark"
      >
        {scheme === 'dark' ? <IconSun size={19} stroke={1.7} /> : <IconMoon size={19} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  );
}
