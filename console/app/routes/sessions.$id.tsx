import { Container, Tabs } from '@mantine/core';
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import {
  Outlet,
  type ShouldRevalidateFunctionArgs,
  useActionData,
  useLoaderData,
  useLocation,
  useNavigate,
} from '@remix-run/react';
import { IconFileDiff, IconList, IconPlayerPlay, IconSend, IconTimeline } from '@tabler/icons-react';
import { threadOf } from 'orchestrator/domain';
import { CommandDesk } from '../components/command-desk.tsx';
import styles from '../components/session-header.module.css';
import { SessionHeader } from '../components/session-header.tsx';
import { useLiveLog } from '../live/live-log.ts';
import { notFound, sessionIdOf } from '../server/params.server.ts';
import { commandFromForm } from '../server/session-command.server.ts';
import { loadSession } from '../server/session-page.server.ts';
import type { SessionOutlet } from '../session/outlet.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${data.view.state.title} · Deckhand` : 'Not found · Deckhand' },
];

export async function loader({ params, context: { deckhand, links } }: LoaderFunctionArgs) {
  const session = await loadSession(deckhand, sessionIdOf(params));
  if (!session) throw notFound();
  const thread = threadOf(session.view.state.trigger);
  return { ...session, threadUrl: (thread && links.slackThread?.(thread)) ?? null };
}

export async function action({ request, params, context: { deckhand, member } }: ActionFunctionArgs) {
  if (!member) throw new Response('Sign in first.', { status: 401 });
  const form = await request.formData();
  return await commandFromForm(deckhand, { sessionId: sessionIdOf(params), form, actor: member });
}

/** What a command has changed comes by the stream, like everything else. */
export function shouldRevalidate({
  currentParams,
  nextParams,
}: Pick<ShouldRevalidateFunctionArgs, 'currentParams' | 'nextParams'>) {
  return currentParams['id'] !== nextParams['id'];
}

export default function SessionPage() {
  const data = useLoaderData<typeof loader>();
  // Another session is another log: nothing of the last one may stay.
  return <LoadedSession key={data.view.summary.sessionId} {...data} />;
}

function LoadedSession({ view, entries, threadUrl }: ReturnType<typeof useLoaderData<typeof loader>>) {
  const log = useLiveLog({ view, entries });
  const answer = useActionData<typeof action>();
  const outlet: SessionOutlet = { log };
  const { sessionId } = log.view.summary;
  return (
    <CommandDesk sessionId={sessionId} answer={answer}>
      <Container size="xl" pt="lg" pb="xl">
        <SessionHeader view={log.view} connection={log.connection} threadUrl={threadUrl} />
        <SessionTabs sessionId={sessionId} />
        <Outlet context={outlet} />
      </Container>
    </CommandDesk>
  );
}

const TABS = [
  { value: 'timeline', label: 'Timeline', icon: IconTimeline },
  { value: 'changes', label: 'Changes', icon: IconFileDiff },
  { value: 'replay', label: 'Replay', icon: IconPlayerPlay },
  { value: 'delivery', label: 'Delivery', icon: IconSend },
  { value: 'log', label: 'Log', icon: IconList },
];

function SessionTabs({ sessionId }: { readonly sessionId: string }) {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const base = `/sessions/${sessionId}`;
  return (
    <Tabs
      value={pathname.slice(base.length + 1) || 'timeline'}
      onChange={(value) =>
        navigate(value === 'timeline' ? base : `${base}/${value}`, { preventScrollReset: true })
      }
      mb="md"
    >
      <Tabs.List>
        {TABS.map(({ value, label, icon: Icon }) => (
          <Tabs.Tab
            className={styles['tab'] ?? ''}
            key={value}
            value={value}
            leftSection={<Icon size={16} stroke={1.7} />}
            px={{ base: 10, xs: 'md' }}
          >
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
}
