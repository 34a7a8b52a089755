// What all sensor nodes do: decode, hand the readings to the link, and pass them on once they are durable.
import { z } from 'zod';

import { assetIdSchema } from '../../engine/model/names.ts';
import type { FlowReading } from '../../engine/model/link.ts';
import type { Problem } from '../../engine/model/result.ts';
import type { Decoded } from './reading.ts';
import type { Behaviour, NodeContext } from './register.ts';
import { firstLine } from './register.ts';
import type { Message, Outgoing } from './red.ts';
import { savedNodeSchema } from './saved-node.ts';
import { timeOfDay } from './status-line.ts';
import type { DecodeContext } from './telemetry.ts';

/** The form of a sensor node. */
export const sensorConfigSchema = savedNodeSchema().extend({
  /** The asset of messages that name none; empty: every message names its own. */
  asset: z.union([z.literal(''), assetIdSchema]).default(''),
});
export type SensorConfig = z.infer<typeof sensorConfigSchema>;

/** What leaves the second output, beside the original message: everything that was not taken, and why. */
export interface NotTaken {
  problems: Problem[];
  /** Readings that were understood, but that the core refused. */
  refused: { reading: FlowReading; problem: Problem }[];
}

/**
 * The behaviour of a sensor node. Output 1: the message with its readings as payload, once they are on disk.
 * Output 2: the message as it came, with `msg.error` of `NotTaken`. Messages do not wait for each other.
 */
export function startSensor(
  { config, link, clock, show, say }: NodeContext<SensorConfig>,
  decode: (payload: unknown, context: DecodeContext) => Decoded,
): Behaviour {
  const tally = { taken: 0, waiting: 0, isUp: true };
  const report = (problem?: Problem) => {
    if (problem) show({ fill: 'red', shape: 'dot', text: firstLine(problem.message) });
    else if (!tally.isUp)
      show({ fill: 'yellow', shape: 'ring', text: say('city:status.linkDown', { count: tally.waiting }) });
    else if (tally.taken > 0) {
      const text = say('city:status.readings', { count: tally.taken, time: timeOfDay(clock.now()) });
      show({ fill: 'green', shape: 'dot', text });
    } else show({ fill: 'grey', shape: 'ring', text: say('city:status.none') });
  };
  const stopListening = link.onUp((isUp) => {
    tally.isUp = isUp;
    report();
  });
  const input = async (message: Message, send: (out: Outgoing) => void): Promise<void> => {
    const topic = typeof message.topic === 'string' ? message.topic : '';
    const decoded = decode(message.payload, { topic, asset: config.asset || undefined });
    tally.waiting += decoded.readings.length;
    if (!tally.isUp) report();
    const { taken, refused } = await submitAll(link, decoded.readings);
    tally.waiting -= decoded.readings.length;
    tally.taken += taken.length;
    const notTaken: NotTaken = { problems: [...decoded.problems, ...refused.map(({ problem }) => problem)], refused };
    report(notTaken.problems[0]);
    send([
      taken.length > 0 ? { ...message, payload: taken } : null,
      notTaken.problems.length > 0 ? { ...message, error: notTaken } : null,
    ]);
  };
  return { input, close: stopListening };
}

/** Hands readings to the link and sorts them by what became of them. */
export async function submitAll(
  link: NodeContext<unknown>['link'],
  readings: FlowReading[],
): Promise<{ taken: FlowReading[]; refused: NotTaken['refused'] }> {
  if (readings.length === 0) return { taken: [], refused: [] };
  const outcome = await link.submit(readings);
  const reasons = new Map(outcome.refused.map(({ index, problem }) => [index, problem]));
  const refused = readings.flatMap((reading, index) => {
    const problem = reasons.get(index);
    return problem ? [{ reading, problem }] : [];
  });
  return { taken: readings.filter((_, index) => !reasons.has(index)), refused };
}
