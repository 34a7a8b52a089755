// One supervised process: started, restarted when it dies, stopped on demand.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { RunAs } from './isolation.ts';
import { killGroup, spawnGuarded } from './lifeline.ts';

/** What a service is, and how it is run. */
export interface ServiceSpec {
  /** Unique; stands in every log line. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Whom it runs as; default: as we do. */
  readonly user?: RunAs | undefined;
  /** Services that must have been ready once before this one starts. It is stopped before them. */
  readonly needs?: readonly string[];
  /** Services that are started before this one, ready or not. It is stopped before them. */
  readonly follows?: readonly string[];
  /** Resolves when the process does its work; aborted when it ends. Default: ready as soon as it runs. */
  readonly ready?: (signal: AbortSignal) => Promise<void>;
  /** Resolves when the process lives but does no work any more: then it is killed, and started again. Aborted when it ends. */
  readonly hangs?: (signal: AbortSignal) => Promise<void>;
  /** Added to the environment once the process has been killed for that twice in a row: then it is to do as little as it can. */
  readonly carefulEnv?: Readonly<Record<string, string>>;
  /** Milliseconds between SIGTERM and SIGKILL, default 5000. */
  readonly stopGraceMs?: number;
}

/** How all services are run. */
export interface ServiceOptions {
  readonly log: Logger;
  readonly backoff: Backoff;
  /** Takes a process's output, line by line; default: it writes to our own output directly. */
  readonly print?: ((line: string) => void) | undefined;
}

/** How long to wait before a restart, in milliseconds. */
export interface Backoff {
  /** Before the first restart; doubles with each further one. */
  readonly firstMs: number;
  /** The longest wait. */
  readonly longestMs: number;
  /** A run of at least this length makes the next restart a first one again. */
  readonly healthyAfterMs: number;
}

/** 250 ms, doubling to 10 s, forgotten after 30 s of health. */
export const DEFAULT_BACKOFF: Backoff = {
  firstMs: 250,
  longestMs: 10_000,
  healthyAfterMs: 30_000,
};

const DEFAULT_STOP_GRACE_MS = 5000;
/** From that many hangs in a row on, a process is started with care. */
const CAREFUL_AFTER_HANGS = 2;
/** A life of at least this length, in milliseconds, ends the row: what hangs once a day is better started in full. */
const HANGS_FORGOTTEN_AFTER_MS = 600_000;

/** Runs one service from start() to stop(). Both are safe to call twice. */
export class Service {
  readonly spec: ServiceSpec;
  readonly #log: Logger;
  readonly #backoff: Backoff;
  readonly #print: ((line: string) => void) | undefined;
  readonly #stopping = new AbortController();
  readonly #firstReady = Promise.withResolvers<number>();
  #child: ChildProcess | undefined;
  #loop: Promise<void> | undefined;
  #restarts = 0;
  #hangs = 0;

  constructor(spec: ServiceSpec, options: ServiceOptions) {
    this.spec = spec;
    this.#log = options.log.child({ service: spec.name });
    this.#backoff = options.backoff;
    this.#print = options.print;
  }

  /** Resolves at its first readiness with the milliseconds that took, and never when it is stopped before. */
  get firstReady(): Promise<number> {
    return this.#firstReady.promise;
  }

  /** The process id while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** SIGTERM, after the grace SIGKILL; resolves when the process has ended and will not come back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const child = this.#child;
    if (child !== undefined) {
      child.kill('SIGTERM');
      const graceMs = this.spec.stopGraceMs ?? DEFAULT_STOP_GRACE_MS;
      const timer = setTimeout(() => {
        this.#log.warn({ graceMs }, 'service did not stop in time and is killed');
        killGroup(child);
      }, graceMs);
      await this.#loop;
      clearTimeout(timer);
    }
    await this.#loop;
  }

  /** SIGKILL at once, and no restart. */
  kill(): void {
    this.#stopping.abort();
    if (this.#child !== undefined) killGroup(this.#child);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let waitMs = this.#backoff.firstMs;
    while (!signal.aborted) {
      const ranMs = await this.#runOnce();
      if (signal.aborted) return;
      if (ranMs >= this.#backoff.healthyAfterMs) waitMs = this.#backoff.firstMs;
      this.#restarts += 1;
      this.#log.warn({ restart: this.#restarts, waitMs }, 'service restarts');
      // Ended by stop(): the loop's condition sees it.
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, this.#backoff.longestMs);
    }
  }

  /** One life of the process, start to end, in milliseconds. */
  async #runOnce(): Promise<number> {
    const startedAt = performance.now();
    const elapsedMs = () => Math.round(performance.now() - startedAt);
    const { command, args, user } = this.spec;
    const output = this.#print === undefined ? 'inherit' : 'pipe';
    const child = spawnGuarded(command, args, { env: this.#environment(), user, output });
    this.#printLines(child);
    const ended = new AbortController();
    const exit = once(child, 'exit');
    this.#child = child;
    this.#log.info({ pid: child.pid }, 'service starts');
    void this.#watchReadiness(ended.signal, elapsedMs);
    void this.#watchWork(ended.signal, child);
    try {
      const [code, signalName]: unknown[] = await exit;
      const level = this.#stopping.signal.aborted ? 'info' : 'error';
      this.#log[level]({ code, signal: signalName, ranMs: elapsedMs() }, 'service ended');
    } catch (error) {
      // The shell that starts it could not be run: out of processes or memory.
      this.#log.error({ err: error }, 'service could not be started');
    }
    this.#child = undefined;
    ended.abort();
    return elapsedMs();
  }

  #environment(): Readonly<Record<string, string>> {
    const { env, carefulEnv } = this.spec;
    if (carefulEnv === undefined || this.#hangs < CAREFUL_AFTER_HANGS) return env;
    this.#log.error({ hangs: this.#hangs, ...carefulEnv }, 'service hung too often in a row and starts with care');
    return { ...env, ...carefulEnv };
  }

  #printLines({ stdout, stderr }: ChildProcess): void {
    if (this.#print === undefined) return;
    for (const input of [stdout, stderr]) if (input !== null) createInterface({ input }).on('line', this.#print);
  }

  /** Kills a process that hangs, and counts how often in a row that was so. */
  async #watchWork(ended: AbortSignal, child: ChildProcess): Promise<void> {
    if (this.spec.hangs === undefined) return;
    const startedAt = performance.now();
    try {
      await this.spec.hangs(ended);
    } catch (error) {
      if (!ended.aborted) this.#log.error({ err: error }, 'whether the service works is unknown');
      return;
    }
    if (ended.aborted) return;
    this.#hangs = performance.now() - startedAt >= HANGS_FORGOTTEN_AFTER_MS ? 1 : this.#hangs + 1;
    this.#log.error({ hangs: this.#hangs }, 'service does not answer any more and is killed');
    // Not SIGTERM: a process whose event loop is blocked never hears it.
    killGroup(child);
  }

  async #watchReadiness(ended: AbortSignal, elapsedMs: () => number): Promise<void> {
    try {
      await this.spec.ready?.(ended);
    } catch (error) {
      if (!ended.aborted) this.#log.error({ err: error }, 'readiness of the service is unknown');
      return;
    }
    if (ended.aborted) return;
    this.#log.info({ readyMs: elapsedMs() }, 'service is ready');
    this.#firstReady.resolve(elapsedMs());
  }
}
