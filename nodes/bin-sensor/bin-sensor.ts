// The node `bin-sensor`: takes readings of waste containers into Signalbox.
import type { NodeApi } from '../lib/red.ts';
import { registerNode } from '../lib/register.ts';
import { sensorConfigSchema, startSensor } from '../lib/sensor.ts';
import { decodeBin } from './decode.ts';

/** The fields of the node's form. */
export const configSchema = sensorConfigSchema;

/** Called by Node-RED when it loads the node. */
export default (RED: NodeApi): void =>
  registerNode(RED, {
    type: 'bin-sensor',
    config: configSchema,
    start: (context) => startSensor(context, decodeBin),
  });
