// /api/schedules/:department/:name/preview, and /api/schedule-previews for one that is not saved: what a schedule will do.
import { Router, type Request } from 'express';
import { z } from 'zod';

import {
  Calendars,
  inScope,
  MOST_PREVIEW_DAYS,
  previewSchedule,
  type DocumentStore,
  type Preview,
} from '../../engine/index.ts';
import type { Asset } from '../../engine/model/asset.ts';
import { calendarSchema } from '../../engine/model/calendar.ts';
import { check } from '../../engine/model/check.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import { departmentOf } from '../../engine/model/rule.ts';
import { scheduleSchema, type Schedule } from '../../engine/model/schedule.ts';
import { demand, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';
import type { DocumentCheck } from './document-routes.ts';
import { instantSchema } from './query.ts';

/** What these routes need. */
export interface ScheduleParts {
  authentication: Authentication;
  documents: Pick<DocumentStore, 'get' | 'list'>;
  directory: { ofDepartment(department: string): Asset[] };
  checkDocument: DocumentCheck;
  clock: Clock;
}

const querySchema = z.object({
  from: instantSchema.optional(),
  days: z.coerce.number(`allowed is 1 to ${MOST_PREVIEW_DAYS}`).int().min(1).max(MOST_PREVIEW_DAYS).default(14),
});

/** `from` in milliseconds since the epoch, by default now; `days` 1 to 366, default 14. */
export function scheduleRoutes(parts: ScheduleParts): Router {
  const router = Router();
  router.get('/schedules/:department/:name/preview', async (request, response) => {
    const { department, name } = request.params;
    demand(parts.authentication.signedIn(request).actor, 'read', department);
    const stored = await parts.documents.get('schedule', `${department}/${name}`);
    if (!stored) throw new SignalboxError('not-found', { what: `schedule ${department}/${name}` });
    response.json(await previewOf(scheduleSchema.parse(stored.body), request, parts));
  });
  router.post('/schedule-previews', async (request, response) => {
    const { actor } = parts.authentication.signedIn(request);
    const shaped = check(scheduleSchema, request.body);
    if (!shaped.ok) throw invalid('The schedule', shaped.problems);
    demand(actor, 'read', departmentOf(shaped.value.id));
    const { problems } = await parts.checkDocument('schedule', request.body);
    if (problems.length > 0) throw invalid('The schedule', problems);
    response.json(await previewOf(shaped.value, request, parts));
  });
  return router;
}

async function previewOf(schedule: Schedule, request: Request, parts: ScheduleParts): Promise<Preview> {
  const query = check(querySchema, request.query);
  if (!query.ok) throw invalid('The query', query.problems);
  const { from = parts.clock.now(), days } = query.value;
  const { targets } = schedule;
  const calendars = new Calendars(schedule.timeZone);
  for (const { id, body } of await parts.documents.list('calendar'))
    calendars.put(id, calendarSchema.safeParse(body).data);
  const own = targets ? parts.directory.ofDepartment(targets.department ?? departmentOf(schedule.id)) : [];
  const assets = targets ? own.filter((asset) => inScope(targets, asset)) : [];
  return previewSchedule(schedule, { from, days, ask: calendars.ask, assets });
}
