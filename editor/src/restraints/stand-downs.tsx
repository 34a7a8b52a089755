// Above the city: stand-downs that stand, with what is true of them, and the way to press one.
import { Button } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';

import type { StandDown, StandDownScope } from '../../../engine/model/restraint.ts';
import { Time, useCity } from '../city/live-city.tsx';
import { nameIn, titleOfName } from '../city/words.ts';
import type { Texts } from '../texts/en.ts';
import { useWording } from '../texts/texts.tsx';
import { EndForm, useMayRestrain } from './end-form.tsx';
import { progressOf } from './progress.ts';
import styles from './restraints.module.css';
import { StandDownForm } from './stand-down-form.tsx';

/** Those that stand, and the button. They are announced to screen readers when they change. */
export function StandDowns(): ReactNode {
  const { texts } = useWording();
  const restraints = useCity((city) => city.restraints);
  const assets = useCity((city) => city.assets);
  const mayRestrain = useMayRestrain();
  const [isOpen, setOpen] = useState(false);
  const standing = [...restraints.values()].flatMap((one) => (one.kind === 'stand-down' ? [one] : []));
  const mayPress = mayRestrain('*') || [...assets.values()].some(({ department }) => mayRestrain(department));
  return (
    <>
      <div aria-live="polite">
        {standing.map((one) => (
          <Standing key={one.id} standDown={one} />
        ))}
      </div>
      {isOpen && <StandDownForm close={() => setOpen(false)} />}
      {mayPress && !isOpen && (
        <div className={styles.row}>
          <Button size="xs" variant="default" onClick={() => setOpen(true)}>
            {texts.restraints.standDown}
          </Button>
        </div>
      )}
    </>
  );
}

function Standing({ standDown }: { standDown: StandDown }): ReactNode {
  const { texts } = useWording();
  const [assets, points] = [useCity((city) => city.assets), useCity((city) => city.points)];
  const progress = useMemo(() => progressOf(standDown.scope, { assets, points }), [standDown, assets, points]);
  const { safe, underWay, waiting, unknown } = progress;
  const all = safe + underWay + waiting + unknown;
  const title = texts.restraints.stoodDown(scopeInWords(texts, standDown.scope));
  return (
    <section className={styles.standing} aria-label={title}>
      <h2>{title}</h2>
      <div>
        <Time at={standDown.at} /> · {texts.restraints.by(standDown.by, standDown.reason)}
      </div>
      <div className={styles.counts}>
        <strong>{texts.restraints.safe(safe, all)}</strong>
        {underWay > 0 && <span>{texts.restraints.underWay(underWay)}</span>}
        {waiting > 0 && <span>{texts.restraints.waiting(waiting)}</span>}
        {unknown > 0 && <span>{texts.restraints.unknown(unknown)}</span>}
      </div>
      <EndForm restraint={standDown} />
    </section>
  );
}

function scopeInWords(texts: Texts, { department, zone, type }: StandDownScope): string {
  const parts = [
    ...(type === undefined ? [] : [nameIn(texts.types, type)]),
    ...(department === undefined ? [] : [nameIn(texts.departments, department)]),
    ...(zone === undefined ? [] : [titleOfName(zone)]),
  ];
  return parts.length === 0 ? texts.restraints.city : parts.join(', ');
}
