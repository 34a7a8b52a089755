// The department's end of the link: readings and requests to the core, decisions and command steps back.
import { randomUUID } from 'node:crypto';

import { systemClock, type Clock } from '../../engine/model/clock.ts';
import type { Decision } from '../../engine/model/decision.ts';
import type { FlowsState, PointRequest } from '../../engine/model/input.ts';
import { LINK_PATH, type FlowReading, type LinkAnswer, type LinkRequest } from '../../engine/model/link.ts';
import { problem, type Problem, type Result } from '../../engine/model/result.ts';
import type { ScheduleRun } from '../../engine/model/schedule-run.ts';
import { readAnswer } from './answer.ts';
import { Connection } from './connection.ts';
import { Listeners } from './listeners.ts';
import { ReadingQueue, type QueueFigures, type SubmitOutcome } from './reading-queue.ts';
import { Requests } from './requests.ts';
import { Runs } from './runs.ts';

/** A step of a command, as the core tells it. */
export type CommandEvent = Extract<LinkAnswer, { type: 'command' }>;

/** The department and its assets, as the core told them last. */
export type Catalogue = Omit<Extract<LinkAnswer, { type: 'catalogue' }>, 'type'>;

/** Where the core is, and who we are. */
export interface LinkOptions {
  /** The core's address, `http://` or `https://`; the path of the link is added. */
  coreUrl: string;
  /** The department's token. Never logged. */
  token: string;
  /** Told about trouble and its end. */
  log?: { info(message: string): void; warn(message: string): void };
  clock?: Clock;
  /** How many readings may wait for the core; beyond it the oldest are given up. Default 50,000. */
  waitingLimit?: number;
  /** How long a request may take, in milliseconds; default 10,000. */
  requestMs?: number;
  /** 0 (included) to 1 (excluded), spreads reconnections; default Math.random. */
  random?: () => number;
}

/**
 * The link. Readings leave at once when nothing is under way, and gather into batches while an answer is awaited.
 * Unanswered batches are sent again after a reconnection with the same ids, so that the core takes each reading once.
 *
 * @example
 * const link = new LinkClient({ coreUrl: 'http://127.0.0.1:1880', token });
 * link.start();
 * const { accepted } = await link.submit([reading]);
 */
export class LinkClient {
  readonly #clock: Clock;
  readonly #log: NonNullable<LinkOptions['log']>;
  readonly #queue: ReadingQueue;
  readonly #requests: Requests;
  readonly #connection: Connection;
  readonly #decisions = new Listeners<Decision>();
  readonly #commands = new Listeners<CommandEvent>();
  readonly #runs: Runs;
  readonly #ups = new Listeners<boolean>();
  #catalogue: Catalogue | undefined;
  /** The frame that tells how the flows fare, once that is known. */
  #flows: string | undefined;
  #isStopped = false;
  #isFlushDue = false;
  /** Batches that the core was too busy for, waiting to be sent again; nothing new leaves before. */
  readonly #retries = new Set<() => void>();

  constructor(options: LinkOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? { info: () => undefined, warn: () => undefined };
    this.#queue = new ReadingQueue(options.waitingLimit);
    this.#runs = new Runs(this.#clock, (frame) => this.#connection.send(frame));
    this.#requests = new Requests(this.#clock, options.requestMs);
    this.#connection = new Connection({
      url: linkUrl(options.coreUrl),
      token: options.token,
      clock: this.#clock,
      ...(options.random ? { random: options.random } : {}),
      onOpen: () => this.#opened(),
      onClose: () => this.#ups.tell(false),
      onText: (text) => this.#receive(text),
      onTrouble: (reason) => this.#log.warn(`the link is down: ${reason}`),
    });
  }

  /** Begins connecting, and keeps the link up from now on. Safe to call twice. */
  start(): void {
    if (!this.#isStopped) this.#connection.start();
  }

  /** Gives up what is not answered yet and closes the link for good. Safe to call twice. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#forgetRetries();
    await this.#connection.stop();
    this.#queue.giveUp(STOPPED);
    this.#requests.giveUp(STOPPED);
  }

  /** Hands readings to the core. Resolves when each is durable there or refused; never rejects. */
  submit(readings: readonly FlowReading[]): Promise<SubmitOutcome> {
    if (this.#isStopped)
      return Promise.resolve({ accepted: 0, refused: readings.map((_, index) => ({ index, problem: STOPPED })) });
    const outcome = this.#queue.add(readings);
    this.#flushSoon();
    return outcome;
  }

  /** Asks for a point, or gives it back. Resolves with the core's answer, or with a problem after 10 s; never rejects. */
  request(request: PointRequest): Promise<Result<void>> {
    if (this.#isStopped) return Promise.resolve({ ok: false, problems: [STOPPED] });
    const answer = this.#requests.add(randomUUID(), request);
    this.#ask();
    return answer;
  }

  /** Listens to the department's decisions. Returns a function that ends it. */
  onDecision(listener: (decision: Decision) => void): () => void {
    return this.#decisions.add(listener);
  }

  /** Listens to the steps of the department's commands. Returns a function that ends it. */
  onCommand(listener: (event: CommandEvent) => void): () => void {
    return this.#commands.add(listener);
  }

  /** Listens to the events of the department's schedules: each once, by its id. Returns a function that ends it. */
  onRun(listener: (run: ScheduleRun) => void): () => void {
    return this.#runs.add(listener);
  }

  /** Tells whether the link is up: at once, and whenever that changes. Returns a function that ends it. */
  onUp(listener: (isUp: boolean) => void): () => void {
    listener(this.isUp);
    return this.#ups.add(listener);
  }

  get isUp(): boolean {
    return this.#connection.isOpen;
  }

  /** Undefined until the link has been up once. */
  catalogue(): Catalogue | undefined {
    return this.#catalogue;
  }

  /** Tells the core how the flows fare: now, and after each reconnection. */
  tellFlows(state: Exclude<FlowsState, 'lost'>): void {
    this.#flows = JSON.stringify({ type: 'flows', state } satisfies LinkRequest);
    if (this.#connection.isOpen) this.#connection.send(this.#flows);
  }

  /** How many readings are where. */
  figures(): QueueFigures {
    return this.#queue.figures();
  }

  #opened(): void {
    this.#log.info('the link is up');
    this.#forgetRetries();
    this.#connection.send(WATCH);
    if (this.#flows !== undefined) this.#connection.send(this.#flows);
    this.#requests.resend();
    this.#ask();
    for (const { frame } of this.#queue.unanswered()) this.#connection.send(frame);
    this.#flush();
    this.#ups.tell(true);
  }

  /** All readings of this turn of the event loop leave together; none waits for a timer. */
  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(() => {
      this.#isFlushDue = false;
      this.#flush();
    });
  }

  #ask(): void {
    if (!this.#connection.isOpen) return;
    for (const frame of this.#requests.next()) this.#connection.send(frame);
  }

  #flush(): void {
    if (!this.#connection.isOpen || this.#retries.size > 0) return;
    for (let batch = this.#queue.next(); batch; batch = this.#queue.next()) this.#connection.send(batch.frame);
  }

  #receive(text: string): void {
    const answer = readAnswer(text);
    switch (answer?.type) {
      case 'ack':
        this.#queue.answer(answer.seq, answer.refused);
        this.#flush();
        break;
      case 'busy':
        this.#retry(answer.seq, answer.retryMs);
        break;
      case 'result':
        this.#requests.answer(answer.id, answer.ok ? undefined : answer.problems);
        this.#ask();
        break;
      case 'decision':
        this.#decisions.tell(answer.decision);
        break;
      case 'command':
        this.#commands.tell(answer);
        break;
      case 'run':
        this.#runs.take(answer.run);
        break;
      case 'catalogue':
        this.#catalogue = { department: answer.department, assets: answer.assets };
        break;
      case undefined:
        this.#log.warn(`the core sent a frame that this program does not know: ${text.slice(0, 80)}`);
    }
  }

  #retry(seq: number, retryMs: number): void {
    const cancel = this.#clock.after(retryMs, () => {
      this.#retries.delete(cancel);
      const batch = this.#queue.batch(seq);
      if (batch) this.#connection.send(batch.frame);
      this.#flush();
    });
    this.#retries.add(cancel);
  }

  #forgetRetries(): void {
    for (const cancel of this.#retries) cancel();
    this.#retries.clear();
  }
}

const WATCH = JSON.stringify({ type: 'watch', decisions: true, commands: true, runs: true } satisfies LinkRequest);

const STOPPED: Problem = problem('link-stopped', '', 'a link that is stopped', 'nothing can be sent any more');

/** `http` becomes `ws`, `https` becomes `wss`; the path is the link's. */
function linkUrl(coreUrl: string): string {
  const url = new URL(LINK_PATH, coreUrl);
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}
