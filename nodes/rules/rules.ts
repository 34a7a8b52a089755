// The node `rules`: feeds readings that a flow made itself, and sends on the decisions that they caused.
import type { z } from 'zod';

import type { Decision } from '../../engine/model/decision.ts';
import type { NodeApi } from '../lib/red.ts';
import { firstLine, registerNode, type Behaviour, type NodeContext } from '../lib/register.ts';
import { submitAll, type NotTaken } from '../lib/sensor.ts';
import { savedNodeSchema } from '../lib/saved-node.ts';
import { timeOfDay } from '../lib/status-line.ts';
import { decodeReadings } from './decode.ts';
import { FedReadings } from './fed-readings.ts';

/** The fields of the node's form. */
export const configSchema = savedNodeSchema();

/** Called by Node-RED when it loads the node. */
export default (RED: NodeApi): void => registerNode(RED, { type: 'rules', config: configSchema, start: startRules });

/** Output 1: one message per decision. Output 2: what was not taken, as with a sensor node. */
function startRules({ node, link, clock, show, say }: NodeContext<z.infer<typeof configSchema>>): Behaviour {
  const fed = new FedReadings();
  let taken = 0;
  const stopListening = link.onDecision((decision) => {
    const causes = fed.causesOf(decision);
    if (causes.length === 0) return;
    show({ fill: 'blue', shape: 'dot', text: firstLine(decisionText(decision, say)) });
    node.send([{ topic: decision.rule, payload: decision, readings: causes }, null]);
  });
  return {
    async input(message, send) {
      const decoded = decodeReadings(message.payload, clock.now());
      // Before the core has them: a decision may come before the answer does.
      for (const { id } of decoded.readings) fed.add(id);
      const outcome = await submitAll(link, decoded.readings);
      for (const { reading } of outcome.refused) fed.remove(reading.id);
      taken += outcome.taken.length;
      const problems = [...decoded.problems, ...outcome.refused.map(({ problem }) => problem)];
      const first = problems[0];
      if (first) show({ fill: 'red', shape: 'dot', text: firstLine(first.message) });
      else
        show({
          fill: 'green',
          shape: 'dot',
          text: say('city:status.readings', { count: taken, time: timeOfDay(clock.now()) }),
        });
      const error: NotTaken = { problems, refused: outcome.refused };
      if (problems.length > 0) send([null, { ...message, error }]);
    },
    close: stopListening,
  };
}

const decisionText = (decision: Decision, say: NodeContext<unknown>['say']): string =>
  say(`city:status.${decision.kind}`, { title: decision.title, time: timeOfDay(decision.at) });
