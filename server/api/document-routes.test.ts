import { describe, expect, it } from 'vitest';
import { asset, J4, LAMP, startGateway } from '../../test/gateway-run.ts';
import { ManualClock } from '../../test/manual-clock.ts';

const author = { traffic: ['rule-author' as const] };
const rule = (title = 'Relief') => ({
  id: 'traffic/relief',
  title,
  scope: { type: 'TrafficController' },
  conditions: { all: [{ fact: 'occupancy', operator: 'greaterThan', value: 0.4 }] },
  actions: [{ point: 'timePlan', set: 3 }],
});
const PATH = '/api/rules/traffic/relief';
const isNew = { 'if-none-match': '*' };

describe('a document', () => {
  it('is made, read, changed and removed by version, and the engine hears of each', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', author);
    const made = await run.call(cookie, 'PUT', PATH, { body: rule(), headers: isNew });
    expect(made).toMatchObject({ status: 201, body: { version: 1, changedBy: 'person:ann', announced: true } });
    expect(made.headers.get('etag')).toBe('"1"');
    const read = await run.call(cookie, 'GET', PATH);
    expect(read).toMatchObject({ status: 200, body: { version: 1, body: { title: 'Relief', onUnknown: 'release' } } });
    expect((await run.call(cookie, 'GET', PATH, { headers: { 'if-none-match': '"1"' } })).status).toBe(304);
    const headers = { 'if-match': '"1"' };
    expect((await run.call(cookie, 'PUT', PATH, { body: rule('Better'), headers })).headers.get('etag')).toBe('"2"');
    expect((await run.call(cookie, 'DELETE', PATH, { headers: { 'if-match': '"2"' } })).status).toBe(200);
    expect((await run.call(cookie, 'GET', PATH)).status).toBe(404);
    const heard = run.log.entries.map(({ input }) => (input.kind === 'document' ? input.document : undefined));
    expect(heard).toMatchObject([
      { of: 'rule', id: 'traffic/relief', version: 1, body: { title: 'Relief' } },
      { version: 2, body: { title: 'Better' } },
      { version: 3, body: null },
    ]);
  });

  it('can be made anew after its removal', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', author);
    await run.call(cookie, 'PUT', PATH, { body: rule(), headers: isNew });
    await run.call(cookie, 'DELETE', PATH, { headers: { 'if-match': '"1"' } });
    const again = await run.call(cookie, 'PUT', PATH, { body: rule('Again'), headers: isNew });
    expect(again).toMatchObject({ status: 200, body: { version: 3 } });
  });

  it('needs the version it was based on', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', author);
    expect(await run.call(cookie, 'PUT', PATH, { body: rule() })).toMatchObject({
      status: 428,
      body: { code: 'version-missing' },
    });
    await run.call(cookie, 'PUT', PATH, { body: rule(), headers: isNew });
    await run.call(cookie, 'PUT', PATH, { body: rule('b'), headers: { 'if-match': '"1"' } });
    for (const headers of [{ 'if-match': '"1"' }, isNew])
      expect(await run.call(cookie, 'PUT', PATH, { body: rule('c'), headers })).toMatchObject({
        status: 409,
        body: { code: 'version-conflict', found: 2, expected: 'if-match' in headers ? 1 : 0 },
      });
    for (const etag of ['1', 'W/"1"', '"1", "2"', '*', '"0"'])
      expect((await run.call(cookie, 'PUT', PATH, { body: rule(), headers: { 'if-match': etag } })).status).toBe(422);
    expect((await run.call(cookie, 'DELETE', PATH)).status).toBe(428);
  });

  it('is refused with all problems of its form at once', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('ann', author);
    const { id: _id, ...bad } = { ...rule(), conditions: { all: [] }, for: 'soon' };
    const refused = await run.call(cookie, 'PUT', PATH, { body: bad, headers: isNew });
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid', detail: 'The rule cannot be accepted.' } });
    const problems = ['/id', '/conditions/all', '/for'].map((path) => expect.objectContaining({ path }));
    expect(refused.body).toMatchObject({ problems: expect.arrayContaining(problems) });
  });

  it('is refused with everything that its own checks find, whatever its form', async () => {
    const run = await startGateway({
      checkDocument: (kind) => ({
        problems: [{ code: 'unknown-fact', path: '/conditions', message: `no such fact in this ${kind}` }],
        warnings: [],
      }),
    });
    const cookie = await run.cookieOf('ann', author);
    const shapeless = await run.call(cookie, 'PUT', PATH, { body: { id: 'traffic/relief' }, headers: isNew });
    expect(shapeless).toMatchObject({ status: 422, body: { problems: [{ code: 'unknown-fact' }] } });
    const beyond = await run.call(cookie, 'PUT', PATH, { body: { ...rule(), id: 'traffic/other' }, headers: isNew });
    expect(beyond).toMatchObject({
      status: 422,
      body: { problems: [{ code: 'id-mismatch', path: '/id' }, { code: 'unknown-fact' }] },
    });
    expect(await run.documents.versions('rule', 'traffic/relief')).toEqual([]);
  });

  it('is stored with warnings, which are answered', async () => {
    const warnings = [{ code: 'rule-no-assets', path: '/scope', message: 'the rule applies to 0 assets' }];
    const run = await startGateway({ checkDocument: () => ({ problems: [], warnings }) });
    const cookie = await run.cookieOf('ann', author);
    const stored = await run.call(cookie, 'PUT', PATH, { body: rule(), headers: isNew });
    expect(stored).toMatchObject({ status: 201, body: { version: 1, warnings } });
  });

  it('tells nothing of the city to those who may not write it', async () => {
    const run = await startGateway({
      checkDocument: () => {
        throw new Error('nobody asked for a check');
      },
    });
    const cookie = await run.cookieOf('vera', { traffic: ['viewer'] });
    expect((await run.call(cookie, 'PUT', PATH, { body: {}, headers: isNew })).status).toBe(403);
  });

  it('is nobody’s to change without the right, nor to read without the other', async () => {
    const run = await startGateway();
    const viewer = await run.cookieOf('vic', { traffic: ['viewer'] });
    expect(await run.call(viewer, 'PUT', PATH, { body: rule(), headers: isNew })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect((await run.call(viewer, 'GET', `/api/assets/${encodeURIComponent(J4)}`)).status).toBe(200);
    expect((await run.call(viewer, 'GET', `/api/assets/${encodeURIComponent(LAMP)}`)).status).toBe(404);
    const list = await run.call(viewer, 'GET', '/api/assets');
    expect(list.body).toMatchObject({ documents: [{ id: J4, version: 1 }] });
    expect((await run.call('', 'GET', '/api/assets')).status).toBe(401);
  });

  it('does not move to another department for somebody who may only change one of the two', async () => {
    const run = await startGateway();
    const path = `/api/assets/${encodeURIComponent(LAMP)}`;
    const thief = await run.cookieOf('eve', { traffic: ['administrator'] });
    const body = asset(LAMP, 'traffic', { level: {} });
    expect((await run.call(thief, 'PUT', path, { body, headers: { 'if-match': '"1"' } })).status).toBe(403);
    const both = await run.cookieOf('ann', { '*': ['administrator'] });
    expect((await run.call(both, 'PUT', path, { body, headers: { 'if-match': '"1"' } })).status).toBe(200);
  });

  it('reaches the engine later when the log was away', async () => {
    const clock = new ManualClock();
    const run = await startGateway({ clock });
    const cookie = await run.cookieOf('ann', author);
    run.log.mood = 'away';
    const made = await run.call(cookie, 'PUT', PATH, { body: rule(), headers: isNew });
    expect(made).toMatchObject({ status: 201, body: { version: 1, announced: false } });
    await run.call(cookie, 'PUT', PATH, { body: rule('Better'), headers: { 'if-match': '"1"' } });
    run.log.mood = 'well';
    clock.advance(1_000);
    expect(await run.log.next('document')).toMatchObject({ document: { version: 2 } });
    expect(run.log.entries).toHaveLength(1);
  });
});

it('every kind has its address', async () => {
  const run = await startGateway();
  const cookie = await run.cookieOf('ann', { '*': ['rule-author', 'safety'] });
  const conditions = { all: [{ fact: 'illuminance', operator: 'lessThan', value: 10 }] };
  const bodies: [string, object][] = [
    ['conditions/lighting/dark', { id: 'lighting/dark', name: 'dark', title: 'Dark', conditions }],
    [
      'interlocks/waste/door',
      {
        id: 'waste/door',
        title: 'The door is open',
        scope: { type: 'WasteContainer' },
        point: 'compaction',
        requires: { fact: 'door', operator: 'equal', value: 'closed' },
      },
    ],
  ];
  for (const [path, body] of bodies) {
    expect((await run.call(cookie, 'PUT', `/api/${path}`, { body, headers: isNew })).status).toBe(201);
    expect((await run.call(cookie, 'GET', `/api/${path.split('/')[0]}`)).body).toMatchObject({ documents: [{ body }] });
  }
});

const DOOR = '/api/interlocks/waste/door';
const interlock = (more: object = {}) => ({
  id: 'waste/door',
  title: 'The press moves only behind a closed door',
  scope: { type: 'WasteContainer' },
  point: 'compaction',
  requires: { fact: 'door', operator: 'equal', value: 'closed' },
  ...more,
});

describe('an interlock', () => {
  it('is made, changed and removed by its department’s safety role', async () => {
    const run = await startGateway();
    const cookie = await run.cookieOf('sam', { waste: ['safety'] });
    expect((await run.call(cookie, 'PUT', DOOR, { body: interlock(), headers: isNew })).status).toBe(201);
    const body = interlock({ kind: 'invariant' });
    expect((await run.call(cookie, 'PUT', DOOR, { body, headers: { 'if-match': '"1"' } })).status).toBe(200);
    expect((await run.call(cookie, 'DELETE', DOOR, { headers: { 'if-match': '"2"' } })).status).toBe(200);
  });

  it.each([
    ['a rule author of the department', { waste: ['rule-author' as const] }],
    ['its administrator', { waste: ['administrator' as const] }],
    ['the whole city’s administrator', { '*': ['administrator' as const, 'rule-author' as const] }],
    ['the safety role of another department', { lighting: ['safety' as const], waste: ['viewer' as const] }],
  ])('cannot be made, changed or removed by %s', async (_, roles) => {
    const run = await startGateway();
    const safety = await run.cookieOf('sam', { waste: ['safety'] });
    const cookie = await run.cookieOf('ann', roles);
    const forbidden = {
      status: 403,
      body: { detail: expect.stringContaining('edit-interlock in waste: needed is safety') },
    };
    expect(await run.call(cookie, 'PUT', DOOR, { body: interlock(), headers: isNew })).toMatchObject(forbidden);
    await run.call(safety, 'PUT', DOOR, { body: interlock(), headers: isNew });
    const headers = { 'if-match': '"1"' };
    const looser = { ...interlock(), requires: { fact: 'door', operator: 'in', value: ['open', 'closed'] } };
    expect(await run.call(cookie, 'PUT', DOOR, { body: looser, headers })).toMatchObject(forbidden);
    expect(await run.call(cookie, 'DELETE', DOOR, { headers })).toMatchObject(forbidden);
    expect(await run.documents.get('interlock', 'waste/door')).toMatchObject({ version: 1, body: interlock() });
  });
});
