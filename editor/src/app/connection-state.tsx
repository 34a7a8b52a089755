// Whether what is shown is live, in the header and, when it is not, in a line of its own.
import type { ReactNode } from 'react';

import { useCityNow, usePicture } from '../city/live-city.tsx';
import { formatAge, formatTime } from '../format/format.ts';
import { useWording } from '../texts/texts.tsx';
import { Sign } from '../ui/marks.tsx';
import styles from './header.module.css';

/** The state in the header: `Live 10:24:31`. */
export function ConnectionState(): ReactNode {
  const { texts, manner } = useWording();
  const connection = usePicture((picture) => picture.connection);
  const now = useCityNow();
  return (
    <span className={styles.connection} data-connection={connection}>
      {connection === 'lost' ? <Sign name="offline" /> : <span className={styles.dot} />}
      <span role="status">{texts.connection[connection]}</span>
      {connection === 'live' && <span className={styles.clock}>{formatTime(manner, now, now)}</span>}
    </span>
  );
}

/** The line that says since when the connection is lost; nothing while it is not. */
export function LostLine(): ReactNode {
  const { texts, manner } = useWording();
  const lostAt = usePicture((picture) => picture.lostAt);
  const now = useCityNow();
  if (lostAt === undefined) return null;
  return (
    <p className={styles.lost} role="alert">
      <Sign name="offline" /> {texts.connection.lostSince(formatTime(manner, lostAt, now), formatAge(now - lostAt))}
    </p>
  );
}
