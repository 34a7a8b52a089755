// The history of one property through HTTP.
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../engine/model/reading.ts';
import { J4, LAMP, startGateway } from '../../test/gateway-run.ts';
import { ManualClock } from '../../test/manual-clock.ts';

const NOW = Date.UTC(2026, 10, 22, 10);
const MINUTE_MS = 60_000;
const history = (asset: string, query: string): string => `/api/assets/${encodeURIComponent(asset)}/history?${query}`;

describe('the history of a property', () => {
  it('is of the last day unless told otherwise, in no more points than asked for', async () => {
    const run = await startGateway({ clock: new ManualClock(NOW) });
    const cookie = await run.cookieOf('ann', { traffic: ['viewer'] });
    const minutes = [1, 2, 3, 4, 2_000];
    await run.records.record({ commands: [], decisions: [], readings: minutes.map((ago) => reading(ago)) });
    const found = await run.call(cookie, 'GET', history(J4, 'property=occupancy'));
    expect(found).toMatchObject({
      status: 200,
      body: { asset: J4, property: 'occupancy', unit: '1', from: NOW - 86_400_000, to: NOW, stepMs: 0 },
    });
    expect(found.body).toMatchObject({ points: [4, 3, 2, 1].map((ago) => ({ at: NOW - ago * MINUTE_MS, count: 1 })) });
    const coarse = history(J4, `property=occupancy&from=${NOW - 60 * MINUTE_MS}&to=${NOW}&points=3`);
    expect((await run.call(cookie, 'GET', coarse)).body).toMatchObject({
      stepMs: 30 * MINUTE_MS,
      points: [{ at: NOW - 30 * MINUTE_MS, count: 4, min: 0.01, max: 0.04, avg: 0.025, last: 0.01 }],
    });
  });

  it('is the same for what one may not read and for what nobody knows', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', { traffic: ['viewer'] });
    expect((await run.call(cookie, 'GET', history(LAMP, 'property=level'))).status).toBe(404);
    expect((await run.call(cookie, 'GET', history('urn:ngsi-ld:Streetlight:x', 'property=level'))).status).toBe(404);
  });

  it('says everything that is wrong with a question', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', { traffic: ['viewer'] });
    const wrong = await run.call(cookie, 'GET', history(J4, 'from=yesterday&to=-1&points=1'));
    expect(wrong).toMatchObject({
      status: 422,
      body: { problems: [{ path: '/property' }, { path: '/from' }, { path: '/to' }, { path: '/points' }] },
    });
    const backwards = await run.call(cookie, 'GET', history(J4, 'property=occupancy&from=5&to=5'));
    expect(backwards).toMatchObject({ status: 422, body: { problems: [{ path: '/from' }] } });
  });
});

const reading = (minutesAgo: number): Reading => ({
  id: `r${minutesAgo}`,
  asset: J4,
  property: 'occupancy',
  value: minutesAgo / 100,
  unit: '1',
  observedAt: NOW - minutesAgo * MINUTE_MS,
  receivedAt: NOW - minutesAgo * MINUTE_MS,
  quality: 'good',
  source: 'flow:traffic',
});
