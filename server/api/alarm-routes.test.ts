import { expect, it } from 'vitest';

import type { Alarm } from '../../engine/model/alarm.ts';
import type { Message } from '../../engine/model/one-shot.ts';
import { startGateway } from '../../test/gateway-run.ts';

const alarm = (n: number, more: Partial<Alarm> = {}): Alarm => ({
  alarmId: `asset-silent|urn:ngsi-ld:WasteContainer:b${n}|1-0`,
  kind: 'asset-silent',
  subject: `urn:ngsi-ld:WasteContainer:b${n}`,
  department: 'waste',
  severity: 'medium',
  text: 'not heard',
  asset: `urn:ngsi-ld:WasteContainer:b${n}`,
  group: 'urn:ngsi-ld:WasteContainer:b1',
  raisedAt: n,
  activeSince: n,
  occurrences: 1,
  steps: [{ what: 'raised', at: n }],
  revision: 1,
  ...more,
});
const message = (messageId: string): Message => ({
  messageId,
  what: { notify: { to: 'waste/duty', text: 'not heard' } },
  via: { name: 'Desk', mail: 'desk@city.example' },
  department: 'waste',
  title: 'MEDIUM asset-silent: Pier 3',
  at: 5,
});
const nothing = { decisions: [], commands: [], readings: [] };
const one = ({ alarmId }: Alarm): string => `/api/alarms/${encodeURIComponent(alarmId)}`;
const shelfOf = (about: Alarm): string => `${one(about)}/shelf`;

it('lists alarms, the newest first, those that are open unless asked otherwise, only to those who may read them', async () => {
  const run = await startGateway();
  const closed = alarm(3, { closedAt: 9 });
  await run.records.record({ ...nothing, alarms: [alarm(1), alarm(2, { severity: 'low' }), closed] });
  const ann = await run.cookieOf('ann', { waste: ['viewer'] });
  const list = async (query: string) => (await run.call(ann, 'GET', `/api/alarms${query}`)).body;
  expect(await list('')).toEqual({ alarms: [alarm(2, { severity: 'low' }), alarm(1)] });
  expect(await list('?state=all')).toMatchObject({ alarms: [closed, {}, {}] });
  expect(await list('?severity=medium&state=unacknowledged')).toEqual({ alarms: [alarm(1)] });
  const page = await list('?limit=1');
  expect(page).toMatchObject({ next: alarm(2).alarmId });
  expect(await list(`?limit=1&after=${encodeURIComponent(alarm(2).alarmId)}`)).toMatchObject({ alarms: [alarm(1)] });
  expect((await run.call(ann, 'GET', '/api/alarms?state=loud&severity=9')).body).toMatchObject({
    code: 'invalid',
    problems: [{ path: '/state' }, { path: '/severity' }],
  });
  const bob = await run.cookieOf('bob', { traffic: ['operator'] });
  expect((await run.call(bob, 'GET', '/api/alarms')).body).toEqual({ alarms: [] });
  expect((await run.call(bob, 'GET', one(alarm(1)))).status).toBe(404);
  expect((await run.call(ann, 'GET', one(closed))).body).toEqual(closed);
  expect((await run.call(ann, 'GET', '/api/alarms/none')).status).toBe(404);
});

it('says what became of the messages that told of an alarm', async () => {
  const run = await startGateway();
  const told = alarm(1, {
    steps: [
      { what: 'raised', at: 1 },
      { what: 'told', at: 5, to: 'Desk', message: 'm1' },
    ],
  });
  run.live.city.alarms = [told, alarm(2)];
  const failed = { message: message('m1'), state: 'failed' as const, at: 9, detail: 'no such mailbox' };
  await run.records.record({ ...nothing, messages: [failed, { message: message('m2'), state: 'delivered', at: 9 }] });
  const ann = await run.cookieOf('ann', { waste: ['viewer'] });
  const bob = await run.cookieOf('bob', { traffic: ['viewer'] });
  expect((await run.call(ann, 'GET', `${one(told)}/messages`)).body).toEqual({ messages: [failed] });
  expect((await run.call(ann, 'GET', `${one(alarm(2))}/messages`)).body).toEqual({ messages: [] });
  expect((await run.call(bob, 'GET', `${one(told)}/messages`)).status).toBe(404);
});

it('acknowledges many at once: into the book and the log, and names those that are over already or not one’s own to see', async () => {
  const run = await startGateway();
  run.live.city.alarms = [alarm(1), alarm(2), alarm(3, { department: 'traffic' })];
  const ann = await run.cookieOf('ann', { waste: ['operator'] });
  const bob = await run.cookieOf('bob', { waste: ['viewer'] });
  const send = (cookie: string, ...alarms: string[]) =>
    run.call(cookie, 'POST', '/api/alarms/acknowledge', { body: { alarms, note: 'on my way' } });
  expect((await send(bob, alarm(1).alarmId)).status).toBe(403);
  expect((await send(ann, alarm(3).alarmId)).status).toBe(404);
  expect((await send(ann, 'gone')).status).toBe(404);
  expect((await send(ann)).status).toBe(422);
  expect(run.log.entries).toEqual([]);
  const answer = await send(ann, alarm(1).alarmId, alarm(2).alarmId, alarm(3).alarmId, 'gone');
  expect(answer).toMatchObject({
    status: 202,
    body: { acknowledged: [alarm(1).alarmId, alarm(2).alarmId], gone: [alarm(3).alarmId, 'gone'] },
  });
  expect(await run.log.next('request')).toMatchObject({
    actor: { kind: 'person', id: 'ann' },
    department: 'waste',
    request: { do: 'acknowledge-alarms', alarms: [alarm(1).alarmId, alarm(2).alarmId], note: 'on my way' },
  });
  expect(run.audit.entries).toMatchObject([{ actor: 'person:ann', verb: 'acknowledge-alarms', subject: '2 alarms' }]);
});

it('puts one aside for a while with a reason, and takes it back; never one that is critical', async () => {
  const run = await startGateway();
  const critical = alarm(2, { severity: 'critical' });
  run.live.city.alarms = [alarm(1), critical];
  const ann = await run.cookieOf('ann', { waste: ['operator'] });
  const body = { duration: '2 h', reason: 'roadworks' };
  expect((await run.call(ann, 'POST', shelfOf(critical), { body })).body).toMatchObject({ code: 'alarm-critical' });
  expect((await run.call(ann, 'POST', shelfOf(alarm(9)), { body })).status).toBe(404);
  expect(
    (await run.call(ann, 'POST', shelfOf(alarm(1)), { body: { duration: '2 d', reason: '' } })).body,
  ).toMatchObject({
    problems: [{ path: '/duration' }, { path: '/reason' }],
  });
  expect(run.log.entries).toEqual([]);
  expect((await run.call(ann, 'POST', shelfOf(alarm(1)), { body })).status).toBe(202);
  expect(await run.log.next('request')).toMatchObject({
    request: { do: 'shelve-alarm', alarm: alarm(1).alarmId, seconds: 7_200, reason: 'roadworks' },
  });
  expect((await run.call(ann, 'DELETE', shelfOf(alarm(1)))).status).toBe(202);
  expect(run.log.entries.at(-1)?.input).toMatchObject({
    request: { do: 'unshelve-alarm', alarm: alarm(1).alarmId },
  });
  expect(run.audit.entries.map(({ verb }) => verb)).toEqual(['shelve-alarm', 'unshelve-alarm']);
});
