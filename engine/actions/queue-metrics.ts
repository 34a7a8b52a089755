// How many commands wait, run and have failed, for Prometheus.
import { Gauge, type Registry } from 'prom-client';

import type { CommandQueue } from './command-queue.ts';

/** Adds `signalbox_command_jobs{state}` to the registry; read from the queue at every scrape, absent while it cannot be. */
export function registerQueueMetrics(registry: Registry, queue: Pick<CommandQueue, 'counts'>): void {
  const jobs = new Gauge({
    name: 'signalbox_command_jobs',
    help: 'Commands in the queue, by state; done and failed are bounded by how many are kept',
    labelNames: ['state'],
    registers: [],
    async collect() {
      this.reset();
      const counts = await queue.counts().catch(() => undefined);
      for (const [state, count] of Object.entries(counts ?? {})) this.set({ state }, count);
    },
  });
  registry.registerMetric(jobs);
}
