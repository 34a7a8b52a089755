// How many messages of devices were not taken, for Prometheus.
import { Gauge, type Registry } from 'prom-client';

import type { AdapterListener } from './adapter.ts';

/** Adds `signalbox_device_messages_refused{reason}` to the registry, counted since the process started. */
export function registerListenerMetrics(registry: Registry, listener: Pick<AdapterListener, 'refused'>): void {
  const refused = new Gauge({
    name: 'signalbox_device_messages_refused',
    help: 'Messages of devices that were not taken since the process started, by reason',
    labelNames: ['reason'],
    registers: [],
    collect() {
      for (const [reason, count] of Object.entries(listener.refused())) this.set({ reason }, count);
    },
  });
  registry.registerMetric(refused);
}
