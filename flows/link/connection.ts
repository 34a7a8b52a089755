// One WebSocket to the core that comes back by itself, with growing pauses; a silent peer is noticed and left.
import { WebSocket, type RawData } from 'ws';

import type { Clock } from '../../engine/model/clock.ts';
import { backoffMs } from './backoff.ts';

/** How often we ask whether the core is still there; without an answer by the next time it is not. */
const PING_MS = 10_000;
/** How long the core may take to accept the connection. */
const HANDSHAKE_MS = 5_000;
/** How long a polite goodbye may take. */
const CLOSE_MS = 1_000;
/** The core's catalogue of a whole city is larger than any frame of ours. */
const LARGEST_ANSWER_BYTES = 64 * 1_048_576;

/** Where and as whom to connect, and whom to tell. */
export interface ConnectionOptions {
  /** `ws://` or `wss://`, path included. */
  url: string;
  token: string;
  clock: Clock;
  /** 0 (included) to 1 (excluded); default Math.random. */
  random?: () => number;
  onOpen: () => void;
  /** Called once after each `onOpen`, and never without one. */
  onClose: () => void;
  onText: (text: string) => void;
  /** Told once per outage, and when the reason changes. */
  onTrouble: (reason: string) => void;
}

/** A connection that is kept up from `start` to `stop`. */
export class Connection {
  readonly #options: ConnectionOptions;
  #socket: WebSocket | undefined;
  #isWanted = false;
  #attempt = 0;
  #trouble = '';
  #cancel: (() => void) | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Begins connecting. Safe to call twice. */
  start(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#connect();
  }

  /** Says goodbye and waits until it is said, at most a second. Safe to call twice. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    this.#cancel?.();
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const isClosed = new Promise((resolve) => socket.once('close', resolve));
    socket.close(1000);
    const cancel = this.#options.clock.after(CLOSE_MS, () => socket.terminate());
    await isClosed;
    cancel();
  }

  /** Sends a frame if the connection is open; otherwise it is dropped, and the caller sends it again after `onOpen`. */
  send(text: string): void {
    if (this.isOpen) this.#socket?.send(text);
  }

  #connect(): void {
    const { url, token, onText } = this.#options;
    const socket = new WebSocket(url, {
      headers: { Authorization: `Bearer ${token}` },
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: LARGEST_ANSWER_BYTES,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    let hasOpened = false;
    socket.on('open', () => {
      hasOpened = true;
      this.#watchOver(socket);
      this.#options.onOpen();
    });
    socket.on('message', (data, isBinary) => {
      // Only a core that speaks to us ends the outage: one that accepts and hangs up is not up.
      this.#attempt = 0;
      this.#trouble = '';
      if (!isBinary) onText(asText(data));
    });
    socket.on('error', (error) => this.#report(error.message || String(error)));
    socket.on('close', (code, reason) => {
      if (hasOpened) {
        this.#report(`the core closed the link (${code}${reason.length > 0 ? ` ${reason.toString()}` : ''})`);
        this.#options.onClose();
      }
      this.#comeBack();
    });
  }

  #comeBack(): void {
    this.#cancel?.();
    if (!this.#isWanted) return;
    const { clock, random = Math.random } = this.#options;
    this.#cancel = clock.after(backoffMs(this.#attempt++, random()), () => this.#connect());
  }

  /** A peer that vanished without a word (power, network) would otherwise stay "open" for minutes. */
  #watchOver(socket: WebSocket): void {
    let isAnswered = true;
    socket.on('pong', () => {
      isAnswered = true;
    });
    const ask = () => {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (!isAnswered) {
        socket.terminate();
        return;
      }
      isAnswered = false;
      socket.ping();
      this.#cancel = this.#options.clock.after(PING_MS, ask);
    };
    this.#cancel = this.#options.clock.after(PING_MS, ask);
  }

  #report(reason: string): void {
    if (!this.#isWanted || reason === this.#trouble) return;
    this.#trouble = reason;
    this.#options.onTrouble(reason);
  }
}

function asText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (Buffer.isBuffer(data) ? data : Buffer.from(data)).toString('utf8');
}
