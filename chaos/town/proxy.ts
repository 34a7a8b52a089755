// A TCP line of our own between two programs, which can be cut so that what was said arrives and the answer does not.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

import { pauseMs } from './until.ts';

interface Pair {
  near: Socket;
  far: Socket;
}

/** Listens on a port of its own and passes everything on to another one on this machine. */
export class Proxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #isDeaf = false;

  /** @param target the port of the real server */
  constructor(target: number) {
    this.#server = createServer((near) => this.#join(near, target));
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** Where it listens; 0 while it does not. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  /** For `ms` milliseconds requests are delivered and replies are lost; then every connection breaks. */
  async loseReplies(ms: number): Promise<void> {
    this.#isDeaf = true;
    await pauseMs(ms);
    for (const pair of this.#pairs) part(pair);
    this.#isDeaf = false;
  }

  /** Breaks everything and listens no more. Safe to call twice. */
  async stop(): Promise<void> {
    for (const pair of this.#pairs) part(pair);
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket, target: number): void {
    const far = connect(target, '127.0.0.1');
    const pair = { near, far };
    this.#pairs.add(pair);
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        this.#pairs.delete(pair);
        part(pair);
      });
    }
    near.pipe(far, { end: true });
    far.on('data', (reply: Buffer) => {
      if (this.#isDeaf || near.write(reply)) return;
      far.pause();
      near.once('drain', () => far.resume());
    });
    far.once('end', () => near.end());
  }
}

function part({ near, far }: Pair): void {
  near.destroy();
  far.destroy();
}
