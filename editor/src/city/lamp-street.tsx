// One street of lamps: a strip of cells, each filled as high as its lamp is bright, and the street's sensors in words.
import { useCallback, useMemo, useState, type ReactNode } from 'react';

import { formatValue } from '../format/format.ts';
import { useWording } from '../texts/texts.tsx';
import { CellMark } from './cell-mark.tsx';
import { cellOf, type CellState } from './cell-state.ts';
import styles from './city.module.css';
import type { StreetLayout } from './city-layout.ts';
import { FactValue } from './fact-value.tsx';
import { useCity } from './live-city.tsx';
import { Strip } from './strip.tsx';
import { useAssetWords } from './use-asset-words.ts';
import { titleOfName } from './words.ts';

/** A lamp below this level counts as dark. */
const LIT_ABOVE = 0.01;

/** The street. */
export function LampStreet({ street }: { street: StreetLayout }): ReactNode {
  const { texts } = useWording();
  const [looked, setLooked] = useState<string>();
  const cells = useCells(street.assets, 'level');
  const describe = useAssetWords('level');
  const title = street.zone === '' ? texts.city.noStreet : titleOfName(street.zone);
  const cell = useCallback((id: string) => <LampCell cell={cells.get(id)} />, [cells]);
  return (
    <div className={styles.street}>
      <div className={styles.streetHead}>
        <h3>{title}</h3>
        {looked === undefined ? <StreetSummary cells={cells} zone={street.zone} /> : <span>{describe(looked)}</span>}
      </div>
      <Strip
        assets={street.assets}
        label={texts.city.lampsOf(title)}
        cell={cell}
        describe={describe}
        onLook={setLooked}
      />
    </div>
  );
}

function LampCell({ cell }: { cell: CellState | undefined }): ReactNode {
  if (!cell) return null;
  return (
    <span className={styles.lamp} data-mark={cell.mark} data-held={cell.isHeld}>
      <span className={styles.lampFill} style={{ height: `${(cell.value ?? 0) * 100}%` }} />
      <CellMark mark={cell.mark} />
    </span>
  );
}

/** The cells of several assets, kept as long as the city's tables are. */
export function useCells(assets: readonly string[], point: string): ReadonlyMap<string, CellState> {
  const [all, facts] = [useCity((city) => city.assets), useCity((city) => city.facts)];
  const [points, commands] = [useCity((city) => city.points), useCity((city) => city.commands)];
  return useMemo(
    () => new Map(assets.map((id) => [id, cellOf({ assets: all, facts, points, commands }, id, point)])),
    [assets, point, all, facts, points, commands],
  );
}

function StreetSummary({ cells, zone }: { cells: ReadonlyMap<string, CellState>; zone: string }): ReactNode {
  const { texts, manner } = useWording();
  const values = [...cells.values()].flatMap(({ value }) => value ?? []);
  const lit = values.filter((value) => value > LIT_ABOVE).length;
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const held = [...cells.values()].filter(({ isHeld }) => isHeld).length;
  return (
    <span className={styles.summary}>
      {texts.city.lit(lit, cells.size)} · {texts.city.mean(formatValue(manner, 'level', Math.round(mean * 100) / 100))}
      {held > 0 && ` · ${texts.city.heldLamps(held)}`}
      <ZoneSensors zone={zone} />
    </span>
  );
}

/** What the street's light and motion sensors say. */
function ZoneSensors({ zone }: { zone: string }): ReactNode {
  const { texts } = useWording();
  const [assets, facts] = [useCity((city) => city.assets), useCity((city) => city.facts)];
  const own = [...assets.values()].filter((asset) => asset.zone === zone);
  const light = own.map(({ id }) => facts.get(id)?.get('illuminance')).find((fact) => fact !== undefined);
  const motion = own.flatMap(({ id }) => facts.get(id)?.get('motion') ?? []);
  const moving = motion.filter(({ value, state }) => value === true && state === 'known').length;
  return (
    <>
      {light && (
        <>
          {' '}
          · <FactValue fact={light} />
        </>
      )}
      {motion.length > 0 && ` · ${texts.names['motion']} ${moving}/${motion.length}`}
    </>
  );
}
