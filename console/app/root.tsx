import '@mantine/core/styles.css';
import './app.css';
import { ColorSchemeScript, MantineProvider, mantineHtmlProps } from '@mantine/core';
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteLoaderData } from '@remix-run/react';
import { type ReactNode, useContext } from 'react';
import { ErrorPage } from './components/error-page.tsx';
import { Shell } from './components/shell.tsx';
import { DeliveryNewsProvider } from './live/delivery-news.tsx';
import { NonceContext } from './nonce.ts';
import { stuckCount } from './server/delivery-news.server.ts';
import { theme } from './theme.ts';

export const meta: MetaFunction = () => [{ title: 'Deckhand' }];

export async function loader({ context: { member, demoModel, links, delivery } }: LoaderFunctionArgs) {
  const signedIn = member !== null;
  const stuck = signedIn ? await stuckCount(delivery) : 0;
  return { signedIn, demoModel, slackUrl: links.slack ?? null, stuck, renderedAt: Date.now() };
}

export function Layout({ children }: { readonly children: ReactNode }) {
  const nonce = useContext(NonceContext);
  const data = useRouteLoaderData<typeof loader>('root');
  return (
    <html lang="en" {...mantineHtmlProps}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <Meta />
        <Links />
        <ColorSchemeScript defaultColorScheme="auto" nonce={nonce} suppressHydrationWarning />
      </head>
      <body>
        <MantineProvider theme={theme} defaultColorScheme="auto">
          <DeliveryNewsProvider stuck={data?.stuck ?? 0}>
            <Shell
              signedIn={data?.signedIn ?? false}
              demoModel={data?.demoModel ?? false}
              slackUrl={data?.slackUrl ?? null}
            >
              {children}
            </Shell>
          </DeliveryNewsProvider>
        </MantineProvider>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return <ErrorPage />;
}
