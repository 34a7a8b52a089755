// What the gateway counts, for Prometheus.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The gateway's own metrics; other parts add theirs to the same registry. */
export interface Metrics {
  registry: Registry;
  /** Readings taken into the log. Labels: department. */
  readingsAccepted: Counter<'department'>;
  /** Readings refused. Labels: department, reason (a problem's code, or `busy`). */
  readingsRefused: Counter<'department' | 'reason'>;
  /** Requests of flows. Labels: department, outcome (`accepted` or a problem's code). */
  flowRequests: Counter<'department' | 'outcome'>;
  /** Seconds until a group of inputs was durable in the log. */
  logAppendSeconds: Histogram;
  /** Appends that failed. */
  logAppendFailures: Counter;
  /** Open links. Labels: department. */
  linkConnections: Gauge<'department'>;
  /** Pages that listen to live events. */
  livePages: Gauge;
}

/**
 * Makes the metrics.
 *
 * @param registry default: a new one with the process's own metrics
 */
export function createMetrics(registry?: Registry): Metrics {
  const own = registry ?? new Registry();
  if (!registry) collectDefaultMetrics({ register: own });
  const registers = [own];
  return {
    registry: own,
    readingsAccepted: new Counter({
      name: 'signalbox_readings_accepted_total',
      help: 'Readings of flows that are in the log',
      labelNames: ['department'],
      registers,
    }),
    readingsRefused: new Counter({
      name: 'signalbox_readings_refused_total',
      help: 'Readings of flows that were refused, by reason',
      labelNames: ['department', 'reason'],
      registers,
    }),
    flowRequests: new Counter({
      name: 'signalbox_flow_requests_total',
      help: 'Requests of flows, by outcome',
      labelNames: ['department', 'outcome'],
      registers,
    }),
    logAppendSeconds: new Histogram({
      name: 'signalbox_log_append_seconds',
      help: 'Time until a group of inputs was durable in the log',
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    logAppendFailures: new Counter({
      name: 'signalbox_log_append_failures_total',
      help: 'Groups of inputs that the log did not take',
      registers,
    }),
    linkConnections: new Gauge({
      name: 'signalbox_link_connections',
      help: 'Open links from flows runtimes',
      labelNames: ['department'],
      registers,
    }),
    livePages: new Gauge({ name: 'signalbox_live_pages', help: 'Pages that listen to live events', registers }),
  };
}
