// Rules at work: what counts, what is active, what is about to end.
import { useMemo, type ReactNode } from 'react';

import type { ActivationView } from '../../../engine/model/live.ts';
import type { Texts } from '../texts/en.ts';
import { formatCount } from '../format/format.ts';
import { useWording } from '../texts/texts.tsx';
import { Meter } from '../ui/meter.tsx';
import { Sign } from '../ui/marks.tsx';
import { Panel } from '../ui/panel.tsx';
import ui from '../ui/ui.module.css';
import { AssetButton } from './asset-button.tsx';
import styles from './city.module.css';
import { useCity, useCountingNow } from './live-city.tsx';
import { titleOf } from './words.ts';

/** Activations listed one by one; more are counted. */
const LISTED = 12;
const PHASE_ORDER: Readonly<Record<ActivationView['phase'], number>> = { pending: 0, clearing: 1, active: 2 };

/** The list: what counts comes first. */
export function ActivationList(): ReactNode {
  const { texts } = useWording();
  const activations = useCity((city) => city.activations);
  const ordered = useMemo(() => inOrder([...activations.values()]), [activations]);
  return (
    <Panel title={texts.activations.title} aside={<span className={ui.muted}>{ordered.length}</span>}>
      {ordered.length === 0 && <p className={ui.empty}>{texts.activations.none}</p>}
      <ul className={styles.list}>
        {ordered.slice(0, LISTED).map((activation) => (
          <Activation key={activation.key} activation={activation} />
        ))}
      </ul>
      {ordered.length > LISTED && <p className={ui.empty}>{texts.attention.more(ordered.length - LISTED)}</p>}
    </Panel>
  );
}

const inOrder = (activations: readonly ActivationView[]): ActivationView[] =>
  activations.toSorted(
    (left, right) =>
      PHASE_ORDER[left.phase] - PHASE_ORDER[right.phase] ||
      right.since - left.since ||
      left.key.localeCompare(right.key),
  );

/** One activation with its count: `Queue relief · J4 east · true for 0:07 of 0:10`. */
export function Activation({ activation }: { activation: ActivationView }): ReactNode {
  const now = useCountingNow();
  const { texts } = useWording();
  const place = useCity((city) => titleOf(city.assets, activation.related ?? activation.asset));
  const isCounting = activation.phase !== 'active' && activation.until !== undefined;
  const words = countInWords(texts, activation, now);
  const share = isCounting ? (now - activation.since) / Math.max(1, (activation.until ?? now) - activation.since) : 0;
  return (
    <li className={styles.listRow} data-phase={activation.phase}>
      <Sign
        name={activation.phase === 'active' ? 'started' : activation.phase === 'pending' ? 'counting' : 'ended'}
        tone={activation.phase === 'active' ? 'ok' : 'run'}
      />
      <div className={styles.rowText}>
        <div>
          <strong>{activation.title}</strong> · <AssetButton id={activation.related ?? activation.asset} />
        </div>
        <div className={styles.count}>{words}</div>
        {isCounting && <Meter ratio={share} label={`${activation.title}, ${place}`} text={words} />}
      </div>
    </li>
  );
}

function countInWords(texts: Texts, { phase, since, until }: ActivationView, now: number): string {
  if (phase === 'active') return texts.activations.active(formatCount(now - since));
  const count = formatCount(until === undefined ? now - since : Math.min(now, until) - since);
  if (until === undefined)
    return phase === 'pending' ? texts.activations.pendingOpen(count) : texts.activations.clearingOpen(count);
  return texts.activations[phase](count, formatCount(until - since));
}
