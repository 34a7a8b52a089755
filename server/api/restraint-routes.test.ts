import { expect, it, vi } from 'vitest';

import { J4, LAMP, startGateway } from '../../test/gateway-run.ts';

const reason = 'the river comes over the quay';
const OPERATOR = { '*': ['operator' as const] };

async function aStandDown() {
  const run = await startGateway();
  const ann = await run.cookieOf('ann', OPERATOR);
  const bob = await run.cookieOf('bob', OPERATOR);
  const answer = await run.call(ann, 'POST', '/api/stand-downs', { body: { scope: {}, reason } });
  expect(answer).toMatchObject({ status: 202, body: { recorded: true } });
  const [id = ''] = run.restraints.standing.keys();
  const end = (cookie: string) =>
    run.call(cookie, 'POST', `/api/restraints/${id}/end`, { body: { reason: 'it is over' } });
  return { run, ann, bob, id, end };
}

const restraintsTold = (run: Awaited<ReturnType<typeof startGateway>>) =>
  run.log.entries.flatMap(({ input }) =>
    input.kind === 'document' && input.document.of === 'restraint' ? [input.document] : [],
  );

it('stands down: where workers ask, in the log and in the record', async () => {
  const { run, id } = await aStandDown();
  const standing = run.restraints.standing.get(id);
  expect(standing).toMatchObject({ kind: 'stand-down', scope: {}, by: 'ann', reason });
  expect(restraintsTold(run)).toEqual([{ of: 'restraint', id, version: 1, body: standing }]);
  expect(await run.documents.get('restraint', id)).toMatchObject({ version: 1, department: '*', body: standing });
});

it('stands down also while the record plane is away, says so, and is ended by two people all the same', async () => {
  const run = await startGateway();
  const ann = await run.cookieOf('ann', OPERATOR);
  const bob = await run.cookieOf('bob', OPERATOR);
  const away = vi.spyOn(run.documents, 'put').mockRejectedValue(new Error('away'));
  const answer = await run.call(ann, 'POST', '/api/stand-downs', { body: { scope: { type: 'Streetlight' }, reason } });
  expect(answer).toMatchObject({ status: 202, body: { recorded: false } });
  expect(restraintsTold(run)).toMatchObject([{ version: 1 }]);
  away.mockRestore();
  const [id = ''] = run.restraints.standing.keys();
  const end = (cookie: string) => run.call(cookie, 'POST', `/api/restraints/${id}/end`, { body: { reason } });
  expect((await end(ann)).body).toEqual({ ended: false, asked: ['ann'] });
  expect((await end(bob)).body).toEqual({ ended: true, asked: ['ann', 'bob'] });
  expect(run.restraints.standing.size).toBe(0);
});

it('ends when a second person asks, and not before', async () => {
  const { run, ann, bob, id, end } = await aStandDown();
  expect(await end(ann)).toMatchObject({ status: 202, body: { ended: false, asked: ['ann'] } });
  expect(await end(ann)).toMatchObject({ status: 202, body: { ended: false, asked: ['ann'] } });
  expect(run.restraints.standing.get(id)?.endAsked).toHaveLength(2);
  expect(await end(bob)).toMatchObject({ status: 202, body: { ended: true, asked: ['ann', 'bob'] } });
  expect(run.restraints.standing.size).toBe(0);
  expect(restraintsTold(run).at(-1)).toMatchObject({ id, body: null });
  expect((await end(ann)).status).toBe(404);
});

it('takes an asset out of service: a command for it is refused with the reason, a stop is not; its setter ends it', async () => {
  const run = await startGateway();
  const ann = await run.cookieOf('ann', { lighting: ['operator'] });
  const claim = (value: number) =>
    run.call(ann, 'POST', `/api/points/${encodeURIComponent(`${LAMP}#level`)}/claims`, {
      body: { value, leaseSeconds: 60, reason: 'a look' },
    });
  const set = await run.call(ann, 'POST', `/api/assets/${LAMP}/out-of-service`, { body: { reason: 'pole is open' } });
  expect(set.status).toBe(202);
  expect(await claim(0.3)).toMatchObject({ status: 409, body: { code: 'restrained' } });
  expect((await claim(1)).status).toBe(202);
  const { body } = await run.call(ann, 'GET', '/api/restraints');
  const [id] = run.restraints.standing.keys();
  expect(body).toMatchObject({ restraints: [{ id, asset: LAMP, kind: 'out-of-service', by: 'ann' }] });
  const ended = await run.call(ann, 'POST', `/api/restraints/${id}/end`, { body: { reason: 'closed again' } });
  expect(ended.body).toEqual({ ended: true, asked: ['ann'] });
  expect((await claim(0.3)).status).toBe(202);
});

it('refuses those without the right, scopes without assets and presses without a reason', async () => {
  const run = await startGateway();
  const ann = await run.cookieOf('ann', { lighting: ['operator'] });
  const vic = await run.cookieOf('vic', { '*': ['viewer'] });
  const press = async (cookie: string, body: object) =>
    (await run.call(cookie, 'POST', '/api/stand-downs', { body })).status;
  expect(await press(ann, { scope: {}, reason })).toBe(403);
  expect(await press(ann, { scope: { department: 'traffic' }, reason })).toBe(403);
  expect(await press(vic, { scope: {}, reason })).toBe(403);
  expect(await press(ann, { scope: { department: 'lighting', zone: 'atlantis' }, reason })).toBe(422);
  expect(await press(ann, { scope: { department: 'lighting' } })).toBe(422);
  expect((await run.call(ann, 'POST', `/api/assets/${J4}/out-of-service`, { body: { reason } })).status).toBe(404);
  expect((await run.call(ann, 'POST', '/api/assets/none/out-of-service', { body: { reason } })).status).toBe(404);
  expect(run.restraints.standing.size).toBe(0);
  expect(await press(ann, { scope: { department: 'lighting' }, reason })).toBe(202);
});
