import { expect, it } from 'vitest';

import { systemActor } from '../../engine/model/actor.ts';
import { startGateway } from '../../test/gateway-run.ts';

const PATH = '/api/rules/traffic/relief/pause';
const body = { duration: '2 h', reason: 'roadworks at J4' };

async function aGatewayWithTheRule() {
  const run = await startGateway();
  const rule = { id: 'traffic/relief', title: 'Relief' };
  await run.documents.put({
    kind: 'rule',
    id: rule.id,
    department: 'traffic',
    body: rule,
    expected: 0,
    actor: systemActor('test'),
  });
  return run;
}

it.each(['operator', 'rule-author'] as const)(
  'lets the department’s %s pause a rule and let it go on',
  async (role) => {
    const run = await aGatewayWithTheRule();
    const cookie = await run.cookieOf('ann', { traffic: [role] });
    expect((await run.call(cookie, 'POST', PATH, { body })).status).toBe(202);
    const request = { do: 'pause-rule', rule: 'traffic/relief', seconds: 7_200, reason: 'roadworks at J4' };
    expect(await run.log.next('request')).toMatchObject({ actor: { id: 'ann' }, department: 'traffic', request });
    expect((await run.call(cookie, 'DELETE', PATH)).status).toBe(202);
    expect(run.audit.entries.map(({ verb, subject }) => [verb, subject])).toEqual([
      ['pause-rule', 'traffic/relief'],
      ['resume-rule', 'traffic/relief'],
    ]);
  },
);

it('refuses others, rules that do not exist, pauses without a reason and those longer than a day', async () => {
  const run = await aGatewayWithTheRule();
  const operator = await run.cookieOf('ann', { traffic: ['operator'] });
  const other = await run.cookieOf('bob', { lighting: ['operator'], traffic: ['viewer'] });
  const status = async (cookie: string, path: string, given: object) =>
    (await run.call(cookie, 'POST', path, { body: given })).status;
  expect(await status(other, PATH, body)).toBe(403);
  expect(await status(operator, '/api/rules/traffic/none/pause', body)).toBe(404);
  expect(await status(operator, PATH, { duration: '2 h' })).toBe(422);
  expect(await status(operator, PATH, { ...body, duration: '25 h' })).toBe(422);
  expect(await status(operator, PATH, { ...body, duration: 'long' })).toBe(422);
  expect(run.log.entries).toEqual([]);
});
