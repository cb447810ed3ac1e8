import {
  Button,
  Center,
  Container,
  Group,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigation, useSearchParams, useSubmit } from '@remix-run/react';
import { IconSearch } from '@tabler/icons-react';
import type { Deckhand, SessionPage, SessionQuery } from 'orchestrator/client';
import { useRef } from 'react';
import { z } from 'zod';
import { NoSessions, NothingFound } from '../components/no-sessions.tsx';
import { SessionRows } from '../components/session-rows.tsx';
import { useLivePage } from '../live/live-page.ts';
import { count } from '../words.ts';

const STEP = 30;
/** A list that is longer is searched, not scrolled. */
const LONGEST = 600;
const PAGE = 100;
const LIVE = ['advanced'] as const;

const querySchema = z.object({
  status: z.enum(['running', 'waiting', 'idle', 'closed']).optional().catch(undefined),
  text: z.string().trim().max(200).catch(''),
  show: z.coerce.number().int().min(STEP).max(LONGEST).catch(STEP),
});

const FILTERS = [
  { value: 'all', label: 'All' },
  { value: 'running', label: 'Running' },
  { value: 'waiting', label: 'Retrying' },
  { value: 'idle', label: 'Idle' },
  { value: 'closed', label: 'Closed' },
];

export const meta: MetaFunction = () => [{ title: 'Sessions · Deckhand' }];

export async function loader({ request, context: { deckhand, links } }: LoaderFunctionArgs) {
  const query = querySchema.parse(Object.fromEntries(new URL(request.url).searchParams));
  const { status, text, show } = query;
  const filter = { ...(status && { status }), ...(text !== '' && { text }) };
  return { page: await firstOf(deckhand, filter, show), query, slackUrl: links.slack ?? null };
}

/** The first `show` sessions, read page by page. */
async function firstOf(
  deckhand: Deckhand,
  filter: Omit<SessionQuery, 'limit' | 'cursor'>,
  show: number,
): Promise<SessionPage> {
  const items: SessionPage['items'][number][] = [];
  let next: string | null = null;
  do {
    const limit = Math.min(PAGE, show - items.length);
    const page: SessionPage = await deckhand.sessions({
      ...filter,
      limit,
      ...(next !== null && { cursor: next }),
    });
    items.push(...page.items);
    next = page.next;
  } while (next !== null && items.length < show);
  return { items, next };
}

export default function Sessions() {
  const { page, query, slackUrl } = useLoaderData<typeof loader>();
  useLivePage(LIVE);
  const filtered = query.status !== undefined || query.text !== '';
  if (page.items.length === 0 && !filtered) return <NoSessions slackUrl={slackUrl} />;
  return (
    <Container size="xl" py="xl">
      <Group justify="space-between" align="end" mb="lg">
        <Title order={1} size="h2">
          Sessions
        </Title>
        <Text c="dimmed" size="sm">
          {page.next === null ? count(page.items.length, 'session') : `The latest ${page.items.length}`}
        </Text>
      </Group>
      <Filters />
      {page.items.length === 0 ? <NothingFound /> : <SessionRows sessions={page.items} />}
      {page.next !== null && query.show < LONGEST && <LoadMore show={query.show + STEP} />}
    </Container>
  );
}

function Filters() {
  const [params] = useSearchParams();
  const submit = useSubmit();
  const form = useRef<HTMLFormElement>(null);
  const status = params.get('status') ?? 'all';
  function search(next: { readonly status: string }) {
    const text = form.current ? String(new FormData(form.current).get('text') ?? '') : '';
    const query = new URLSearchParams();
    if (next.status !== 'all') query.set('status', next.status);
    if (text !== '') query.set('text', text);
    submit(query, { replace: true, preventScrollReset: true });
  }
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        search({ status });
      }}
    >
      <Group mb="md" gap="sm">
        <TextInput
          name="text"
          type="search"
          placeholder="Search titles"
          aria-label="Search titles"
          leftSection={<IconSearch size={16} />}
          defaultValue={params.get('text') ?? ''}
          onChange={() => search({ status })}
          flex="1 1 220px"
        />
        <SegmentedControl
          data={FILTERS}
          value={status}
          onChange={(value) => search({ status: value })}
          aria-label="Status"
        />
      </Group>
    </form>
  );
}

function LoadMore({ show }: { readonly show: number }) {
  const [params] = useSearchParams();
  const navigation = useNavigation();
  const query = new URLSearchParams(params);
  query.set('show', String(show));
  return (
    <Center mt="lg">
      <Stack>
        <Button
          component={Link}
          to={`?${query}`}
          variant="default"
          preventScrollReset
          replace
          loading={navigation.state === 'loading'}
        >
          Load more
        </Button>
      </Stack>
    </Center>
  );
}
