// The node `decision`: sends one message for each decision of the department's rules that its form lets through.
import { z } from 'zod';

import type { Decision } from '../../engine/model/decision.ts';
import { assetIdSchema, documentIdSchema } from '../../engine/model/names.ts';
import type { NodeApi } from '../lib/red.ts';
import { firstLine, registerNode, type Behaviour, type NodeContext } from '../lib/register.ts';
import { savedNodeSchema } from '../lib/saved-node.ts';
import { timeOfDay } from '../lib/status-line.ts';

/** The fields of the node's form; an empty one lets everything through. */
export const configSchema = savedNodeSchema().extend({
  rule: z.union([z.literal(''), documentIdSchema]).default(''),
  asset: z.union([z.literal(''), assetIdSchema]).default(''),
  kind: z.enum(['both', 'started', 'ended']).default('both'),
});
type DecisionFilter = z.infer<typeof configSchema>;

/** Called by Node-RED when it loads the node. */
export default (RED: NodeApi): void =>
  registerNode(RED, { type: 'decision', config: configSchema, start: startDecision });

/** Does the form let this decision through? An asset counts as the rule's own or as the related one. */
export const passes = ({ rule, asset, kind }: DecisionFilter, decision: Decision): boolean =>
  (rule === '' || rule === decision.rule) &&
  (asset === '' || asset === decision.asset || asset === decision.related) &&
  (kind === 'both' || kind === decision.kind);

function startDecision({ node, config, link, show, say }: NodeContext<DecisionFilter>): Behaviour {
  show({ fill: 'grey', shape: 'ring', text: say('status.none') });
  const stopListening = link.onDecision((decision) => {
    if (!passes(config, decision)) return;
    const text = say(`city:status.${decision.kind}`, { title: decision.title, time: timeOfDay(decision.at) });
    show({ fill: decision.kind === 'started' ? 'green' : 'grey', shape: 'dot', text: firstLine(text) });
    node.send({ topic: decision.rule, payload: decision });
  });
  return { close: stopListening };
}
