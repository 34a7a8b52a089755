// What a department's runtime may know of the city's events: decisions and commands about its own things.
import { requestKeyOf } from '../../engine/model/claim.ts';
import type { CommandRecord } from '../../engine/model/command.ts';
import type { LinkAnswer } from '../../engine/model/link.ts';
import type { LiveEvent } from '../../engine/model/live.ts';
import type { AssetDirectory } from '../asset-directory.ts';

/** What a runtime is told only if it watches. */
export type WatchedAnswer = Extract<LinkAnswer, { type: 'decision' | 'command' }>;

/** The frames that these events become for one department. */
export function linkEvents(
  events: readonly LiveEvent[],
  department: string,
  directory: AssetDirectory,
): WatchedAnswer[] {
  return events.flatMap((event): WatchedAnswer[] => {
    if (event.event === 'decision') {
      const { data: decision } = event;
      const isOwn = decision.department === department || directory.get(decision.asset)?.department === department;
      return isOwn ? [{ type: 'decision', decision }] : [];
    }
    if (event.event !== 'command' || event.data.command.department !== department) return [];
    return commandFrame(event.data);
  });
}

/** The newest step of a command, with whose wish it carries out. */
function commandFrame({ command, steps }: CommandRecord): WatchedAnswer[] {
  const step = steps.at(-1);
  if (!step) return [];
  const { winner, bounds } = command.cause.arbitration;
  const shaping = [...(winner ? [winner] : []), ...bounds];
  // A runtime asks first of all what became of its own wish, were it only a bound on somebody else's.
  const own = shaping.find(({ owner }) => owner === `flow ${command.department}`) ?? winner;
  const key = own && requestKeyOf(own.claimId, { kind: 'flow', id: command.department }, command.point);
  return [
    {
      type: 'command',
      commandId: command.commandId,
      point: command.point,
      state: step.state,
      at: step.at,
      ...('value' in command.want ? { value: command.want.value } : {}),
      ...(step.detail === undefined ? {} : { detail: step.detail }),
      ...(own ? { owner: own.owner } : {}),
      ...(key === undefined ? {} : { key }),
    },
  ];
}
