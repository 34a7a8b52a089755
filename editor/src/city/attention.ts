// What an operator with ten seconds must see: commands that were not proven, silence, hands at cabinets. Pure.
import type { CommandRecord } from '../../../engine/model/command.ts';
import type { CommandState } from '../../../engine/model/command.ts';
import { stateOf, type CityState } from './city-state.ts';
import { isHeldLocally } from './words.ts';

/** Ends after which a point is not as it should be. A superseded command was replaced by another. */
const TROUBLE: ReadonlySet<CommandState> = new Set(['refused', 'expired', 'unverified', 'failed']);

/** What needs a look. Lists are in the order in which they should be looked at. */
export interface Attention {
  /** The newest commands of points that ended badly, newest first. */
  commands: readonly CommandRecord[];
  /** Asset ids. */
  offline: readonly string[];
  /** Assets with at least one fact that is not known any more; those offline are left out. */
  silent: readonly string[];
  /** Assets with a point in somebody's hand. */
  local: readonly string[];
}

/** Did the command end badly? */
export const isTrouble = (record: CommandRecord): boolean => TROUBLE.has(stateOf(record));

/** Finds what needs a look. */
export function attentionOf({
  assets,
  facts,
  points,
  commands,
}: Pick<CityState, 'assets' | 'facts' | 'points' | 'commands'>): Attention {
  const newest = [...points.values()].flatMap((point) => commands.get(point.commandId ?? '') ?? []);
  const offline = [...assets.values()].filter((asset) => asset.online === false).map(({ id }) => id);
  const isOffline = new Set(offline);
  const silent = [...facts]
    .filter(([asset, own]) => !isOffline.has(asset) && [...own.values()].some((fact) => fact.state !== 'known'))
    .map(([asset]) => asset);
  return {
    commands: newest.filter(isTrouble).toSorted((left, right) => right.command.issuedAt - left.command.issuedAt),
    offline,
    silent,
    local: [...points.values()].filter(isHeldLocally).map(({ point }) => point.slice(0, point.lastIndexOf('#'))),
  };
}
