import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { WebSocket } from 'ws';
import { decisionOf } from '../../test/decision.ts';
import { assertionFor, startBroker, startFlows, type FlowsProcess, type TestBroker } from '../../test/flows-process.ts';
import { LinkServer } from '../../test/link-server.ts';
import { makeTempFolder } from '../../test/temp-folder.ts';

const TOKEN = 'the-token-of-the-traffic-department';
const DETECTOR = 'urn:ngsi-ld:Detector:J4-east-1';
const J4 = 'urn:ngsi-ld:TrafficController:J4';
const CATALOGUE = {
  department: 'traffic',
  assets: [
    { id: DETECTOR, type: 'Detector', title: 'J4 east 1', points: [] },
    { id: J4, type: 'TrafficController', title: 'J4 Market', points: ['timePlan'] },
  ],
};

let town: Awaited<ReturnType<typeof startTraffic>>;
beforeAll(async () => {
  town = await startTraffic();
});
afterAll(() => town.stop());

it('brings telemetry from the field bus to the core, and the flows of the department to its people', async () => {
  const { core, bus, flows } = town;

  await publish(bus, 'J4', {
    id: 'm1',
    asset: DETECTOR,
    observedAt: '2026-11-22T14:02:11Z',
    readings: { occupancy: 0.42 },
  });
  await eventually(() => expect([...core.readings.keys()]).toEqual([`${DETECTOR}/m1/occupancy`]));

  const health = await (await fetch(`${flows.url}/healthz`)).json();
  expect(health).toMatchObject({ status: 'ready', flows: 'started', link: 'up', readings: { accepted: 1, shed: 0 } });
  expect((await admin(flows, '/flows')).map(({ type }: { type: string }) => type)).toContain('traffic-sensor');
  expect(await admin(flows, '/signalbox/catalogue')).toMatchObject({
    ...CATALOGUE,
    properties: { occupancy: { units: ['1', '%'] } },
  });
});

it('lets nobody in without an assertion of its own department that is still good', async () => {
  const { flows } = town;
  const statusWith = async (assertion?: string, path = '/flows', init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (assertion !== undefined) headers.set('x-signalbox-assertion', assertion);
    return (await fetch(`${flows.url}/flows/traffic${path}`, { ...init, headers })).status;
  };
  expect(await statusWith()).toBe(401);
  expect(await statusWith('nonsense')).toBe(401);
  expect(await statusWith(await assertionFor('another token', 'traffic'))).toBe(401);
  expect(await statusWith(await assertionFor(TOKEN, 'lighting'))).toBe(401);
  expect(await statusWith(await assertionFor(TOKEN, 'traffic', { expires: '-10 s' }))).toBe(401);
  expect(await statusWith(await assertionFor(TOKEN, 'traffic', { expires: '2 h' }))).toBe(200);
  const reader = await assertionFor(TOKEN, 'traffic', { permissions: 'read' });
  expect(await statusWith(reader)).toBe(200);
  const deploy = { method: 'POST', body: '[]', headers: { 'Content-Type': 'application/json' } };
  expect(await statusWith(reader, '/flows', deploy)).toBe(401);
  expect(await statusWith(undefined, '/signalbox/catalogue')).toBe(401);
  const password = {
    method: 'POST',
    body: 'grant_type=password&client_id=node-red-editor&username=admin&password=admin&scope=',
  };
  expect(await statusWith(undefined, '/auth/token', password)).not.toBe(200);
});

it('opens the editor’s websocket with an assertion, and drops one that is not good', async () => {
  const { flows } = town;
  const connect = (assertion: string) =>
    new WebSocket(`${flows.url.replace('http', 'ws')}/flows/traffic/comms`, {
      headers: { 'x-signalbox-assertion': assertion },
    });
  const good = connect(await assertionFor(TOKEN, 'traffic'));
  onTestFinished(() => good.terminate());
  await once(good, 'open');
  good.send(JSON.stringify({ subscribe: 'status/#' }));
  const [status] = await once(good, 'message');
  expect(String(status)).toContain('status/');
  const forged = connect('nonsense');
  await expect(once(forged, 'open')).rejects.toThrow('socket hang up');
});

it('keeps what people have changed when it starts again, and finds its flows by itself the first time only', async () => {
  const { env, flows } = await startOwn();
  const own = [{ id: 'own', type: 'tab', label: 'Our own', disabled: false, info: '' }];
  const deployed = await fetch(`${flows.url}/flows/traffic/flows`, {
    method: 'POST',
    body: JSON.stringify(own),
    headers: { 'Content-Type': 'application/json', 'x-signalbox-assertion': await assertionFor(TOKEN, 'traffic') },
  });
  expect(deployed.status).toBe(204);
  expect(await flows.stop()).toBe(0);
  const again = await startFlows(env);
  onTestFinished(async () => void (await again.stop()));
  expect(await admin(again, '/flows')).toMatchObject(own);
});

it('tells decisions to the flows, carries out what they ask, and gives it back when it is stopped', async () => {
  const { core, flows } = await startOwn();
  const headers = { 'Content-Type': 'application/json', 'x-signalbox-assertion': await assertionFor(TOKEN, 'traffic') };
  const tab = { id: 't', type: 'tab', label: 'Ask', disabled: false, info: '' };
  const decision = {
    id: 'd',
    z: 't',
    type: 'decision',
    name: '',
    rule: '',
    asset: '',
    kind: 'started',
    wires: [['c']],
  };
  const plan = {
    id: 'c',
    z: 't',
    type: 'change',
    rules: [{ t: 'set', p: 'payload', pt: 'msg', to: '3', tot: 'num' }],
    wires: [['s']],
  };
  const ask = {
    id: 's',
    z: 't',
    type: 'signal-controller',
    name: 'J4',
    assets: [J4],
    lease: '10 min',
    reason: '',
    wires: [[]],
  };
  const body = JSON.stringify([tab, decision, plan, ask]);
  await fetch(`${flows.url}/flows/traffic/flows`, { method: 'POST', body, headers });
  await eventually(() => {
    core.tell({ type: 'decision', decision: decisionOf() });
    expect([...core.claims.values()]).toMatchObject([{ point: `${J4}#timePlan`, value: 3, reason: 'flow node J4' }]);
  });
  const verified = {
    commandId: 'c1',
    point: `${J4}#timePlan`,
    state: 'verified',
    at: Date.now(),
    value: 3,
    key: 's',
  } as const;
  core.tell({ type: 'command', ...verified });
  const text = expect.stringMatching(/^J4 timePlan 3 · verified \d\d:\d\d:\d\d$/);
  await eventually(async () => expect(await statusTexts(flows)).toContainEqual(text));
  expect(await flows.stop()).toBe(0);
  expect(core.claims.size).toBe(0);
});

it('starts no flow in safe mode until somebody deploys, which it lets people do', async () => {
  const { core, env, flows: before } = await startOwn();
  await eventually(() => expect(core.flows).toEqual(['started']));
  expect(await before.stop()).toBe(0);
  const flows = await startFlows({ ...env, FLOWS_SAFE_MODE: '1' });
  onTestFinished(async () => void (await flows.stop()));
  await eventually(() => expect(JSON.stringify(flows.log)).toContain('Flows stopped in safe mode'));
  const health = async () => (await fetch(`${flows.url}/healthz`)).json();
  expect(await health()).toMatchObject({ status: 'not ready', flows: 'not started' });
  const headers = { 'Content-Type': 'application/json', 'x-signalbox-assertion': await assertionFor(TOKEN, 'traffic') };
  const body = JSON.stringify(await admin(flows, '/flows'));
  const deployed = await fetch(`${flows.url}/flows/traffic/flows`, { method: 'POST', body, headers });
  expect(deployed.status).toBe(204);
  await eventually(async () => expect(await health()).toMatchObject({ flows: 'started' }));
  await eventually(() => expect(core.flows).toEqual(['started', 'safe-mode', 'started']));
});

it('ends when nobody reads its log any more, which means that who started it is gone', async () => {
  const { flows, core } = await startOwn();
  flows.child.stdout?.destroy();
  const exit = once(flows.child, 'exit');
  core.dropClients();
  expect(await exit).toEqual([1, null]);
});

it('keeps its secrets out of the environment, the log and the files that flows can read', async () => {
  const { flows, env } = await startOwn();
  const headers = { 'Content-Type': 'application/json', 'x-signalbox-assertion': await assertionFor(TOKEN, 'traffic') };
  const first = await admin(flows, '/flows');
  const peek = [
    { id: 'p', type: 'tab', label: 'Peek', disabled: false, info: '' },
    { id: 'i', z: 'p', type: 'inject', props: [], once: true, onceDelay: 0, wires: [['f']] },
    {
      id: 'f',
      z: 'p',
      type: 'function',
      outputs: 0,
      func: "node.status({ text: ['SIGNALBOX_LINK_TOKEN', 'FLOWS_MQTT_URL', 'FLOWS_MQTT_PASSWORD'].map((name) => env.get(name)).join('|') })",
      wires: [],
    },
  ];
  await fetch(`${flows.url}/flows/traffic/flows`, {
    method: 'POST',
    body: JSON.stringify([...first, ...peek]),
    headers,
  });
  const bus = new URL(env['FLOWS_MQTT_URL'] ?? '');
  await eventually(async () => expect(await statusTexts(flows)).toContain(`|mqtt://${bus.host}|`));
  const files = await Promise.all(
    ['flows.json', 'flows_cred.json'].map((file) => readFile(join(env['SIGNALBOX_FLOWS_DIR'] ?? '', file), 'utf8')),
  );
  const seen = JSON.stringify(flows.log) + files.join('');
  for (const secret of [TOKEN, 'pass-word']) expect(seen).not.toContain(secret);
});

it('serves the department’s own pages to whom the gateway has let in, and keeps what it said of them to itself', async () => {
  const { flows } = await startOwn();
  const headers = { 'x-signalbox-assertion': await assertionFor(TOKEN, 'traffic') };
  const func = 'msg.payload = [msg.req.headers, msg.req.rawHeaders]; return msg;';
  const own = [
    { id: 'p', type: 'tab', label: 'Page', disabled: false, info: '' },
    { id: 'i', z: 'p', type: 'http in', url: '/page', method: 'get', wires: [['f']] },
    { id: 'f', z: 'p', type: 'function', outputs: 1, func, wires: [['o']] },
    { id: 'o', z: 'p', type: 'http response', statusCode: '', headers: {}, wires: [] },
  ];
  await fetch(`${flows.url}/flows/traffic/flows`, {
    method: 'POST',
    body: JSON.stringify(own),
    headers: { ...headers, 'Content-Type': 'application/json' },
  });
  const page = `${flows.url}/flows/traffic/http/page`;
  await eventually(async () => expect((await fetch(page, { headers })).status).toBe(200));
  const seen = await (await fetch(page, { headers: { ...headers, 'X-Mark': 'mine' } })).text();
  expect(seen).toContain('mine');
  expect(seen.toLowerCase()).not.toContain('assertion');
  expect(seen).not.toContain(headers['x-signalbox-assertion']);
  expect((await fetch(page)).status).toBe(401);
  const foreign = { 'x-signalbox-assertion': await assertionFor(TOKEN, 'lighting') };
  expect((await fetch(page, { headers: foreign })).status).toBe(401);
});

it('has no nodes that start programs, touch files or open plain sockets, and installs none', async () => {
  const { flows } = town;
  const nodes: { types: string[]; module: string; user: boolean; err?: string }[] = await admin(flows, '/nodes');
  const types = nodes.flatMap((set) => set.types);
  for (const type of ['exec', 'file', 'file in', 'watch', 'tcp in', 'udp in']) expect(types).not.toContain(type);
  const palette = nodes.filter(({ module }) => module === '@signalbox/node-red-city');
  expect(palette.flatMap((set) => set.types).toSorted()).toEqual([
    'bin-compactor',
    'bin-sensor',
    'decision',
    'light-sensor',
    'rules',
    'schedule',
    'signal-controller',
    'streetlight',
    'traffic-sensor',
  ]);
  expect(nodes.filter(({ err }) => err)).toEqual([]);
  const headers = { 'Content-Type': 'application/json', 'x-signalbox-assertion': await assertionFor(TOKEN, 'traffic') };
  const install = await fetch(`${flows.url}/flows/traffic/nodes`, {
    method: 'POST',
    body: '{"module":"node-red-contrib-cron"}',
    headers,
  });
  expect(install.ok).toBe(false);
  const uninstall = await fetch(`${flows.url}/flows/traffic/nodes/@signalbox/node-red-city`, {
    method: 'DELETE',
    headers,
  });
  expect(uninstall.ok).toBe(false);
  expect(await admin(flows, '/icons/@signalbox/node-red-city/streetlight.svg', 'text')).toContain('<svg');
  expect(await admin(flows, '/resources/@signalbox/node-red-city/city-forms.js', 'text')).toContain('SignalboxForms');
  expect(await admin(flows, '/plugins/messages?lng=de')).toMatchObject({
    '@signalbox/node-red-city/city': { form: { lease: 'Dauer' } },
  });
  expect(await admin(flows, '/nodes/@signalbox/node-red-city/streetlight/messages?lng=de')).toMatchObject({
    streetlight: { label: 'Straßenleuchte' },
  });
  expect(JSON.stringify(await admin(flows, '/library/examples/flows/@signalbox/node-red-city'))).toContain(
    'Dim one streetlight',
  );
});

/** Core, broker and flows of the department, and what ends them. */
async function startTraffic() {
  const core = new LinkServer({ token: TOKEN, catalogue: CATALOGUE });
  const folder = await makeTempFolder();
  const bus = await startBroker('traffic', 'pass-word');
  const env = {
    SIGNALBOX_DEPARTMENT: 'traffic',
    SIGNALBOX_CORE_URL: await core.start(),
    SIGNALBOX_LINK_TOKEN: TOKEN,
    SIGNALBOX_FLOWS_DIR: folder.path,
    FLOWS_MQTT_URL: bus.url,
  };
  const flows = await startFlows(env);
  await eventually(async () => expect((await fetch(`${flows.url}/healthz`)).status).toBe(200));
  const stop = async () => {
    await flows.stop();
    await Promise.all([bus.stop(), core.stop(), folder.remove()]);
  };
  return { core, bus, env, flows, stop };
}

/** For a test that changes or stops the flows. */
async function startOwn() {
  const own = await startTraffic();
  onTestFinished(own.stop);
  return own;
}

/** Publishes once a runtime listens: messages before that go to nobody. */
async function publish({ broker, subscriptions }: TestBroker, device: string, telemetry: object): Promise<void> {
  await eventually(() => expect(subscriptions).toEqual(['signalbox/v1/traffic/+/telemetry']));
  const topic = `signalbox/v1/traffic/${device}/telemetry`;
  const payload = JSON.stringify(telemetry);
  await new Promise((resolve) => {
    broker.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, resolve);
  });
}

async function admin(flows: FlowsProcess, path: string, as: 'json' | 'text' = 'json') {
  const response = await fetch(`${flows.url}/flows/traffic${path}`, {
    headers: { 'x-signalbox-assertion': await assertionFor(TOKEN, 'traffic'), Accept: 'application/json' },
  });
  expect([path, response.status]).toEqual([path, 200]);
  return response[as]();
}

/** The texts under all nodes, as the editor is told them. */
async function statusTexts(flows: FlowsProcess): Promise<string[]> {
  const socket = new WebSocket(`${flows.url.replace('http', 'ws')}/flows/traffic/comms`, {
    headers: { 'x-signalbox-assertion': await assertionFor(TOKEN, 'traffic') },
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ subscribe: 'status/#' }));
  const [frame] = await once(socket, 'message');
  socket.terminate();
  const news: { topic: string; data: { text?: string } }[] = JSON.parse(String(frame));
  return news.flatMap(({ data }) => data.text ?? []);
}
