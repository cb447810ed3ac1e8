import { Anchor, Button, Center, Code, Container, Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { Link } from '@remix-run/react';
import { IconAnchor, IconBrandSlack } from '@tabler/icons-react';

/** The list before the first session: how to start one. */
export function NoSessions({ slackUrl }: { readonly slackUrl: string | null }) {
  return (
    <Container size="sm" py={72}>
      <Paper withBorder radius="lg" p={{ base: 'xl', xs: 48 }}>
        <Stack align="center" gap="md" ta="center">
          <ThemeIcon size={64} radius="xl" variant="light">
            <IconAnchor size={34} stroke={1.5} />
          </ThemeIcon>
          <Title order={1} size="h3">
            No sessions yet
          </Title>
          <Text c="dimmed" maw={420}>
            Sessions start in Slack. Mention Deckhand in a channel, say what you want, and it gets to work in
            that thread. You can watch it here, live.
          </Text>
          <Code fz="sm" px="md" py={8}>
            @deckhand fix the failing test in the cart
          </Code>
          {slackUrl !== null && (
            <Button
              component="a"
              href={slackUrl}
              target="_blank"
              rel="noreferrer"
              leftSection={<IconBrandSlack size={17} />}
              mt="xs"
            >
              Open the workspace
            </Button>
          )}
        </Stack>
      </Paper>
    </Container>
  );
}

export function NothingFound() {
  return (
    <Center py={64}>
      <Stack gap={4} align="center">
        <Text fw={600}>No session fits</Text>
        <Text c="dimmed" size="sm">
          Try other words, or{' '}
          <Anchor component={Link} to="/" size="sm" reloadDocument>
            show all of them
          </Anchor>
          .
        </Text>
      </Stack>
    </Center>
  );
}
