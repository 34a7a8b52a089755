// A traffic controller: its plan and who holds it, its mode, and how full each of its approaches is.
import { useMemo, type ReactNode } from 'react';

import type { AssetView, FactView } from '../../../engine/model/live.ts';
import { formatCount, formatValue } from '../format/format.ts';
import { useWording } from '../texts/texts.tsx';
import { Sign } from '../ui/marks.tsx';
import { Meter } from '../ui/meter.tsx';
import { AssetButton } from './asset-button.tsx';
import styles from './city.module.css';
import { highestFact, type ApproachLayout, type ControllerLayout } from './city-layout.ts';
import { FactValue } from './fact-value.tsx';
import { useCity, useCountingNow } from './live-city.tsx';
import { PointSummary } from './point-summary.tsx';

/** The modes in which a controller follows what we ask; in any other it deserves a look. */
const GOOD_MODE = 'control';

/** The card. */
export function ControllerCard({ layout }: { layout: ControllerLayout }): ReactNode {
  const { controller, approaches } = layout;
  const asset = useCity((city) => city.assets.get(controller));
  if (!asset) return null;
  return (
    <article className={styles.card} data-offline={asset.online === false}>
      <header className={styles.cardHead}>
        <AssetButton id={controller} />
        <Mode asset={asset} />
      </header>
      {asset.points.map((point, index) => (
        <PointSummary key={point} pointKey={`${controller}#${point}`} isLarge={index === 0} isOnlyHeld={index > 0} />
      ))}
      <ul className={styles.approaches}>
        {approaches.map((approach) => (
          <Approach key={approach.approach} layout={approach} controller={controller} />
        ))}
      </ul>
    </article>
  );
}

function Mode({ asset }: { asset: AssetView }): ReactNode {
  const { texts } = useWording();
  const mode = useCity((city) => city.facts.get(asset.id)?.get('controlMode'));
  const key = useCity((city) => city.facts.get(asset.id)?.get('policeKey'));
  if (asset.online === false)
    return (
      <span className={styles.modeWarn}>
        <Sign name="offline" /> {texts.asset.offline}
      </span>
    );
  const isKeyTurned = key !== undefined && key.state === 'known' && key.value !== 'disabled';
  return (
    <span className={mode?.value === GOOD_MODE && !isKeyTurned ? styles.mode : styles.modeWarn}>
      {isKeyTurned && (
        <>
          <Sign name="hand" /> {texts.names['policeKey']}:{' '}
        </>
      )}
      <FactValue fact={isKeyTurned ? key : mode} />
    </span>
  );
}

function Approach({ layout, controller }: { layout: ApproachLayout; controller: string }): ReactNode {
  const { texts, manner } = useWording();
  const { approach, detectors } = layout;
  const assets = useCity((city) => city.assets);
  const facts = useCity((city) => city.facts);
  const occupancy = useMemo(
    () => highestFact(facts, [...detectors, approach], 'occupancy'),
    [facts, detectors, approach],
  );
  const queue = facts.get(approach)?.get('queueLength');
  const threshold = numberOf(assets.get(approach)?.attributes?.['queueAbove']);
  const title = shortTitle(assets, approach, controller);
  const text = occupancy ? formatValue(manner, 'occupancy', occupancy.value) : '?';
  return (
    <li className={styles.approach}>
      <AssetButton id={approach} text={title} />
      <Meter
        ratio={ratioOf(occupancy)}
        threshold={threshold}
        label={`${title}: ${texts.names['occupancy']}`}
        text={text}
      />
      <span className={styles.number}>
        <FactValue fact={occupancy} isBrief />
      </span>
      <span className={styles.queue}>
        {texts.city.queue} <FactValue fact={queue} />
      </span>
      <Counting controller={controller} approach={approach} />
    </li>
  );
}

/** How long a rule that counts for this approach has counted. */
function Counting({ controller, approach }: { controller: string; approach: string }): ReactNode {
  const { texts } = useWording();
  const activations = useCity((city) => city.activations);
  const now = useCountingNow();
  const counting = [...activations.values()].find(
    (activation) =>
      activation.asset === controller && activation.related === approach && activation.phase === 'pending',
  );
  if (!counting) return null;
  const [count, whole] = [formatCount(now - counting.since), formatCount((counting.until ?? now) - counting.since)];
  return (
    <span className={styles.countingLine}>
      <Sign name="counting" tone="run" /> {counting.title} · {texts.activations.pending(count, whole)}
    </span>
  );
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

const ratioOf = (fact: FactView | undefined): number | undefined =>
  fact?.state === 'known' ? numberOf(fact.value) : undefined;

/** `J4 east` under `J4 Market Square` is `east`. */
function shortTitle(assets: ReadonlyMap<string, AssetView>, approach: string, controller: string): string {
  const [long, above] = [assets.get(approach)?.title ?? approach, assets.get(controller)?.title ?? ''];
  const [name = ''] = above.split(' ');
  return name !== '' && long.startsWith(`${name} `) ? long.slice(name.length + 1) : long;
}
