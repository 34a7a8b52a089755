// Node-RED as the host embeds it. Its published types describe version 1.3, so this says what version 5 takes.
import type { RequestListener, Server } from 'node:http';
import RED from 'node-red';

/** The part of Node-RED that the host uses. One per process. */
interface NodeRed {
  /** `settings` may carry keys of our own; nodes find them in `RED.settings`. */
  init(server: Server, settings: object): void;
  /** Resolves when the editor is ready; the flows start afterwards. */
  start(): Promise<unknown>;
  stop(): Promise<unknown>;
  readonly httpAdmin: RequestListener;
  readonly httpNode: RequestListener;
  readonly nodes: object;
  readonly events: {
    on(event: 'flows:starting' | 'flows:started' | 'flows:stopped', listener: (event: object) => void): unknown;
  };
}

/** The one Node-RED of this process. */
export const nodeRed: NodeRed = RED;
