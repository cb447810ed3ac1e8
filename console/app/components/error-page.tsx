import { Button, Code, Container, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { isRouteErrorResponse, Link, useRouteError } from '@remix-run/react';
import { IconCompass, IconLifebuoy } from '@tabler/icons-react';

/** What a person sees when a page is not there or could not be made. */
export function ErrorPage() {
  const error = useRouteError();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <Container size="xs" py={96}>
      <Stack align="center" gap="md" ta="center">
        <ThemeIcon size={64} radius="xl" variant="light" color={missing ? 'harbor' : 'red'}>
          {missing ? <IconCompass size={34} stroke={1.5} /> : <IconLifebuoy size={34} stroke={1.5} />}
        </ThemeIcon>
        <Title order={1} size="h2">
          {missing ? 'Nothing here' : 'This page could not be shown'}
        </Title>
        <Text c="dimmed">
          {missing
            ? 'The address is wrong, or what it led to is no longer kept.'
            : 'Something broke on our side. Your sessions go on; the log of Deckhand has the details.'}
        </Text>
        {isRouteErrorResponse(error) && !missing && <Code>{error.status}</Code>}
        <Button component={Link} to="/" variant="light" reloadDocument>
          Back to the sessions
        </Button>
      </Stack>
    </Container>
  );
}
