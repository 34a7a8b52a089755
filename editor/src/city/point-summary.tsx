// A point in few lines: reported and wanted, who holds it until when, and its newest command's way.
import type { ReactNode } from 'react';

import type { PointView } from '../../../engine/model/live.ts';
import { useWording } from '../texts/texts.tsx';
import { Sign } from '../ui/marks.tsx';
import { StepLine } from '../ui/step-line.tsx';
import styles from './city.module.css';
import { Time, useCity, useRuleTitles } from './live-city.tsx';
import { differs, unheldInWords } from './point-state.ts';
import { useSelection } from './selection.ts';
import {
  commandInWords,
  holderOf,
  isHeldLocally,
  ownerInWords,
  partsOfPoint,
  pointValue,
  wantInWords,
} from './words.ts';

interface PointSummaryProps {
  pointKey: string;
  /** For a card whose one matter is this point. */
  isLarge?: boolean;
  /** Names what is reported and what is wanted, also when they agree. */
  isFull?: boolean;
  /** Shows nothing while nobody holds it. */
  isOnlyHeld?: boolean;
}

/** The summary. */
export function PointSummary({
  pointKey,
  isLarge = false,
  isFull = false,
  isOnlyHeld = false,
}: PointSummaryProps): ReactNode {
  const point = useCity((city) => city.points.get(pointKey));
  if (!point || (isOnlyHeld && holderOf(point) === undefined)) return null;
  return (
    <div className={styles.point}>
      {isFull ? <NamedValues point={point} /> : <Values point={point} isLarge={isLarge} />}
      <Holder point={point} />
      <Waits point={point} />
      <NewestCommand point={point} />
    </div>
  );
}

function Values({ point, isLarge }: { point: PointView; isLarge: boolean }): ReactNode {
  const { texts, manner } = useWording();
  const { point: name } = partsOfPoint(point.point);
  const { want } = point.arbitration;
  const reported = point.reported && pointValue(manner, texts, name, point.reported.value);
  return (
    <div className={styles.pointValues}>
      <span className={isLarge ? styles.large : styles.value} title={texts.point.reported}>
        {reported ?? <span className={styles.unknown}>{texts.point.nothingReported}</span>}
      </span>
      {differs(point) && (
        <span className={styles.differs}>
          {texts.point.wanted}: {wantInWords(manner, texts, name, want)}
        </span>
      )}
    </div>
  );
}

function NamedValues({ point }: { point: PointView }): ReactNode {
  const { texts, manner } = useWording();
  const { point: name } = partsOfPoint(point.point);
  const { reported, arbitration } = point;
  return (
    <dl className={styles.namedValues}>
      <dt>{texts.point.reported}</dt>
      <dd>
        {reported ? <strong>{pointValue(manner, texts, name, reported.value)}</strong> : texts.point.nothingReported}
        {reported && (
          <span className={styles.muted}>
            {' '}
            · <Time at={reported.at} /> · {reported.cause}
          </span>
        )}
      </dd>
      <dt>{texts.point.wanted}</dt>
      <dd className={differs(point) ? styles.differs : undefined}>
        {'release' in arbitration.want ? texts.point.ownProgramme : wantInWords(manner, texts, name, arbitration.want)}
      </dd>
      {point.afterDeath && (
        <>
          <dt>{texts.point.whenWeAreGone}</dt>
          <dd>{texts.point.afterDeath[point.afterDeath]}</dd>
        </>
      )}
    </dl>
  );
}

/** Who holds the point, in which slot, until when and why; or what it does while nobody does. */
export function Holder({ point }: { point: PointView }): ReactNode {
  const { texts, manner } = useWording();
  const titles = useRuleTitles();
  const newest = useCity((city) => city.commands.get(point.commandId ?? ''));
  const holder = holderOf(point);
  if (!holder) return <div className={styles.holder}>{unheldInWords(manner, texts, point, newest)}</div>;
  if (isHeldLocally(point))
    return (
      <div className={styles.holder}>
        <Sign name="hand" tone="warn" /> {texts.point.locally} · {texts.point.until} <Time at={holder.leaseUntil} />
      </div>
    );
  const owner = ownerInWords(texts, holder.owner, titles);
  return (
    <div className={styles.holder}>
      {texts.point.heldBy} <strong title={holder.owner}>{owner}</strong> · {texts.point.slot(holder.slot)} ·{' '}
      {texts.point.until} <Time at={holder.leaseUntil} />
      {holder.confirmedBy !== undefined && <> · {texts.confirmations.by(holder.confirmedBy)}</>}
      {holder.reason !== owner && <div className={styles.reason}>{holder.reason}</div>}
    </div>
  );
}

/** The wear budget is used up: the newest wanted value waits, until when and why. */
function Waits({ point: { waits } }: { point: PointView }): ReactNode {
  const { texts } = useWording();
  if (!waits) return null;
  return (
    <div className={styles.differs}>
      {texts.point.waits} <Time at={waits.until} /> · {waits.why}
    </div>
  );
}

function NewestCommand({ point }: { point: PointView }): ReactNode {
  const { texts, manner } = useWording();
  const assets = useCity((city) => city.assets);
  const record = useCity((city) => city.commands.get(point.commandId ?? ''));
  const [, select] = useSelection();
  if (!record) return null;
  const what = commandInWords(manner, texts, assets, record.command);
  return (
    <button
      type="button"
      className={styles.rowButton}
      onClick={() => select({ kind: 'command', id: record.command.commandId })}
    >
      <span className="visually-hidden">{texts.commands.open(what)}</span>
      <StepLine record={record} />
      <span className={styles.muted}>
        <Time at={record.steps.at(-1)?.at ?? record.command.issuedAt} />
      </span>
    </button>
  );
}
