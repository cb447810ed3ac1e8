import { Alert, Code, Paper, Stack, Text, Title } from '@mantine/core';
import { data, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { IconLinkOff } from '@tabler/icons-react';
import { Brand } from '../components/brand.tsx';

export const meta: MetaFunction = () => [{ title: 'Sign in · Deckhand' }];

/** Exchanges a one-time link for a session. A browser that only looks ahead must not use the link up. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const token = new URL(request.url).searchParams.get('token');
  if (token === null) return context.member ? redirect('/') : data({ problem: false });
  if (request.headers.get('sec-purpose')?.includes('prefetch')) return data({ problem: false }, 503);
  const cookie = await context.redeemSignIn(token);
  if (cookie !== null) return redirect('/', { headers: { 'set-cookie': cookie } });
  // Who is in already has clicked the same link again: there is nothing to complain about.
  return context.member ? redirect('/') : data({ problem: true }, 401);
}

export default function SignIn() {
  const { problem } = useLoaderData<typeof loader>();
  return (
    <Stack align="center" justify="center" mih="80vh" px="md">
      <Paper withBorder shadow="sm" radius="lg" p={{ base: 'lg', xs: 36 }} maw={460} w="100%">
        <Stack gap="lg">
          <Brand size="lg" />
          {problem && (
            <Alert
              color="yellow"
              variant="light"
              icon={<IconLinkOff size={18} />}
              title="This link is no longer good"
            >
              A sign-in link works once and for an hour. Get a new one below.
            </Alert>
          )}
          <Stack gap={6}>
            <Title order={1} size="h3">
              Sign in
            </Title>
            <Text c="dimmed" size="sm">
              You get in with a one-time link, printed in the terminal where Deckhand runs. Open it in this
              browser and you stay signed in for 30 days.
            </Text>
          </Stack>
          <Stack gap={6}>
            <Text size="sm" fw={500}>
              Need a new link?
            </Text>
            <Text c="dimmed" size="sm">
              Restart Deckhand and it prints one:
            </Text>
            <Code block>npm start</Code>
          </Stack>
        </Stack>
      </Paper>
    </Stack>
  );
}
