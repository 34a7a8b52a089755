// The app: look, language, session, then the pages.
import { Button, createTheme, localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import { createBrowserRouter, Outlet } from 'react-router';
import { RouterProvider } from 'react-router/dom';

import type { SessionView } from '../api.ts';
import { CityPage } from '../city/city-page.tsx';
import { LiveCityProvider } from '../city/live-city.tsx';
import { SessionProvider, useSession } from '../session/session.tsx';
import { SignInPage } from '../session/sign-in-page.tsx';
import { useWording, WordingProvider } from '../texts/texts.tsx';
import { LostLine } from './connection-state.tsx';
import { CrashedPage, MissingPage } from './error-pages.tsx';
import { Header } from './header.tsx';

const theme = createTheme({ defaultRadius: 'sm', fontFamily: 'var(--mantine-font-family)' });
const colourSchemes = localStorageColorSchemeManager({ key: 'signalbox-colour-scheme' });

/** The whole app. Styles come from files alone, as the Content-Security-Policy wants. */
export function App(): ReactNode {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colourSchemes}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <WordingProvider>
        <SessionProvider>
          <Pages />
        </SessionProvider>
      </WordingProvider>
    </MantineProvider>
  );
}

function Pages(): ReactNode {
  const { texts } = useWording();
  const { standing, askAgain } = useSession();
  switch (standing.is) {
    case 'asking':
      return null;
    case 'unreachable':
      return (
        <main className="centred">
          <p role="alert">{texts.errors.unreachable}</p>
          <Button onClick={askAgain}>{texts.errors.retry}</Button>
        </main>
      );
    case 'signed-out':
      return <SignInPage hasExpired={standing.hasExpired} />;
    case 'signed-in':
      return <SignedIn session={standing.session} />;
  }
}

function SignedIn({ session }: { session: SessionView }): ReactNode {
  const { askAgain } = useSession();
  const router = useMemo(() => createRouter(session), [session.name]);
  return (
    <LiveCityProvider onRefused={askAgain}>
      <RouterProvider router={router} />
    </LiveCityProvider>
  );
}

const createRouter = (session: SessionView) =>
  createBrowserRouter([
    {
      element: <Frame session={session} />,
      errorElement: <CrashedPage />,
      hydrateFallbackElement: <></>,
      children: [
        { path: '/', element: <CityPage /> },
        {
          path: '/alarms',
          lazy: async () => ({ Component: (await import('../alarms/alarm-page.tsx')).AlarmPage }),
        },
        {
          path: '/rules',
          lazy: async () => ({ Component: (await import('../rules/rule-list-page.tsx')).RuleListPage }),
        },
        {
          path: '/rules/:department/:name',
          lazy: async () => ({ Component: (await import('../rules/rule-page.tsx')).RulePage }),
        },
        { path: '*', element: <MissingPage /> },
      ],
    },
  ]);

function Frame({ session }: { session: SessionView }): ReactNode {
  return (
    <>
      <Header session={session} />
      <LostLine />
      <Outlet />
    </>
  );
}
