// The node `traffic-sensor`: takes readings of detectors, cameras and stations at the road into Signalbox.
import type { NodeApi } from '../lib/red.ts';
import { registerNode } from '../lib/register.ts';
import { sensorConfigSchema, startSensor } from '../lib/sensor.ts';
import { decodeTraffic } from './decode.ts';

/** The fields of the node's form. */
export const configSchema = sensorConfigSchema;

/** Called by Node-RED when it loads the node. */
export default (RED: NodeApi): void =>
  registerNode(RED, {
    type: 'traffic-sensor',
    config: configSchema,
    start: (context) => startSensor(context, decodeTraffic),
  });
