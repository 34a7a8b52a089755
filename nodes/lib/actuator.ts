// What all actuator nodes do: turn a message into claims on points, tell how the commands fare, release at the end.
import { z } from 'zod';

import { SLOTS, type Effect } from '../../engine/model/claim.ts';
import type { Clock } from '../../engine/model/clock.ts';
import type { CommandState } from '../../engine/model/command.ts';
import { parseDuration } from '../../engine/model/duration.ts';
import type { PointRequest } from '../../engine/model/input.ts';
import { assetIdSchema, pointKey, splitPointKey } from '../../engine/model/names.ts';
import type { Problem, Result } from '../../engine/model/result.ts';
import { InputError } from './input-error.ts';
import type { Value } from '../../engine/model/value.ts';
import type { CommandEvent } from './port.ts';
import type { Behaviour, NodeContext } from './register.ts';
import { firstLine } from './register.ts';
import type { Status } from './red.ts';
import { savedNodeSchema } from './saved-node.ts';
import { timeOfDay } from './status-line.ts';
import type { Wish } from './wish.ts';

/** The longest lease that the core grants, in milliseconds: a day. */
const LONGEST_LEASE_MS = 86_400_000;

/** How long a node that stops waits for the core to take its releases; if it is down, the leases end by themselves. */
const RELEASE_MS = 2_000;

const leaseSchema = z.string().refine((text) => {
  const parsed = parseDuration(text);
  return parsed.ok && parsed.value >= 1_000 && parsed.value <= LONGEST_LEASE_MS;
}, 'allowed is a duration such as "10 min", from 1 s to 1 day');

/** The form of an actuator node. */
export const actuatorConfigSchema = savedNodeSchema().extend({
  assets: z.array(assetIdSchema).min(1, 'at least one asset is needed').max(200),
  /** How long a claim holds unless a new message renews it; default 10 min, at most a day. */
  lease: leaseSchema.default('10 min'),
  /** Why, for those who look at the point; empty: the node's name. */
  reason: z.string().max(300).default(''),
});
export type ActuatorConfig = z.infer<typeof actuatorConfigSchema>;

/** What distinguishes one actuator node from another. */
export interface ActuatorKind {
  /** The point of every asset that the form names. */
  point: string;
  effect: Effect;
  encode: (payload: unknown) => Result<Wish>;
}

/** What leaves the output: one step of a command that came of this node's claim. */
export interface CommandStepMessage {
  commandId: string;
  asset: string;
  point: string;
  value?: CommandEvent['value'];
  state: CommandState;
  /** ISO 8601. */
  at: string;
  detail?: string | undefined;
}

/**
 * The behaviour of an actuator node. A message becomes one claim per asset in the flows' slot; the output tells every
 * step that the core reports of the commands that follow. The status is what was reported last, never a hope.
 */
export function startActuator(context: NodeContext<ActuatorConfig>, kind: ActuatorKind): Behaviour {
  const { node, config, link, clock, show, say } = context;
  const points = new Set(config.assets.map((asset) => pointKey(asset, kind.point)));
  /** Points on which a claim of this node may stand, and until when it would by itself. */
  const held = new Map<string, number>();
  let lastReported: Value | undefined;
  const stopListening = link.onCommand((event) => {
    if (event.key !== node.id || !points.has(event.point)) return;
    lastReported = event.value;
    show(statusOf(event, say));
    node.send({ topic: event.point, payload: stepOf(event) });
  });
  const ask = async (requests: readonly PointRequest[]): Promise<Problem[]> => {
    const answers = await Promise.all(requests.map((request) => link.request(request)));
    return answers.flatMap((answer) => (answer.ok ? [] : answer.problems));
  };
  const release = (point: string): PointRequest => ({ do: 'release', point, key: node.id, reason: reasonOf(context) });
  const claim = (point: string, wish: Exclude<Wish, { release: true }>): PointRequest => ({
    do: 'claim',
    point,
    effect: kind.effect,
    ...wish,
    slot: SLOTS.flow,
    leaseSeconds: leaseMs(config) / 1_000,
    key: node.id,
    reason: reasonOf(context),
  });
  return {
    async input(message) {
      const wish = kind.encode(message.payload);
      if (!wish.ok) throw new InputError(wish.problems);
      const wanted = wish.value;
      // A renewal leads to no new command, so what was reported of this value still says it best.
      if ('release' in wanted || wanted.value !== lastReported)
        show({ fill: 'grey', shape: 'ring', text: say('city:status.asking', { time: timeOfDay(clock.now()) }) });
      for (const point of points)
        if ('release' in wanted) held.delete(point);
        else held.set(point, clock.now() + leaseMs(config));
      const problems = await ask(
        [...points].map((point) => ('release' in wanted ? release(point) : claim(point, wanted))),
      );
      if (problems.length > 0) throw new InputError(problems);
    },
    async close() {
      stopListening();
      const standing = [...held].filter(([, until]) => until > clock.now());
      await atMost(clock, RELEASE_MS, ask(standing.map(([point]) => release(point))));
    },
  };
}

/** Waits for `work`, but no longer than `limitMs`. */
function atMost(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(limitMs, resolve);
    void work.finally(() => {
      cancel();
      resolve();
    });
  });
}

const leaseMs = (config: ActuatorConfig): number => {
  const lease = parseDuration(config.lease);
  return lease.ok ? lease.value : 0;
};

const reasonOf = ({ node, config, say }: NodeContext<ActuatorConfig>): string =>
  config.reason || say('city:reason', { name: config.name || node.id });

const stepOf = ({ commandId, point, state, at, value, detail }: CommandEvent): CommandStepMessage => ({
  commandId,
  ...splitPointKey(point),
  ...(value === undefined ? {} : { value }),
  state,
  at: new Date(at).toISOString(),
  ...(detail === undefined ? {} : { detail }),
});

/** How the dot shows where a command stands: green is proven, yellow is on its way, red is wrong, grey is over. */
const DOTS: Readonly<Record<CommandState, Pick<Status, 'fill' | 'shape'>>> = {
  queued: { fill: 'yellow', shape: 'ring' },
  sent: { fill: 'yellow', shape: 'ring' },
  accepted: { fill: 'yellow', shape: 'dot' },
  verified: { fill: 'green', shape: 'dot' },
  refused: { fill: 'red', shape: 'dot' },
  superseded: { fill: 'grey', shape: 'ring' },
  expired: { fill: 'red', shape: 'ring' },
  unverified: { fill: 'red', shape: 'dot' },
  failed: { fill: 'red', shape: 'dot' },
};

/** `J4 timePlan 3 · verified 14:02:11` */
function statusOf(event: CommandEvent, say: NodeContext<unknown>['say']): Status {
  const { asset, point } = splitPointKey(event.point);
  const text = say('city:status.command', {
    asset: asset.split(':').at(-1) ?? asset,
    point,
    value: event.value === undefined ? '–' : String(event.value),
    state: say(`city:states.${event.state}`),
    time: timeOfDay(event.at),
  });
  return { ...DOTS[event.state], text: firstLine(text) };
}
