// The node `schedule`: sends one message for each event of the department's schedules that its form lets through.
import { z } from 'zod';

import { documentIdSchema, nameSchema } from '../../engine/model/names.ts';
import type { ScheduleRun } from '../../engine/model/schedule-run.ts';
import type { NodeApi } from '../lib/red.ts';
import { firstLine, registerNode, type Behaviour, type NodeContext } from '../lib/register.ts';
import { savedNodeSchema } from '../lib/saved-node.ts';
import { timeOfDay } from '../lib/status-line.ts';

/** The fields of the node's form; an empty one lets everything through. */
export const configSchema = savedNodeSchema().extend({
  schedule: z.union([z.literal(''), documentIdSchema]).default(''),
  event: z.union([z.literal(''), nameSchema]).default(''),
});
type RunFilter = z.infer<typeof configSchema>;

/** Called by Node-RED when it loads the node. */
export default (RED: NodeApi): void =>
  registerNode(RED, { type: 'schedule', config: configSchema, start: startSchedule });

/** Does the form let this event through? */
export const passes = ({ schedule, event }: RunFilter, run: Pick<ScheduleRun, 'schedule' | 'name'>): boolean =>
  (schedule === '' || schedule === run.schedule) && (event === '' || event === run.name);

function startSchedule({ node, config, link, show, say }: NodeContext<RunFilter>): Behaviour {
  show({ fill: 'grey', shape: 'ring', text: say('status.none') });
  const stopListening = link.onRun((run) => {
    if (!passes(config, run)) return;
    const text = say(run.late ? 'status.late' : 'status.due', { title: run.title, time: timeOfDay(run.due) });
    show({ fill: run.late ? 'yellow' : 'green', shape: 'dot', text: firstLine(text) });
    node.send({ topic: run.name, payload: run });
  });
  return { close: stopListening };
}
