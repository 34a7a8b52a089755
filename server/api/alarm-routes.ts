// /api/alarms: what is wrong and was wrong; people say that they have seen it, or put it aside for a while.
import { randomUUID } from 'node:crypto';
import { Router, type Request } from 'express';
import { z } from 'zod';

import type { AuditLog, RecordReader } from '../../engine/index.ts';
import { actorName, type Verb } from '../../engine/model/actor.ts';
import { ALARM_KINDS, ALARM_STATES, SEVERITIES, type Alarm } from '../../engine/model/alarm.ts';
import { check } from '../../engine/model/check.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { durationMs, durationSchema } from '../../engine/model/duration.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import type { Request as Wish } from '../../engine/model/input.ts';
import { departmentSchema } from '../../engine/model/names.ts';
import { demand, demandOf, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';
import type { LiveHub } from '../live.ts';
import type { LogWriter } from '../log-writer.ts';
import { mayRead } from '../visibility.ts';
import { readPage } from './query.ts';

/** What these routes need. */
export interface AlarmParts {
  authentication: Authentication;
  records: Pick<RecordReader, 'alarm' | 'recentAlarms' | 'messages'>;
  live: Pick<LiveHub, 'snapshot'>;
  inputs: Pick<LogWriter, 'append'>;
  audit: AuditLog;
  clock: Clock;
}

const MINUTE_MS = 60_000;
/** The longest time on the shelf: a day. What is to be quiet for longer wants a repair, or another rule. */
const LONGEST_SHELF_MS = 24 * 60 * MINUTE_MS;
/** The most alarms that are acknowledged in one go. */
const MOST_AT_ONCE = 1_000;

const listSchema = z.object({
  state: z.enum([...ALARM_STATES, 'open', 'all']).default('open'),
  kind: z.enum(ALARM_KINDS).optional(),
  severity: z.enum(SEVERITIES).optional(),
  department: departmentSchema.optional(),
  asset: z.string().max(128).optional(),
  after: z.string().max(400).optional(),
});
const reasonSchema = z.string().trim().min(3, 'a reason has at least 3 characters').max(300);
const acknowledgeSchema = z.strictObject({
  alarms: z.array(z.string().min(3).max(400)).min(1).max(MOST_AT_ONCE),
  note: z.string().trim().min(1).max(300).optional(),
});
const shelfSchema = z.strictObject({
  duration: durationSchema.refine((text) => {
    const lengthMs = durationMs(text);
    return lengthMs >= MINUTE_MS && lengthMs <= LONGEST_SHELF_MS;
  }, 'allowed is 1 min to 24 h'),
  reason: reasonSchema,
});
const unshelfSchema = z.strictObject({ reason: reasonSchema.default('taken off the shelf by hand') });

type AlarmWish = Extract<Wish, { do: 'acknowledge-alarms' | 'shelve-alarm' | 'unshelve-alarm' }>;

/**
 * GET lists the newest first, those that are open by default; `next` is the `after` of the following page.
 * POST and DELETE answer 202: the engine decides, and the live events tell.
 */
export function alarmRoutes(parts: AlarmParts): Router {
  const { authentication, records } = parts;
  const router = Router();
  router.get('/alarms', async (request, response) => {
    const { actor } = authentication.signedIn(request);
    const { limit } = readPage(request);
    const asked = check(listSchema, request.query);
    if (!asked.ok) throw invalid('The query', asked.problems);
    const { state, ...rest } = asked.value;
    const found = await records.recentAlarms(limit, { ...rest, ...(state === 'all' ? {} : { state }) });
    const next = found.length === limit ? { next: found.at(-1)?.alarmId } : {};
    response.json({ alarms: found.filter(({ department }) => mayRead(actor, department)), ...next });
  });
  router.get('/alarms/:id', async (request, response) => {
    response.json(await findAny(parts, request));
  });
  router.get('/alarms/:id/messages', async (request, response) => {
    const { steps } = await findAny(parts, request);
    const ids = steps.flatMap(({ message }) => message ?? []);
    response.json({ messages: ids.length === 0 ? [] : await records.messages([...new Set(ids)]) });
  });
  router.post('/alarms/acknowledge', async (request, response) => {
    response.status(202).json(await acknowledge(parts, request));
  });
  router
    .route('/alarms/:id/shelf')
    .post(async (request, response) => {
      const alarm = await findOpen(parts, request, 'shelve-alarm');
      const shelf = check(shelfSchema, request.body);
      if (!shelf.ok) throw invalid('The time on the shelf', shelf.problems);
      if (alarm.severity === 'critical') throw new SignalboxError('alarm-critical', { alarm: alarm.alarmId });
      const { duration, reason } = shelf.value;
      const wish = { do: 'shelve-alarm' as const, alarm: alarm.alarmId, seconds: durationMs(duration) / 1_000, reason };
      response.status(202).json({ request: await ask(parts, request, alarm.department, wish) });
    })
    .delete(async (request, response) => {
      const alarm = await findOpen(parts, request, 'shelve-alarm');
      const back = check(unshelfSchema, request.body ?? {});
      if (!back.ok) throw invalid('The request', back.problems);
      const wish = { do: 'unshelve-alarm' as const, alarm: alarm.alarmId, ...back.value };
      response.status(202).json({ request: await ask(parts, request, alarm.department, wish) });
    });
  return router;
}

/** What has closed meanwhile is no reason to leave the others unacknowledged: it is named in the answer. */
async function acknowledge(
  parts: AlarmParts,
  request: Request,
): Promise<{ requests: string[]; acknowledged: string[]; gone: string[] }> {
  const { actor } = parts.authentication.signedIn(request);
  const asked = check(acknowledgeSchema, request.body);
  if (!asked.ok) throw invalid('The acknowledgement', asked.problems);
  const { alarms, note } = asked.value;
  const open = await openAlarms(parts);
  const found = [...new Set(alarms)]
    .flatMap((id) => open.get(id) ?? [])
    .filter((one) => mayRead(actor, one.department));
  if (found.length === 0) throw new SignalboxError('not-found', { what: 'open alarm of these names' });
  const byDepartment = Map.groupBy(found, ({ department }) => department);
  for (const department of byDepartment.keys()) demand(actor, 'acknowledge-alarm', department);
  const requests = [];
  for (const [department, those] of byDepartment) {
    const ids = those.map(({ alarmId }) => alarmId);
    const wish = { do: 'acknowledge-alarms' as const, alarms: ids, ...(note === undefined ? {} : { note }) };
    requests.push(await ask(parts, request, department, wish));
  }
  const acknowledged = found.map(({ alarmId }) => alarmId);
  return { requests, acknowledged, gone: alarms.filter((id) => !acknowledged.includes(id)) };
}

/** An alarm that the asking person may read, open or closed. */
async function findAny(parts: AlarmParts, request: Request): Promise<Alarm> {
  const id = String(request.params['id']);
  const alarm = (await openAlarms(parts)).get(id) ?? (await parts.records.alarm(id));
  const what = `alarm ${id}`;
  if (!alarm) throw new SignalboxError('not-found', { what });
  demandOf(parts.authentication.signedIn(request).actor, 'read', { department: alarm.department, what });
  return alarm;
}

async function findOpen(parts: AlarmParts, request: Request, verb: Verb): Promise<Alarm> {
  const id = String(request.params['id']);
  const alarm = (await openAlarms(parts)).get(id);
  const what = `open alarm ${id}`;
  if (!alarm) throw new SignalboxError('not-found', { what });
  demandOf(parts.authentication.signedIn(request).actor, verb, { department: alarm.department, what });
  return alarm;
}

const openAlarms = async ({ live }: AlarmParts): Promise<Map<string, Alarm>> =>
  new Map((await live.snapshot()).alarms?.map((alarm) => [alarm.alarmId, alarm]));

/** Puts the wish into the book and then into the log. */
async function ask(
  { authentication, inputs, audit, clock }: AlarmParts,
  request: Request,
  department: string,
  wish: AlarmWish,
): Promise<string> {
  const { actor } = authentication.signedIn(request);
  const id = randomUUID();
  const subject =
    'alarm' in wish ? wish.alarm : wish.alarms.length === 1 ? (wish.alarms[0] ?? '') : `${wish.alarms.length} alarms`;
  await audit.append({
    at: clock.now(),
    actor: actorName(actor),
    department,
    verb: wish.do,
    subject,
    detail: { request: id, ...wish },
  });
  await inputs.append({ kind: 'request', id, actor, department, request: wish });
  return id;
}
