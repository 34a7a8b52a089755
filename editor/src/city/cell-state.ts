// What a small cell shows of one asset: its value, who holds it, and whether something is wrong. Pure.
import { isTrouble } from './attention.ts';
import { stateOf, type CityState } from './city-state.ts';
import { holderOf } from './words.ts';

/** One asset's cell. */
export interface CellState {
  /** What the device reports, or the reading that stands for it; undefined when unknown. */
  value: number | undefined;
  /** Somebody claims the point. */
  isHeld: boolean;
  /** Wrong before everything else; `moving` is a command under way. */
  mark: 'trouble' | 'offline' | 'unknown' | 'moving' | undefined;
}

/**
 * The cell of an asset.
 *
 * @param point the name of the point or property that the cell's level shows
 */
export function cellOf(
  city: Pick<CityState, 'assets' | 'facts' | 'points' | 'commands'>,
  asset: string,
  point: string,
): CellState {
  const view = city.points.get(`${asset}#${point}`);
  const fact = city.facts.get(asset)?.get(point);
  const record = city.commands.get(view?.commandId ?? '');
  const reported = view?.reported?.value ?? (fact?.state === 'known' ? fact.value : undefined);
  const value = typeof reported === 'number' ? reported : undefined;
  const silent = [...(city.facts.get(asset)?.values() ?? [])].some(({ state }) => state !== 'known');
  return { value, isHeld: view !== undefined && holderOf(view) !== undefined, mark: markOf() };

  function markOf(): CellState['mark'] {
    if (view && record && isTrouble(city, view, record)) return 'trouble';
    if (city.assets.get(asset)?.online === false) return 'offline';
    if (value === undefined || silent) return 'unknown';
    const state = record && stateOf(record);
    return state === 'queued' || state === 'sent' || state === 'accepted' ? 'moving' : undefined;
  }
}
