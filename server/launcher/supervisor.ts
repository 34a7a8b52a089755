// Starts a list of services in the order of their needs, keeps them running, and stops them in reverse.
import type { Logger } from 'pino';
import { DEFAULT_BACKOFF, Service, type Backoff, type ServiceSpec } from './service.ts';

/** What the supervisor needs besides its services. */
export interface SupervisorOptions {
  readonly log: Logger;
  /** Default {@link DEFAULT_BACKOFF}. */
  readonly backoff?: Backoff;
  /** Takes the services' output, line by line; default: they write to our own output directly. */
  readonly print?: ((line: string) => void) | undefined;
  /** Called when a service is about to start for the first time. */
  readonly onStarting?: (name: string) => void;
  /** Called at a service's first readiness, with the milliseconds since it was started. */
  readonly onReady?: (name: string, readyMs: number) => void;
}

/**
 * Keeps services running. Both start() and stop() are safe to call twice; after stop() it cannot be started again.
 *
 * @example const supervisor = new Supervisor(services, { log }); await supervisor.start(); await supervisor.stop();
 */
export class Supervisor {
  readonly #services: ReadonlyMap<string, Service>;
  readonly #options: SupervisorOptions;
  readonly #stopRequested = Promise.withResolvers<void>();
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  /** Throws when two services share a name, or one names a service that does not stand before it in the list. */
  constructor(specs: readonly ServiceSpec[], options: SupervisorOptions) {
    const { log, print, backoff = DEFAULT_BACKOFF } = options;
    const services = new Map<string, Service>();
    for (const spec of specs) {
      if (services.has(spec.name)) throw new Error(`two services are called ${spec.name}`);
      const unknown = before(spec).filter((name) => !services.has(name));
      if (unknown.length > 0)
        throw new Error(`${spec.name} comes after ${unknown.join(', ')}, which must stand before it in the list`);
      services.set(spec.name, new Service(spec, { log, backoff, print }));
    }
    this.#services = services;
    this.#options = options;
  }

  /** Resolves when every service has been ready once, or when stop() is called. A service that fails is tried again for ever. */
  start(): Promise<void> {
    const all = [...this.#services.values()];
    this.#starting ??= Promise.race([
      Promise.all(all.map((service) => this.#startInTurn(service))).then(() => undefined),
      this.#stopRequested.promise,
    ]);
    return this.#starting;
  }

  /** Stops every service, those first that need others; resolves when all have ended. */
  stop(): Promise<void> {
    this.#stopRequested.resolve();
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  /** Ends everything by SIGKILL at once. */
  kill(): void {
    this.#stopRequested.resolve();
    for (const service of this.#services.values()) service.kill();
    this.#stopping ??= this.#stopAll();
  }

  /** The process id of a service that runs now. */
  pidOf(name: string): number | undefined {
    return this.#services.get(name)?.pid;
  }

  async #startInTurn(service: Service): Promise<void> {
    const { name, needs = [] } = service.spec;
    await Promise.all(needs.flatMap((need) => this.#services.get(need) ?? []).map((needed) => needed.firstReady));
    if (this.#stopping !== undefined) return;
    this.#options.onStarting?.(name);
    service.start();
    this.#options.onReady?.(name, await service.firstReady);
  }

  async #stopAll(): Promise<void> {
    const stopped = new Map<string, Promise<void>>();
    // Whoever comes after others stands behind them in the list, so its own end is known when theirs is arranged.
    for (const service of [...this.#services.values()].toReversed()) {
      const { name } = service.spec;
      const dependents = [...this.#services.values()].filter(({ spec }) => before(spec).includes(name));
      const first = dependents.flatMap(({ spec }) => stopped.get(spec.name) ?? []);
      stopped.set(
        name,
        Promise.all(first).then(() => service.stop()),
      );
    }
    await Promise.all(stopped.values());
  }
}

function before(spec: ServiceSpec): readonly string[] {
  return [...(spec.needs ?? []), ...(spec.follows ?? [])];
}
