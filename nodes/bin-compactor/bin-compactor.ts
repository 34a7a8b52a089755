// The node `bin-compactor`: asks compactors for a cycle.
import { actuatorConfigSchema, startActuator } from '../lib/actuator.ts';
import type { NodeApi } from '../lib/red.ts';
import { registerNode } from '../lib/register.ts';
import { encodeCompaction } from './encode.ts';

/** The fields of the node's form. */
export const configSchema = actuatorConfigSchema;

/** Called by Node-RED when it loads the node. */
export default (RED: NodeApi): void =>
  registerNode(RED, {
    type: 'bin-compactor',
    config: configSchema,
    start: (context) => startActuator(context, { point: 'compaction', effect: 'set', encode: encodeCompaction }),
  });
