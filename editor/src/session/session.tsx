// Who is signed in: asked once at the start, and again whenever the server stops answering for this session.
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';

import { closeSession, onSignedOut, readSession, type SessionView } from '../api.ts';
import { useWording } from '../texts/texts.tsx';

/** What is known of the session. */
type Standing =
  | { is: 'asking' }
  | { is: 'unreachable' }
  | { is: 'signed-out'; hasExpired: boolean }
  | { is: 'signed-in'; session: SessionView };

interface SessionControl {
  standing: Standing;
  /** Takes over a session that was just opened. */
  begin: (session: SessionView) => void;
  /** Ends the session. */
  end: () => void;
  /** Asks the server again. */
  askAgain: () => void;
}

const SessionContext = createContext<SessionControl | undefined>(undefined);

/** Provides the session to everything inside. */
export function SessionProvider({ children }: { children: ReactNode }): ReactNode {
  const [standing, setStanding] = useState<Standing>({ is: 'asking' });
  const { chooseTimeZone } = useWording();
  const begin = useCallback(
    (session: SessionView) => {
      if (session.timeZone !== undefined) chooseTimeZone(session.timeZone);
      setStanding({ is: 'signed-in', session });
    },
    [chooseTimeZone],
  );
  const askAgain = useCallback(() => {
    const ask = async () => {
      const answer = await readSession();
      if (answer.ok) begin(answer.value);
      else setStanding((before) => afterRefusal(before, answer.failure.status));
    };
    void ask();
  }, [begin]);
  useEffect(askAgain, [askAgain]);
  useEffect(() => onSignedOut(() => setStanding({ is: 'signed-out', hasExpired: true })), []);
  const control = useMemo(
    (): SessionControl => ({
      standing,
      begin,
      askAgain,
      end: () => void closeSession().then(() => setStanding({ is: 'signed-out', hasExpired: false })),
    }),
    [standing, begin, askAgain],
  );
  return <SessionContext value={control}>{children}</SessionContext>;
}

/** A server that cannot be reached ends no session: the page stays and shows that it is not live. */
function afterRefusal(before: Standing, status: number): Standing {
  if (status === 401) return { is: 'signed-out', hasExpired: before.is === 'signed-in' };
  return before.is === 'signed-in' ? before : { is: 'unreachable' };
}

/** The session. Throws outside of the provider. */
export function useSession(): SessionControl {
  const control = useContext(SessionContext);
  if (!control) throw new Error('useSession needs SessionProvider above it');
  return control;
}
