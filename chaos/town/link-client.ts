// The load's door into the box: the link of a department's flows, kept up, with an answer for every wish.
import { WebSocket } from 'ws';

import { SLOTS } from '../../engine/model/claim.ts';
import { splitPointKey } from '../../engine/model/names.ts';
import { LINK_PATH, type LinkAnswer } from '../../engine/model/link.ts';
import { pointOfDevice } from './assets.ts';

/** What became of a wish: the box has it on disk, or has said that it does not take it. */
export type Answer = 'accepted' | 'refused';

interface Asked {
  frame: string;
  answered: (answer: Answer) => void;
}

const RECONNECT_MS = 100;
/** A connection that says nothing for so long is given up, in milliseconds. */
const SILENCE_MS = 3_000;
const LEASE_SECONDS = 3_600;

/**
 * One link. What was asked and not answered when the connection broke is asked again on the next one, as flows do: whether
 * it had arrived cannot be known.
 */
export class LinkClient {
  readonly #url: string;
  readonly #token: string;
  readonly #open = new Map<string, Asked>();
  #socket: WebSocket | undefined;
  #heardAt = 0;
  #count = 0;
  #isStopped = false;
  /** How often a wish was sent again because its answer did not come. */
  repeats = 0;

  /** @param port the gateway's, or a proxy's before it */
  constructor(port: number, token: string) {
    this.#url = `ws://127.0.0.1:${port}${LINK_PATH}`;
    this.#token = token;
  }

  /** Connects and stays connected. */
  start(): void {
    const socket = new WebSocket(this.#url, { headers: { authorization: `Bearer ${this.#token}` } });
    socket.on('open', () => {
      this.#socket = socket;
      this.#heardAt = Date.now();
      this.repeats += this.#open.size;
      for (const { frame } of this.#open.values()) socket.send(frame);
    });
    socket.on('message', (data: Buffer) => this.#hear(JSON.parse(data.toString())));
    // 'close' follows; without a listener an error would end the process.
    socket.on('error', () => undefined);
    const watch = setInterval(() => {
      if (this.#open.size > 0 && Date.now() - this.#heardAt > SILENCE_MS) socket.terminate();
    }, RECONNECT_MS);
    socket.on('close', () => {
      clearInterval(watch);
      this.#socket = undefined;
      if (!this.#isStopped) setTimeout(() => this.start(), RECONNECT_MS);
    });
  }

  /** True while wishes can be sent. */
  get isUp(): boolean {
    return this.#socket !== undefined;
  }

  /** Wishes without an answer. */
  get waiting(): number {
    return this.#open.size;
  }

  /** Asks; resolves when the box has answered, however long that takes. */
  ask(point: string, value: number): Promise<Answer> {
    this.#count += 1;
    const id = String(this.#count);
    const request = {
      do: 'claim',
      point,
      effect: 'set',
      value,
      slot: SLOTS.flow,
      leaseSeconds: LEASE_SECONDS,
      reason: 'chaos',
    };
    return this.#send(id, { type: 'request', id, request });
  }

  /** Hands over one reading of a device's temperature; resolves when the box has answered. */
  sense(device: number): Promise<Answer> {
    this.#count += 1;
    const { asset } = splitPointKey(pointOfDevice(device));
    const reading = {
      id: `r${this.#count}`,
      asset,
      property: 'temperature',
      value: 20,
      observedAt: Date.now(),
      quality: 'good',
    };
    return this.#send(String(this.#count), { type: 'readings', seq: this.#count, readings: [reading] });
  }

  /** Ends the link. */
  stop(): void {
    this.#isStopped = true;
    this.#socket?.terminate();
  }

  #send(id: string, message: object): Promise<Answer> {
    const frame = JSON.stringify(message);
    const answer = new Promise<Answer>((resolve) => this.#open.set(id, { frame, answered: resolve }));
    if (this.#open.size === 1) this.#heardAt = Date.now();
    this.#socket?.send(frame);
    return answer;
  }

  #hear(answer: LinkAnswer): void {
    this.#heardAt = Date.now();
    if (answer.type === 'result') this.#settle(answer.id, answer.ok ? 'accepted' : 'refused');
    if (answer.type === 'ack') this.#settle(String(answer.seq), 'accepted');
    if (answer.type === 'busy') this.#settle(String(answer.seq), 'refused');
  }

  #settle(id: string, answer: Answer): void {
    this.#open.get(id)?.answered(answer);
    this.#open.delete(id);
  }
}
