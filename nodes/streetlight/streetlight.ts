// The node `streetlight`: asks for a level on lamps, or only for a bound that others must keep.
import { effectSchema } from '../../engine/model/claim.ts';
import { actuatorConfigSchema, startActuator } from '../lib/actuator.ts';
import type { NodeApi } from '../lib/red.ts';
import { registerNode } from '../lib/register.ts';
import { encodeLevel } from './encode.ts';

/** The fields of the node's form. */
export const configSchema = actuatorConfigSchema.extend({ effect: effectSchema.default('set') });

/** Called by Node-RED when it loads the node. */
export default (RED: NodeApi): void =>
  registerNode(RED, {
    type: 'streetlight',
    config: configSchema,
    start: (context) => startActuator(context, { point: 'level', effect: context.config.effect, encode: encodeLevel }),
  });
