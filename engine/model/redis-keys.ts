// Every Redis key and queue name in one place, under one namespace per box.

/** The names that processes of one box share in Redis. */
export interface RedisKeys {
  /** The stream of inputs. */
  log: string;
  /** The hash of checkpoint cells, and the id of the last entry it includes. */
  checkpoint: string;
  checkpointAt: string;
  /** The engine's lease, and the counter of epochs. */
  lease: string;
  epoch: string;
  /** Per point: what was issued and sent last. */
  ledger: (point: string) => string;
  /** Per asset: facts that adapters observed, for interlocks. */
  interlockFacts: (asset: string) => string;
  /** The hash of restraints that stand, by id: what workers ask right before the wire. */
  restraints: string;
  /** Hashes of views for pages: assets, facts, points, activations, decisions, commands. */
  mirror: (kind: string) => string;
  /** The channel of live events. */
  live: string;
  /** The worker that listens to an adapter's devices. */
  listener: (adapter: string) => string;
  /** BullMQ's own prefix. */
  queues: string;
}

/**
 * The keys of one box. The braces keep them on one node of a Redis Cluster.
 *
 * @param namespace `signalbox` by default; another one per box that shares a Redis
 */
export function redisKeys(namespace = 'signalbox'): RedisKeys {
  const own = `{${namespace}}`;
  return {
    log: `${own}:log`,
    checkpoint: `${own}:checkpoint`,
    checkpointAt: `${own}:checkpoint-at`,
    lease: `${own}:lease`,
    epoch: `${own}:epoch`,
    ledger: (point) => `${own}:ledger:${point}`,
    interlockFacts: (asset) => `${own}:interlock-facts:${asset}`,
    restraints: `${own}:restraints`,
    mirror: (kind) => `${own}:mirror:${kind}`,
    live: `${own}:live`,
    listener: (adapter) => `${own}:listener:${adapter}`,
    queues: `${own}:queues`,
  };
}
