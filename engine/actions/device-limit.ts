// At most so many commands in hand per device, so that a slow device starves nobody else.
import { NotNow } from './command-queue.ts';

/** What may be in hand at a time. */
export interface DeviceLimits {
  /** Commands under way to one device. */
  inFlight: number;
  /** Commands of one device that may wait for a place while they occupy the worker. */
  waiting: number;
}

/** How long those wait outside that find no place to wait, in milliseconds. */
const COME_BACK_MS = 100;

interface Device {
  inFlight: number;
  waiting: (() => void)[];
}

/** A small semaphore per device; devices without commands take no memory. */
export class DeviceLimit {
  readonly #limits: DeviceLimits;
  readonly #devices = new Map<string, Device>();

  constructor(limits: DeviceLimits) {
    this.#limits = limits;
  }

  /** Does `work` when the device has a place. Rejects with `NotNow` when too many wait already. */
  async run<T>(device: string, work: () => Promise<T>): Promise<T> {
    await this.#enter(device);
    try {
      return await work();
    } finally {
      this.#leave(device);
    }
  }

  #enter(name: string): Promise<void> {
    const device = this.#devices.get(name) ?? { inFlight: 0, waiting: [] };
    this.#devices.set(name, device);
    if (device.inFlight < this.#limits.inFlight) {
      device.inFlight += 1;
      return Promise.resolve();
    }
    if (device.waiting.length >= this.#limits.waiting)
      return Promise.reject(new NotNow(`${name} has enough commands in hand`, COME_BACK_MS));
    return new Promise((resolve) => device.waiting.push(resolve));
  }

  #leave(name: string): void {
    const device = this.#devices.get(name);
    if (!device) return;
    const next = device.waiting.shift();
    // A place passes straight on to the one that waits, so that nobody overtakes it.
    if (next) return next();
    device.inFlight -= 1;
    if (device.inFlight === 0) this.#devices.delete(name);
  }
}
