// One zone's waste containers: how full each is, and what its press does.
import { useCallback, useState, type ReactNode } from 'react';

import { formatValue } from '../format/format.ts';
import { useWording } from '../texts/texts.tsx';
import { Sign } from '../ui/marks.tsx';
import { CellMark } from './cell-mark.tsx';
import type { CellState } from './cell-state.ts';
import styles from './city.module.css';
import type { StreetLayout } from './city-layout.ts';
import { useCells } from './lamp-street.tsx';
import { useCity } from './live-city.tsx';
import { Strip } from './strip.tsx';
import { useAssetWords } from './use-asset-words.ts';
import { titleOfName } from './words.ts';

/** The zone. */
export function ContainerStreet({ street }: { street: StreetLayout }): ReactNode {
  const { texts } = useWording();
  const [looked, setLooked] = useState<string>();
  const cells = useCells(street.assets, 'fillingLevel');
  const presses = useCells(street.assets, 'compaction');
  const describe = useAssetWords('fillingLevel');
  const title = street.zone === '' ? texts.city.noStreet : titleOfName(street.zone);
  const cell = useCallback(
    (id: string) => <ContainerCell id={id} cell={cells.get(id)} press={presses.get(id)} />,
    [cells, presses],
  );
  return (
    <div className={styles.street}>
      <div className={styles.streetHead}>
        <h3>{title}</h3>
        {looked !== undefined && <span>{describe(looked)}</span>}
      </div>
      <Strip assets={street.assets} label={title} cell={cell} describe={describe} onLook={setLooked} />
    </div>
  );
}

interface ContainerCellProps {
  id: string;
  cell: CellState | undefined;
  press: CellState | undefined;
}

function ContainerCell({ id, cell, press }: ContainerCellProps): ReactNode {
  const { manner } = useWording();
  const asset = useCity((city) => city.assets.get(id));
  const level = cell?.value;
  return (
    <span className={styles.container} data-held={press?.isHeld}>
      <Bin level={level} limit={asset?.attributes?.['pressAt'] ?? asset?.attributes?.['fullAt']}>
        {/* A press is a word and has no level: that alone is not a missing value. */}
        <CellMark mark={press?.mark === 'unknown' ? cell?.mark : (press?.mark ?? cell?.mark)} />
      </Bin>
      <span className={styles.binName}>{shortName(asset?.title ?? id)}</span>
      <span>{level === undefined ? '?' : formatValue(manner, 'fillingLevel', Math.round(level * 100) / 100)}</span>
      <Press id={id} />
    </span>
  );
}

function Bin({
  level = 0,
  limit,
  children,
}: {
  level?: number | undefined;
  limit: unknown;
  children: ReactNode;
}): ReactNode {
  const isLimited = typeof limit === 'number';
  return (
    <span className={styles.bin} data-over={isLimited && level >= limit}>
      <span className={styles.binFill} style={{ height: `${level * 100}%` }} />
      {isLimited && <span className={styles.binLimit} style={{ bottom: `${limit * 100}%` }} />}
      {children}
    </span>
  );
}

function Press({ id }: { id: string }): ReactNode {
  const { texts, manner } = useWording();
  const point = useCity((city) => city.points.get(`${id}#compaction`));
  if (!point) return null;
  const reported = point.reported?.value;
  return (
    <span className={styles.press} data-active={reported === 'compacting'}>
      <Sign name="press" />{' '}
      {reported === undefined ? texts.city.compactor : formatValue(manner, 'compaction', reported)}
    </span>
  );
}

/** `River Path, container 7` is `7` among its neighbours. */
const shortName = (title: string): string => /(\d+)$/.exec(title)?.[1] ?? title;
