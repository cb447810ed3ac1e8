import { Alert, Container, Group, Stack, Text, Title } from '@mantine/core';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { IconAlertTriangle, IconCircleCheck, IconPlugConnected } from '@tabler/icons-react';
import styles from '../components/health-page.module.css';
import { ConnectionPanel, SessionsPanel, StuckPanel, WritesPanel } from '../components/health-panels.tsx';
import { RebuildButton } from '../components/rebuild-button.tsx';
import { verdict } from '../delivery/health-words.ts';
import { useLivePage } from '../live/live-page.ts';
import { healthCommandFromForm } from '../server/delivery-command.server.ts';
import { sessionCounts, stuckMessages } from '../server/health.server.ts';

const LIVE = ['advanced', 'delivery'] as const;

export const meta: MetaFunction = () => [{ title: 'Health · Deckhand' }];

export async function loader({ context: { deckhand, delivery, localSlack } }: LoaderFunctionArgs) {
  const current = delivery.current();
  const [sessions, slack] = await Promise.all([sessionCounts(deckhand), current && slackHealth()]);
  return { localSlack, sessions, slack };

  async function slackHealth() {
    if (!current) return null;
    const health = await current.health();
    const { oldestFinalMs } = health.writes;
    return {
      health,
      // A moment instead of an age: it grows on the page without anybody telling.
      oldestFinalAt: oldestFinalMs === null ? null : new Date(Date.now() - oldestFinalMs).toISOString(),
      stuck: await stuckMessages({ deckhand, delivery: current }, health),
    };
  }
}

export default function Health() {
  const { localSlack, sessions, slack } = useLoaderData<typeof loader>();
  useLivePage(LIVE);
  return (
    <Container size="xl" py="xl">
      <Title order={1} size="h2" mb="lg">
        Health
      </Title>
      <Stack gap="md">
        {slack ? <Verdict health={slack.health} /> : <NotYet />}
        {slack && slack.stuck.length > 0 && (
          <StuckPanel stuck={slack.stuck} total={slack.health.stuckCount} />
        )}
        <div className={styles['pair']}>
          {slack && <ConnectionPanel connection={slack.health.connection} localSlack={localSlack} />}
          <SessionsPanel sessions={sessions} />
        </div>
        {slack && <WritesPanel writes={slack.health.writes} oldestFinalAt={slack.oldestFinalAt} />}
        {slack && <RebuildAll />}
      </Stack>
    </Container>
  );
}

export async function action({ request, context: { delivery, member } }: ActionFunctionArgs) {
  if (!member) throw new Response('Sign in first.', { status: 401 });
  return await healthCommandFromForm(delivery.current(), await request.formData());
}

function RebuildAll() {
  return (
    <Group justify="space-between" gap="sm" px="md">
      <Text size="sm" c="dimmed">
        After a backup was restored, or when threads are not what they should be:
      </Text>
      <RebuildButton label="Rebuild all threads" title="Rebuild all threads?" action="/health">
        Deckhand forgets what it has sent to Slack and makes every thread anew from its session's log. It
        looks through about fifty threads a minute, because Slack allows no more.
      </RebuildButton>
    </Group>
  );
}

const TONES = {
  good: { color: 'green', Icon: IconCircleCheck },
  warn: { color: 'yellow', Icon: IconPlugConnected },
  bad: { color: 'red', Icon: IconAlertTriangle },
} as const;

function Verdict({ health }: { readonly health: Parameters<typeof verdict>[0] }) {
  const { tone, sentence } = verdict(health);
  const { color, Icon } = TONES[tone];
  return (
    <Alert color={color} variant="light" radius="lg" icon={<Icon size={19} />} role="status">
      {sentence}
    </Alert>
  );
}

function NotYet() {
  return (
    <Alert color="yellow" variant="light" radius="lg" icon={<IconPlugConnected size={19} />} role="status">
      Slack is not connected yet. This page says so by itself when it is.
    </Alert>
  );
}
