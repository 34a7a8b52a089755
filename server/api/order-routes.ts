// /api/orders: what people have to do, and has been done; /api/messages: what was said to whom.
import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { z } from 'zod';

import type { AuditLog, RecordReader } from '../../engine/index.ts';
import { actorName } from '../../engine/model/actor.ts';
import { check } from '../../engine/model/check.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import { demandOf, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';
import type { LiveHub } from '../live.ts';
import type { LogWriter } from '../log-writer.ts';
import { mayRead } from '../visibility.ts';
import { readPage } from './query.ts';

/** What these routes need. */
export interface OrderParts {
  authentication: Authentication;
  records: Pick<RecordReader, 'order' | 'recentOrders' | 'recentMessages'>;
  live: Pick<LiveHub, 'snapshot'>;
  inputs: Pick<LogWriter, 'append'>;
  audit: AuditLog;
  clock: Clock;
}

const stateSchema = z.object({ state: z.enum(['open', 'all']).default('all') });
const closingSchema = z.strictObject({
  reason: z.string().trim().min(3, 'a reason has at least 3 characters').max(300),
});

/**
 * GET lists the newest first; `state=open` leaves out what is done; `next` is the `before` of the following page.
 * POST closes one by hand and answers 202: the engine decides, and the live events tell.
 */
export function orderRoutes({ authentication, records, live, inputs, audit, clock }: OrderParts): Router {
  const router = Router();
  router.get('/orders', async (request, response) => {
    const { actor } = authentication.signedIn(request);
    const { limit, before } = readPage(request);
    const wanted = check(stateSchema, request.query);
    if (!wanted.ok) throw invalid('The query', wanted.problems);
    const found = await records.recentOrders(limit, before, wanted.value.state === 'open');
    const next = found.length === limit ? { next: found.at(-1)?.openedAt } : {};
    response.json({ orders: found.filter(({ department }) => mayRead(actor, department)), ...next });
  });
  router.post('/orders/:id/close', async (request, response) => {
    const { actor } = authentication.signedIn(request);
    const { id: orderId } = request.params;
    // The record is written within a second; until then the live plane knows the order already.
    const order =
      (await records.order(orderId)) ?? (await live.snapshot()).orders?.find((one) => one.orderId === orderId);
    const what = `order ${orderId}`;
    if (!order) throw new SignalboxError('not-found', { what });
    demandOf(actor, 'release', { department: order.department, what });
    const closing = check(closingSchema, request.body);
    if (!closing.ok) throw invalid('The closing', closing.problems);
    const id = randomUUID();
    const wish = { do: 'close-order' as const, orderId, reason: closing.value.reason };
    const { department } = order;
    await audit.append({
      at: clock.now(),
      actor: actorName(actor),
      department,
      verb: 'close-order',
      subject: orderId,
      detail: { request: id, ...wish },
    });
    await inputs.append({ kind: 'request', id, actor, department, request: wish });
    response.status(202).json({ request: id });
  });
  router.get('/messages', async (request, response) => {
    const { actor } = authentication.signedIn(request);
    const { limit, before } = readPage(request);
    const found = await records.recentMessages(limit, before);
    const next = found.length === limit ? { next: found.at(-1)?.message.at } : {};
    response.json({ messages: found.filter(({ message }) => mayRead(actor, message.department)), ...next });
  });
  return router;
}
