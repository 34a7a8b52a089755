// The node `signal-controller`: asks for a time plan on signal controllers.
import { actuatorConfigSchema, startActuator } from '../lib/actuator.ts';
import type { NodeApi } from '../lib/red.ts';
import { registerNode } from '../lib/register.ts';
import { encodeTimePlan } from './encode.ts';

/** The fields of the node's form. */
export const configSchema = actuatorConfigSchema;

/** Called by Node-RED when it loads the node. */
export default (RED: NodeApi): void =>
  registerNode(RED, {
    type: 'signal-controller',
    config: configSchema,
    start: (context) => startActuator(context, { point: 'timePlan', effect: 'set', encode: encodeTimePlan }),
  });
