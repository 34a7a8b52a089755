// One fact as a value; what is not known any more says so and shows its age.
import type { ReactNode } from 'react';

import type { FactView } from '../../../engine/model/live.ts';
import type { Value } from '../../../engine/model/value.ts';
import { formatAge, formatValue } from '../format/format.ts';
import { useWording } from '../texts/texts.tsx';
import { Sign } from '../ui/marks.tsx';
import styles from './city.module.css';
import { useCityNow } from './live-city.tsx';

interface FactValueProps {
  fact: FactView | undefined;
  /** For a narrow place: whole percents, and the age only on request. */
  isBrief?: boolean;
}

/** The value, with its unit. */
export function FactValue({ fact, isBrief = false }: FactValueProps): ReactNode {
  const { manner } = useWording();
  if (!fact) return <span className={styles.unknown}>?</span>;
  const text = formatValue(manner, fact.property, isBrief ? rounded(fact.value) : fact.value, fact.unit);
  if (fact.state === 'known') return <span className={styles.value}>{text}</span>;
  return <UnknownValue fact={fact} text={text} isBrief={isBrief} />;
}

const rounded = (value: Value): Value => (typeof value === 'number' ? Math.round(value * 100) / 100 : value);

function UnknownValue(props: { fact: FactView; text: string; isBrief: boolean }): ReactNode {
  const { fact, text, isBrief } = props;
  const { texts } = useWording();
  const now = useCityNow();
  return (
    <span
      className={styles.unknown}
      title={`${texts.asset.factStates[fact.state]}, ${formatAge(now - fact.observedAt)}`}
    >
      <Sign name="stale" /> <s>{text}</s>
      {!isBrief && ` ${formatAge(now - fact.observedAt)}`}
      <span className="visually-hidden"> {texts.asset.factStates[fact.state]}</span>
    </span>
  );
}
