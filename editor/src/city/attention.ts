// What an operator with ten seconds must see: commands that were not proven, silence, hands at cabinets. Pure.
import type { CommandRecord } from '../../../engine/model/command.ts';
import type { CommandState } from '../../../engine/model/command.ts';
import type { PointView } from '../../../engine/model/live.ts';
import { stateOf, type CityState } from './city-state.ts';
import { isAsWanted } from './point-state.ts';
import { isHeldLocally } from './words.ts';

/** Ends after which a point is not as it should be. A superseded command was replaced by another. */
const TROUBLE: ReadonlySet<CommandState> = new Set(['refused', 'expired', 'unverified', 'failed']);

/** What needs a look. Lists are in the order in which they should be looked at. */
export interface Attention {
  /** The newest commands that ended badly, of points that are still not as they are wanted; newest first. */
  commands: readonly CommandRecord[];
  /** Asset ids. */
  offline: readonly string[];
  /** Assets with at least one fact that is not known any more; those offline are left out. */
  silent: readonly string[];
  /** Assets with a point in somebody's hand. */
  local: readonly string[];
}

/** Did the point's newest command end badly, and does nothing newer show the point as it is wanted? */
export const isTrouble = (
  city: Pick<CityState, 'assets' | 'facts'>,
  point: PointView,
  record: CommandRecord,
): boolean => TROUBLE.has(stateOf(record)) && !isAsWanted(city, point, record);

/** Finds what needs a look. */
export function attentionOf({
  assets,
  facts,
  points,
  commands,
}: Pick<CityState, 'assets' | 'facts' | 'points' | 'commands'>): Attention {
  const trouble = [...points.values()].flatMap((point) => {
    const newest = commands.get(point.commandId ?? '');
    return newest && isTrouble({ assets, facts }, point, newest) ? [newest] : [];
  });
  const offline = [...assets.values()].filter((asset) => asset.online === false).map(({ id }) => id);
  const isOffline = new Set(offline);
  const silent = [...facts]
    .filter(([asset, own]) => !isOffline.has(asset) && [...own.values()].some((fact) => fact.state !== 'known'))
    .map(([asset]) => asset);
  return {
    commands: trouble.toSorted((left, right) => right.command.issuedAt - left.command.issuedAt),
    offline,
    silent,
    local: [...points.values()].filter(isHeldLocally).map(({ point }) => point.slice(0, point.lastIndexOf('#'))),
  };
}
