// The gateway's Express application: who may come in, and what lies where.
import express, { type Express, type Request, type RequestHandler } from 'express';
import type { Logger } from 'pino';

import { SignalboxError } from '../engine/model/errors.ts';
import { alarmRoutes, type AlarmParts } from './api/alarm-routes.ts';
import { auditRoutes, type AuditParts } from './api/audit-routes.ts';
import { cityRoutes, type CityParts } from './api/city-routes.ts';
import { confirmationRoutes, type ConfirmationParts } from './api/confirmation-routes.ts';
import { deviceRoutes, type DeviceParts } from './api/device-routes.ts';
import { documentRoutes, type DocumentParts } from './api/document-routes.ts';
import { explanationRoutes, type ExplanationParts } from './api/explanation-routes.ts';
import { historyRoutes, type HistoryParts } from './api/history-routes.ts';
import { orderRoutes, type OrderParts } from './api/order-routes.ts';
import { pauseRoutes, type PauseParts } from './api/pause-routes.ts';
import { peopleRoutes, type PeopleParts } from './api/people-routes.ts';
import { pointRoutes, type PointParts } from './api/point-routes.ts';
import { recordRoutes, type RecordParts } from './api/record-routes.ts';
import { restraintRoutes, type RestraintParts } from './api/restraint-routes.ts';
import { scheduleRoutes, type ScheduleParts } from './api/schedule-routes.ts';
import { sessionRoutes, type SessionParts } from './api/session-routes.ts';
import { tokenRoutes, type TokenParts } from './api/token-routes.ts';
import type { FlowsProxy } from './flows-proxy.ts';
import type { HealthRegistry } from './health.ts';
import { refuseForeignOrigins } from './http/origin.ts';
import { answerErrors, BODY_LIMIT_BYTES, notFound } from './http/problems.ts';
import { flowsHeaders, ownHeaders } from './http/security-headers.ts';
import type { TrustProxy } from './http/trusted-proxies.ts';
import type { Metrics } from './metrics.ts';
import { pageRoutes } from './page.ts';

/** Everything the application is made of. */
export type AppParts = AlarmParts &
  AuditParts &
  CityParts &
  ConfirmationParts &
  DeviceParts &
  Omit<DocumentParts, 'directory'> &
  ExplanationParts &
  HistoryParts &
  OrderParts &
  PauseParts &
  PeopleParts &
  PointParts &
  RecordParts &
  Omit<RestraintParts, 'directory'> &
  ScheduleParts &
  SessionParts &
  TokenParts & {
    directory: CityParts['directory'] & DocumentParts['directory'] & RestraintParts['directory'];
    health: HealthRegistry;
    metrics: Metrics;
    flows: FlowsProxy;
    /** The built web page. */
    pageFolder: string;
    trustProxy: TrustProxy;
    log: Logger;
  };

/**
 * Makes the application. It listens nowhere yet, and answers every error as application/problem+json.
 *
 * @example createServer(createApp(parts)).listen(1880, '127.0.0.1')
 */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', parts.trustProxy);
  app.set('query parser', 'simple');
  app.use(refuseForeignOrigins(parts.trustProxy));
  // Before the body parser: Node-RED reads bodies by itself.
  app.use('/flows', flowsHeaders, parts.flows.handler);
  app.use(ownHeaders);
  app.get('/healthz', healthRoute(parts.health));
  app.get('/metrics', metricsRoute(parts));
  app.use('/api', apiRoutes(parts));
  app.use(pageRoutes(parts.pageFolder));
  app.use(notFound);
  app.use(answerErrors(parts.log));
  return app;
}

function apiRoutes(parts: AppParts): RequestHandler {
  const api = express.Router();
  api.use((_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  // Nobody makes us read a large body without having signed in, the sign-in itself excepted.
  api.use('/session', express.json({ limit: 4_096 }));
  api.use(sessionRoutes(parts));
  api.use(parts.authentication.required);
  api.use(express.json({ limit: BODY_LIMIT_BYTES }));
  api.use(cityRoutes(parts));
  api.use(scheduleRoutes(parts));
  api.use(documentRoutes(parts));
  api.use(explanationRoutes(parts));
  api.use(historyRoutes(parts));
  api.use(recordRoutes(parts));
  api.use(auditRoutes(parts));
  api.use(pointRoutes(parts));
  api.use(confirmationRoutes(parts));
  api.use(alarmRoutes(parts));
  api.use(orderRoutes(parts));
  api.use(pauseRoutes(parts));
  api.use(restraintRoutes(parts));
  api.use(deviceRoutes(parts));
  api.use(peopleRoutes(parts));
  api.use(tokenRoutes(parts));
  api.use(notFound);
  return api;
}

const healthRoute =
  (health: HealthRegistry): RequestHandler =>
  async (_request, response) => {
    const report = await health.report();
    response
      .status(report.ready ? 200 : 503)
      .set('cache-control', 'no-store')
      .json(report);
  };

const metricsRoute =
  ({ metrics, authentication }: AppParts): RequestHandler =>
  async (request, response) => {
    if (!isFromThisMachine(request) && !(await authentication.identify(request)))
      throw new SignalboxError('not-signed-in');
    response.set('content-type', metrics.registry.contentType).end(await metrics.registry.metrics());
  };

/** A request that came through a reverse proxy on this machine is not from this machine. */
function isFromThisMachine(request: Request): boolean {
  const address = request.socket.remoteAddress ?? '';
  const forwarded = request.headers['x-forwarded-for'] ?? request.headers.forwarded;
  return forwarded === undefined && (address === '::1' || /^(::ffff:)?127\./.test(address));
}
