// Previews of schedules through HTTP.
import { expect, it } from 'vitest';
import { startGateway } from '../../test/gateway-run.ts';
import { ManualClock } from '../../test/manual-clock.ts';

const NOW = Date.parse('2026-03-27T10:00:00Z');
const SCHEDULE = {
  id: 'traffic/sweep',
  title: 'Sweep',
  timeZone: 'Europe/London',
  event: { name: 'sweep' },
  programmes: { daily: [{ at: '01:30', note: 'main streets' }] },
  days: [{ on: 'everyDay', programme: 'daily' }],
};

it('a saved schedule is previewed from now on, with the days on which the clocks change', async () => {
  const run = await startGateway({ clock: new ManualClock(NOW) });
  const cookie = await run.cookieOf('ann', { traffic: ['administrator'] });
  const path = '/api/schedules/traffic/sweep';
  const saved = await run.call(cookie, 'PUT', path, { body: SCHEDULE, headers: { 'if-none-match': '*' } });
  expect(saved.status).toBe(201);
  const { status, body } = await run.call(cookie, 'GET', `${path}/preview?days=3`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    schedule: 'traffic/sweep',
    timeZone: 'Europe/London',
    days: [
      {
        date: '2026-03-27',
        programme: 'daily',
        occurrences: [{ shown: '2026-03-27 01:30:00', notes: ['main streets'] }],
      },
      { date: '2026-03-28', programme: 'daily' },
      { date: '2026-03-29', clocksForward: 60, occurrences: [{ shown: '2026-03-29 02:00:00' }] },
    ],
  });
});

it('one that is not saved is previewed too, or refused with all its problems', async () => {
  const run = await startGateway({ clock: new ManualClock(NOW) });
  const cookie = await run.cookieOf('ann', { traffic: ['viewer'] });
  const preview = (body: unknown, query = '') => run.call(cookie, 'POST', `/api/schedule-previews${query}`, { body });
  expect(await preview(SCHEDULE)).toMatchObject({ status: 200, body: { days: { length: 14 }, next: { length: 50 } } });
  expect(await preview({ ...SCHEDULE, timeZone: 'Mars', programmes: { daily: [{ cron: 'x' }] } })).toMatchObject({
    status: 422,
    body: { problems: [{ path: '/timeZone' }, { path: '/programmes/daily/0/cron' }] },
  });
  expect(await preview({ ...SCHEDULE, id: 'lighting/sweep' })).toMatchObject({ status: 403 });
  expect(await preview(SCHEDULE, '?days=400&from=x')).toMatchObject({
    status: 422,
    body: { problems: [{ path: '/from' }, { path: '/days' }] },
  });
});

it('a schedule that does not exist has no preview', async () => {
  const run = await startGateway();
  const cookie = await run.cookieOf('ann', { traffic: ['viewer'] });
  expect((await run.call(cookie, 'GET', '/api/schedules/traffic/none/preview')).status).toBe(404);
  expect((await run.call(cookie, 'GET', '/api/schedules/lighting/none/preview')).status).toBe(403);
});
