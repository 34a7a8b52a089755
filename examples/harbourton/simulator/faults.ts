// Misbehaviour on request: which device or asset disobeys in which way right now.
import { z } from 'zod';
import { assetIdSchema, nameSchema } from '../../../engine/model/names.ts';

/** Every way to disobey, and what it looks like from outside. */
export const FAULTS = {
  ackLate: 'answers a command 15 s after it obeyed',
  ackMissing: 'obeys and never answers',
  ackFalse: 'answers "accepted" and does nothing',
  stuckLamp: 'a lamp reports the level it was sent to and draws no power',
  silent: 'says nothing at all, but stays connected',
  frozen: 'repeats the readings it had when the fault began, with fresh times',
  duplicate: 'sends every message twice',
  outOfOrder: 'sends every second message before the first',
  doorOpen: 'a compactor’s door stands open',
  moved: 'a container is not where it was put',
  burning: 'a container’s content is on fire',
  policeKey: 'a police officer has turned the key in a signal controller',
  conflictingGreen: 'a signal controller shows conflicting signal groups green',
  failure: 'a signal controller is in failure mode',
  handAtCabinet: 'somebody works the point by hand at the cabinet',
} as const;

/** One of the ways. */
export type Fault = keyof typeof FAULTS;

/** Where the simulator listens for requests to misbehave and to stage scenes. */
export const CONTROL_TOPIC = 'signalbox-simulator/control';

const faultNames = z.enum(Object.keys(FAULTS));

/** What can be asked on the control topic: a fault of a device or of one asset, or a scene. */
export const controlSchema = z.union([
  z.strictObject({ device: nameSchema, fault: faultNames, on: z.boolean() }),
  z.strictObject({ asset: assetIdSchema, fault: faultNames, on: z.boolean() }),
  z.strictObject({ scene: z.literal('queue'), asset: assetIdSchema.describe('The approach on which a queue builds.') }),
  z.strictObject({
    scene: z.literal('walk'),
    asset: assetIdSchema.describe('The motion sensor that somebody passes.'),
  }),
  z.strictObject({ scene: z.literal('fill'), asset: assetIdSchema.describe('The container that fills up at once.') }),
]);
export type Control = z.infer<typeof controlSchema>;

/** The faults that are switched on. A device's fault holds for all its assets. */
export class FaultBoard {
  readonly #on = new Set<string>();

  /** Switches a fault of a device or an asset. Switching twice changes nothing. */
  set(target: string, fault: string, on: boolean): void {
    if (on) this.#on.add(`${target} ${fault}`);
    else this.#on.delete(`${target} ${fault}`);
  }

  /** Is the fault on for the device, or for the asset if one is named? */
  has(fault: Fault, device: string, asset?: string): boolean {
    return this.#on.has(`${device} ${fault}`) || (asset !== undefined && this.#on.has(`${asset} ${fault}`));
  }
}
