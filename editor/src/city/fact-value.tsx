// One fact as a value; what is not known any more says so and shows its age.
import type { ReactNode } from 'react';

import type { FactView } from '../../../engine/model/live.ts';
import { formatAge, formatValue } from '../format/format.ts';
import { useWording } from '../texts/texts.tsx';
import { Sign } from '../ui/marks.tsx';
import styles from './city.module.css';
import { useCityNow } from './live-city.tsx';

/** The value, with its unit. */
export function FactValue({ fact }: { fact: FactView | undefined }): ReactNode {
  const { manner } = useWording();
  if (!fact) return <span className={styles.unknown}>?</span>;
  const text = formatValue(manner, fact.property, fact.value, fact.unit);
  if (fact.state === 'known') return <span className={styles.value}>{text}</span>;
  return <UnknownValue fact={fact} text={text} />;
}

function UnknownValue({ fact, text }: { fact: FactView; text: string }): ReactNode {
  const { texts } = useWording();
  const now = useCityNow();
  return (
    <span className={styles.unknown} title={texts.asset.factStates[fact.state]}>
      <Sign name="stale" /> <s>{text}</s> {formatAge(now - fact.observedAt)}
      <span className="visually-hidden"> {texts.asset.factStates[fact.state]}</span>
    </span>
  );
}
