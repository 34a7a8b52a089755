// Readiness: each part registers how to ask it, and /healthz says what is missing.

/** A part's answer. `detail` is read by people and must not name secrets. */
export interface HealthAnswer {
  ok: boolean;
  detail?: string;
}

/** Asks one part. A rejection counts as not ok. */
export type HealthCheck = () => HealthAnswer | Promise<HealthAnswer>;

/** What /healthz answers. */
export interface HealthReport {
  ready: boolean;
  /** Names of the parts that are not ok. */
  missing: string[];
  parts: Record<string, HealthAnswer>;
}

const PATIENCE_MS = 2_000;

/**
 * The parts that must be ready.
 *
 * @example health.register('redis', async () => ({ ok: (await redis.ping()) === 'PONG' }))
 */
export class HealthRegistry {
  readonly #checks = new Map<string, HealthCheck>();
  readonly #patienceMs: number;
  #asking: Promise<HealthReport> | undefined;

  /** @param patienceMs a part that has not answered by then is not ready; default 2000 ms */
  constructor(patienceMs = PATIENCE_MS) {
    this.#patienceMs = patienceMs;
  }

  /** Adds a part, or replaces the one of this name. Returns a function that takes it away. */
  register(name: string, check: HealthCheck): () => void {
    this.#checks.set(name, check);
    return () => {
      if (this.#checks.get(name) === check) this.#checks.delete(name);
    };
  }

  /** Asks all parts at once. Who asks meanwhile gets the same answer. */
  report(): Promise<HealthReport> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<HealthReport> {
    const answers = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await patiently(check, this.#patienceMs)] as const),
    );
    const missing = answers.filter(([, answer]) => !answer.ok).map(([name]) => name);
    return { ready: missing.length === 0, missing, parts: Object.fromEntries(answers) };
  }
}

async function patiently(check: HealthCheck, patienceMs: number): Promise<HealthAnswer> {
  const patience = AbortSignal.timeout(patienceMs);
  const tooLate = new Promise<HealthAnswer>((resolve) => {
    patience.addEventListener('abort', () => resolve({ ok: false, detail: `no answer within ${patienceMs} ms` }));
  });
  try {
    return await Promise.race([check(), tooLate]);
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
