// What pages see, as Redis keeps it: one hash per kind, and how each event changes them.
import type { FactView, LiveEvent } from '../model/live.ts';
import { pointKey } from '../model/names.ts';
import type { RedisKeys } from '../model/redis-keys.ts';

/** One command to Redis with its arguments. */
export type RedisWrite = (string | number)[];

/** How many decisions and commands pages get at once. */
const MOST_RECENT = { decision: 200, command: 500 } as const;

/** A fact's key in its mirror: `<asset id>#<property>`. */
export const factKey = (fact: Pick<FactView, 'asset' | 'property'>): string => pointKey(fact.asset, fact.property);

/** The order in which recent ones are forgotten again. */
const orderOf = (kind: keyof typeof MOST_RECENT, keys: RedisKeys): string => keys.mirror(`${kind}-order`);

/** What an event changes in the mirrors. `KEEP-RECENT` and `DROP-PREFIX` are the sink's own script's words. */
export function mirrorWrites({ event, data }: LiveEvent, keys: RedisKeys): RedisWrite[] {
  const keep = (kind: string, key: string): RedisWrite => ['HSET', keys.mirror(kind), key, JSON.stringify(data)];
  const recent = (kind: keyof typeof MOST_RECENT, id: string, at: number): RedisWrite => [
    'KEEP-RECENT',
    keys.mirror(kind),
    orderOf(kind, keys),
    at,
    id,
    JSON.stringify(data),
    MOST_RECENT[kind],
  ];
  switch (event) {
    case 'asset':
      return [keep('asset', data.id)];
    case 'fact':
      return [keep('fact', factKey(data))];
    case 'point':
      return [keep('point', data.point)];
    case 'activation':
      return [keep('activation', data.key)];
    case 'decision':
      return [recent('decision', data.decisionId, data.at)];
    case 'command':
      return [recent('command', data.command.commandId, data.command.issuedAt)];
    case 'order':
      // Only what is still to be done; the rest is in the record.
      return data.state === 'open' ? [keep('order', data.orderId)] : [['HDEL', keys.mirror('order'), data.orderId]];
    case 'alarm':
      return data.closedAt === undefined
        ? [keep('alarm', data.alarmId)]
        : [['HDEL', keys.mirror('alarm'), data.alarmId]];
    case 'halt':
      return data.parked || data.paused ? [keep('halt', data.rule)] : [['HDEL', keys.mirror('halt'), data.rule]];
    case 'confirmation':
      return [keep('confirmation', data.id)];
    case 'schedule':
      return [keep('schedule', data.schedule)];
    case 'restraint':
      // Not only for pages: workers ask it right before the wire.
      return [['HSET', keys.restraints, data.id, JSON.stringify(data)]];
    case 'gone':
      if (data.kind === 'restraint') return [['HDEL', keys.restraints, data.key]];
      return data.kind !== 'asset'
        ? [['HDEL', keys.mirror(data.kind), data.key]]
        : [
            ['HDEL', keys.mirror('asset'), data.key],
            ['DROP-PREFIX', keys.mirror('fact'), `${data.key}#`],
            ['DROP-PREFIX', keys.mirror('point'), `${data.key}#`],
            ['UNLINK', keys.interlockFacts(data.key)],
          ];
  }
}
