// Gives views the live picture of the city, each only the part that it draws.
import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';

import { systemClock } from '../../../engine/model/clock.ts';
import { formatTime } from '../format/format.ts';
import { useWording } from '../texts/texts.tsx';
import { useNow } from '../ui/now.ts';
import type { CityState } from './city-state.ts';
import { createCityStore, type CityStore, type LivePicture } from './city-store.ts';

const MINUTE_MS = 60_000;

const CityContext = createContext<CityStore | undefined>(undefined);

/** Follows the city as long as it is shown. `onRefused` is called when the server closes the stream. */
export function LiveCityProvider({ onRefused, children }: { onRefused: () => void; children: ReactNode }): ReactNode {
  const [store] = useState(() =>
    createCityStore({ open: () => new EventSource('/api/live'), clock: systemClock, onRefused }),
  );
  useEffect(() => {
    store.start();
    return () => store.stop();
  }, [store]);
  return <CityContext value={store}>{children}</CityContext>;
}

/** A part of the live picture; draws again only when that part is another. `pick` must return something kept. */
export function usePicture<T>(pick: (picture: LivePicture) => T): T {
  const store = useContext(CityContext);
  if (!store) throw new Error('usePicture needs LiveCityProvider above it');
  return useSyncExternalStore(
    (listener) => store.subscribe(listener),
    () => pick(store.picture()),
  );
}

/** A part of the city. */
export const useCity = <T,>(pick: (city: CityState) => T): T => usePicture(({ city }) => pick(city));

/** Now by the log's clock in whole seconds, milliseconds since the epoch. */
export function useCityNow(): number {
  const skewMs = usePicture((picture) => picture.skewMs);
  return useNow() - skewMs;
}

/** Now for what counts: stands still while the connection is lost, because nobody knows whether it still counts. */
export function useCountingNow(): number {
  const lostAt = usePicture((picture) => picture.lostAt);
  const now = useCityNow();
  return lostAt ?? now;
}

/** A time of day in the city's zone, with the date where it is not today. */
export function Time({ at }: { at: number }): ReactNode {
  const { manner } = useWording();
  // Only the date that may be shown depends on now.
  const now = useNow(MINUTE_MS);
  return <time dateTime={new Date(at).toISOString()}>{formatTime(manner, at, now)}</time>;
}

/** Rule id → title, as far as activations and decisions have told. */
export function useRuleTitles(): ReadonlyMap<string, string> {
  const activations = useCity((city) => city.activations);
  const decisions = useCity((city) => city.decisions);
  return useMemo(
    () =>
      new Map([
        ...decisions.map(({ rule, title }) => [rule, title] as const),
        ...[...activations.values()].map(({ rule, title }) => [rule, title] as const),
      ]),
    [activations, decisions],
  );
}
