// Every route that the running gateway has, against every role in the own department, in another and in all.
import { describe, expect, it } from 'vitest';
import { may, roleSchema, type Actor, type Role, type Verb } from '../engine/model/actor.ts';
import type { CommandRecord } from '../engine/model/command.ts';
import type { Restraint } from '../engine/model/restraint.ts';
import { hashSecret } from './accounts/secrets.ts';
import { TOKEN_VERBS } from './api/token-routes.ts';
import { J4, LAMP, startGateway, type GatewayRun } from '../test/gateway-run.ts';

/** What a route asks for, and how it is called about a thing of `traffic`. */
interface Asked {
  /** In `traffic`: what may be done by whom. `signed-in`: whoever is, seeing their own part. `anybody`: without signing in. */
  needs: Verb | 'signed-in' | 'anybody';
  /** For the whole city instead. */
  place?: '*';
  /** In any department; what is shown is one's own part. */
  anywhere?: boolean;
  /** Only people, no machine whatever its token is for. */
  people?: boolean;
  /** Nothing is there even for those who are let in: a rule of which the record knows nothing. */
  empty?: boolean;
  path: string;
  /** The same about a thing that does not exist, where there is such an address. */
  missing?: string;
  body?: unknown;
}

const POINT = `${J4}#functionalPosition`;
const at = (id: string): string => encodeURIComponent(id);
const ALARM = `asset-silent|${J4}|1-0`;
const reason = 'as the matrix asks';
const day = '2026-11-22';

const DOCUMENTS: readonly [string, Verb, string, string][] = [
  ['assets/:id', 'edit-asset', `assets/${at(J4)}`, 'assets/urn:ngsi-ld:TrafficController:none'],
  ['rules/:department/:name', 'edit-rule', 'rules/traffic/it', 'rules/traffic/none'],
  ['conditions/:department/:name', 'edit-rule', 'conditions/traffic/it', 'conditions/traffic/none'],
  ['duties/:department/:name', 'edit-duty', 'duties/traffic/it', 'duties/traffic/none'],
  ['interlocks/:department/:name', 'edit-interlock', 'interlocks/traffic/it', 'interlocks/traffic/none'],
  ['schedules/:department/:name', 'edit-rule', 'schedules/traffic/it', 'schedules/traffic/none'],
  ['calendars/:department/:name', 'edit-rule', 'calendars/traffic/it', 'calendars/traffic/none'],
];

const MATRIX: Record<string, Asked> = {
  'GET /healthz': { needs: 'anybody', path: '/healthz' },
  'GET /metrics': { needs: 'anybody', path: '/metrics' },
  'POST /api/session': { needs: 'anybody', path: '/api/session', body: {} },
  'GET /api/session': { needs: 'signed-in', path: '/api/session' },
  'POST /api/session/confirmation': { needs: 'signed-in', people: true, path: '/api/session/confirmation', body: {} },
  'PUT /api/session/password': { needs: 'signed-in', people: true, path: '/api/session/password', body: {} },
  'GET /api/city': { needs: 'signed-in', path: '/api/city' },
  'GET /api/live': { needs: 'signed-in', path: '/api/live' },
  ...Object.fromEntries(
    DOCUMENTS.flatMap(([route, edit, path, missing]): [string, Asked][] => {
      const list = `/api/${route.split('/')[0]}`;
      const paths = { path: `/api/${path}`, missing: `/api/${missing}` };
      return [
        [`GET ${list}`, { needs: 'signed-in', path: list }],
        [`GET /api/${route}`, { needs: 'read', ...paths }],
        // An empty body passes the question who asks, and is refused for what it is.
        [`PUT /api/${route}`, { needs: edit, path: paths.path, body: {} }],
        [`DELETE /api/${route}`, { needs: edit, ...paths }],
      ];
    }),
  ),
  'GET /api/rules/:department/:name/explanation': {
    needs: 'read',
    path: `/api/rules/traffic/it/explanation?asset=${at(J4)}`,
    empty: true,
  },
  'POST /api/rules/:department/:name/pause': {
    needs: 'pause-rule',
    path: '/api/rules/traffic/it/pause',
    body: { duration: '1 h', reason },
  },
  'DELETE /api/rules/:department/:name/pause': { needs: 'pause-rule', path: '/api/rules/traffic/it/pause' },
  'GET /api/assets/:id/history': {
    needs: 'read',
    path: `/api/assets/${at(J4)}/history?property=vehicleFlow`,
    missing: '/api/assets/urn:ngsi-ld:TrafficController:none/history?property=vehicleFlow',
  },
  'GET /api/commands': { needs: 'signed-in', path: '/api/commands' },
  'GET /api/commands/:id': { needs: 'read', path: `/api/commands/${at(`${POINT}:1`)}`, missing: '/api/commands/none' },
  'GET /api/decisions': { needs: 'signed-in', path: '/api/decisions' },
  'GET /api/orders': { needs: 'signed-in', path: '/api/orders' },
  'POST /api/orders/:id/close': {
    needs: 'release',
    path: '/api/orders/o1/close',
    missing: '/api/orders/none/close',
    body: { reason },
  },
  'GET /api/messages': { needs: 'signed-in', path: '/api/messages' },
  'GET /api/alarms': { needs: 'signed-in', path: '/api/alarms' },
  'GET /api/alarms/:id': { needs: 'read', path: `/api/alarms/${at(ALARM)}`, missing: '/api/alarms/none' },
  'GET /api/alarms/:id/messages': {
    needs: 'read',
    path: `/api/alarms/${at(ALARM)}/messages`,
    missing: '/api/alarms/none/messages',
  },
  'POST /api/alarms/acknowledge': {
    needs: 'acknowledge-alarm',
    path: '/api/alarms/acknowledge',
    body: { alarms: [ALARM] },
  },
  'POST /api/alarms/:id/shelf': {
    needs: 'shelve-alarm',
    path: `/api/alarms/${at(ALARM)}/shelf`,
    missing: '/api/alarms/none/shelf',
    body: { duration: '1 h', reason },
  },
  'DELETE /api/alarms/:id/shelf': {
    needs: 'shelve-alarm',
    path: `/api/alarms/${at(ALARM)}/shelf`,
    missing: '/api/alarms/none/shelf',
  },
  'GET /api/confirmations': { needs: 'signed-in', path: '/api/confirmations' },
  'POST /api/confirmations/:id/confirm': { needs: 'override', people: true, path: '/api/confirmations/c1/confirm' },
  'POST /api/confirmations/:id/decline': {
    needs: 'override',
    people: true,
    path: '/api/confirmations/c1/decline',
    body: { reason },
  },
  'POST /api/points/:point/claims': {
    needs: 'override',
    path: `/api/points/${at(POINT)}/claims`,
    missing: `/api/points/${at(`${J4}#none`)}/claims`,
    body: {},
  },
  'DELETE /api/points/:point/claims': {
    needs: 'release',
    path: `/api/points/${at(POINT)}/claims`,
    missing: `/api/points/${at(`${J4}#none`)}/claims`,
    body: { reason: 7 },
  },
  'GET /api/restraints': { needs: 'signed-in', path: '/api/restraints' },
  'POST /api/stand-downs': {
    needs: 'restrain',
    path: '/api/stand-downs',
    body: { scope: { department: 'traffic' }, reason },
  },
  'POST /api/assets/:id/out-of-service': {
    needs: 'restrain',
    path: `/api/assets/${at(J4)}/out-of-service`,
    missing: '/api/assets/urn:ngsi-ld:TrafficController:none/out-of-service',
    body: {},
  },
  'POST /api/restraints/:department/:name/end': {
    needs: 'restrain',
    path: '/api/restraints/traffic/r1/end',
    missing: '/api/restraints/traffic/none/end',
    body: {},
  },
  'GET /api/schedules/:department/:name/preview': {
    needs: 'read',
    path: `/api/schedules/traffic/none/preview?from=${day}&days=1`,
    empty: true,
  },
  'POST /api/schedule-previews': { needs: 'signed-in', path: '/api/schedule-previews', body: {} },
  'POST /api/devices/:department/:device/credential': {
    needs: 'issue-credential',
    path: '/api/devices/traffic/j4/credential',
  },
  'GET /api/people': { needs: 'manage-people', anywhere: true, path: '/api/people' },
  'POST /api/people': {
    needs: 'manage-people',
    people: true,
    path: '/api/people',
    body: { name: 'xavier', roles: { traffic: ['viewer'] } },
  },
  'PUT /api/people/:name/roles/:department': {
    needs: 'manage-people',
    people: true,
    path: '/api/people/kim/roles/traffic',
    body: { roles: ['viewer'] },
  },
  'DELETE /api/people/:name': { needs: 'manage-people', place: '*', people: true, path: '/api/people/kim' },
  'POST /api/people/:name/password': {
    needs: 'manage-people',
    place: '*',
    people: true,
    path: '/api/people/kim/password',
  },
  'DELETE /api/people/:name/sessions': {
    needs: 'manage-people',
    place: '*',
    people: true,
    path: '/api/people/kim/sessions',
  },
  'GET /api/audit': { needs: 'read-audit', anywhere: true, path: '/api/audit' },
  'GET /api/audit/export': { needs: 'read-audit', anywhere: true, path: '/api/audit/export' },
  'GET /api/audit/head': { needs: 'read-audit', place: '*', path: '/api/audit/head' },
  'GET /api/tokens': { needs: 'signed-in', path: '/api/tokens' },
  'POST /api/tokens': {
    needs: 'issue-token',
    people: true,
    path: '/api/tokens',
    body: { id: 'traffic/new', title: 'a depot', verbs: ['ingest'] },
  },
  'DELETE /api/tokens/:department/:name': { needs: 'issue-token', path: '/api/tokens/traffic/none', empty: true },
};

/** Ends a session, which the others need. */
const LEFT_OUT = ['DELETE /api/session'];

const nothing = { decisions: [], commands: [], readings: [] };
const want = { value: 'NormalControl', rampSeconds: 0 };
const command: CommandRecord = {
  command: {
    commandId: `${POINT}:1`,
    point: POINT,
    department: 'traffic',
    device: 'gw',
    sequence: 1,
    fence: 1,
    issuedAt: 1,
    notAfter: 2,
    slot: 8,
    want,
    cause: { arbitration: { want, bounds: [], losers: [] } },
  },
  steps: [{ state: 'queued', at: 1 }],
};
const restraint: Restraint = {
  kind: 'out-of-service',
  id: 'traffic/r1',
  asset: J4,
  by: 'zoe',
  at: 1,
  reason,
  endAsked: [],
};

/** A gateway with one of everything of `traffic` that has an address of its own. */
async function start(): Promise<GatewayRun> {
  const run = await startGateway();
  for (const kind of ['rule', 'condition', 'duty', 'interlock', 'schedule', 'calendar'] as const)
    await run.store(kind, { id: 'traffic/it' });
  const alarm = {
    alarmId: ALARM,
    kind: 'asset-silent' as const,
    subject: J4,
    department: 'traffic',
    severity: 'medium' as const,
    text: 'not heard',
    asset: J4,
    group: J4,
    raisedAt: 1,
    activeSince: 1,
    occurrences: 1,
    steps: [{ what: 'raised' as const, at: 1 }],
    revision: 1,
  };
  const order = {
    orderId: 'o1',
    kind: 'repair',
    asset: J4,
    department: 'traffic',
    rule: 'traffic/it',
    ruleVersion: 1,
    title: 'Mend',
    decisionId: 'd1',
    state: 'open' as const,
    openedAt: 1,
  };
  await run.records.record({ ...nothing, commands: [command], alarms: [alarm], orders: [order] });
  const wish = { do: 'claim' as const, point: POINT, slot: 8, key: '', effect: 'set' as const, rampSeconds: 0 };
  const confirmation = {
    id: 'c1',
    department: 'traffic',
    wish: { ...wish, value: 'Dark', leaseSeconds: 600, reason },
    askedBy: 'zoe',
    askedAt: 1,
    expiresAt: 2,
  };
  run.live.city = { ...run.live.city, alarms: [alarm], orders: [order], confirmations: [confirmation] };
  return run;
}

const send = async (
  run: GatewayRun,
  [method, path]: [string, string],
  { headers, body }: { headers: Record<string, string>; body?: unknown },
) => {
  const stop = new AbortController();
  const response = await fetch(run.url + path, {
    method,
    signal: stop.signal,
    headers: { 'content-type': 'application/json', 'if-match': '"99"', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // A stream of events does not end by itself.
  const text = response.headers.get('content-type')?.startsWith('text/event-stream') ? '' : await response.text();
  stop.abort();
  return { status: response.status, text };
};

const methodOf = (route: string): string => route.split(' ')[0] ?? '';

/** The account `kim` that people's routes are about is there again, whatever the last call did; nor is anything out of service. */
async function refurnish(run: GatewayRun): Promise<void> {
  await run.accounts.save({ name: 'kim', passwordHash: 'none', roles: {} });
  run.restraints.standing.clear();
  run.restraints.standing.set(restraint.id, restraint);
}

it('has an entry for every route that the gateway has, and for no other', async () => {
  const run = await start();
  expect([...Object.keys(MATRIX), ...LEFT_OUT].toSorted()).toEqual(run.gateway.routes);
});

const PEOPLE: [string, Record<string, Role[]>][] = [
  ...roleSchema.options.flatMap((role): [string, Record<string, Role[]>][] => [
    [`${role} of traffic`, { traffic: [role] }],
    [`${role} of lighting`, { lighting: [role] }],
    [`${role} of the whole city`, { '*': [role] }],
  ]),
  ['person without a role', {}],
];

describe.each(PEOPLE)('a %s', (_, roles) => {
  it('is let in exactly where the table of permissions says so; what is foreign answers as if it did not exist', async () => {
    const run = await start();
    const cookie = await run.cookieOf('ann', roles);
    await expectAccess(run, { kind: 'person', id: 'ann', roles }, { cookie });
  });
});

describe.each([['traffic'], ['lighting']])(
  'a machine with a token of %s for everything that tokens are for',
  (department) => {
    it('is let in exactly where its verbs say so', async () => {
      const run = await start();
      const verbs = [...TOKEN_VERBS];
      const secret = `sbx_${department.padEnd(43, 'x')}`;
      const token = {
        id: `${department}/machine`,
        department,
        title: 'a machine',
        tokenHash: hashSecret(secret),
        verbs,
      };
      const entry = { at: 0, actor: 'person:ann', department, verb: 'issue-token', subject: token.id, detail: {} };
      await run.tokens.add(
        { ...token, createdBy: 'person:ann', createdAt: 0, expiresAt: Number.MAX_SAFE_INTEGER },
        entry,
      );
      await expectAccess(run, { kind: 'token', id: token.id, roles: {}, verbs }, { authorization: `Bearer ${secret}` });
    });
  },
);

describe.each([
  ['no credential', () => ({})],
  ['a session that is none', () => ({ cookie: `signalbox_session=${'x'.repeat(43)}` })],
  ['a token that is none', () => ({ authorization: `Bearer sbx_${'y'.repeat(43)}` })],
])('with %s', (_, headers) => {
  it('nothing is answered but what is for anybody', async () => {
    const run = await start();
    const letIn = [];
    for (const [route, { needs, path, body }] of Object.entries(MATRIX)) {
      if (needs === 'anybody') continue;
      const { status, text } = await send(run, [methodOf(route), path], { headers: headers(), body });
      if (status !== 401 || text.includes(J4)) letIn.push([route, status]);
    }
    expect(letIn).toEqual([]);
  });
});

/** Where the actor may have something to do at all. */
const departmentsOf = ({ id, roles }: Actor): string[] => [...Object.keys(roles), ...id.split('/').slice(0, 1)];

/** What the table of permissions says. */
function letsIn({ needs, place, anywhere, people }: Asked, actor: Actor): boolean {
  if (people && actor.kind !== 'person') return false;
  if (needs === 'signed-in' || needs === 'anybody') return true;
  return (anywhere ? departmentsOf(actor) : [place ?? 'traffic']).some((each) => may(actor, needs, each).allowed);
}

/** Calls every route as this actor and compares with what `may` says. */
async function expectAccess(run: GatewayRun, actor: Actor, headers: Record<string, string>): Promise<void> {
  const reads = may(actor, 'read', 'traffic').allowed;
  const wrong: unknown[] = [];
  for (const [route, asked] of Object.entries(MATRIX)) {
    if (asked.needs === 'anybody') continue;
    await refurnish(run);
    const { status, text } = await send(run, [methodOf(route), asked.path], { headers, body: asked.body });
    const isAllowed = letsIn(asked, actor);
    const isIn = ![401, 403, 404].includes(status) || (isAllowed && asked.empty === true && status === 404);
    if (isIn !== isAllowed) wrong.push([route, status, text.slice(0, 200)]);
    // No answer of 5xx, and nothing of what may not be read.
    if (status >= 500 || (!reads && text.includes('zoe'))) wrong.push([route, status, text.slice(0, 200)]);
    if (!reads && asked.missing !== undefined) {
      const other = await send(run, [methodOf(route), asked.missing], { headers, body: asked.body });
      if (other.status !== status) wrong.push([route, status, 'and of what does not exist', other.status]);
    }
  }
  expect(wrong).toEqual([]);
}

it('shows in lists and streams nothing of a department that one may not read', async () => {
  const run = await start();
  const cookie = await run.cookieOf('ben', { lighting: ['operator'] });
  for (const [route, { needs, path }] of Object.entries(MATRIX)) {
    if (needs !== 'signed-in' || !route.startsWith('GET') || route === 'GET /api/live') continue;
    expect((await send(run, ['GET', path], { headers: { cookie } })).text).not.toMatch(/TrafficController|traffic\//);
  }
  expect((await send(run, ['GET', '/api/assets'], { headers: { cookie } })).text).toContain(LAMP);
});
