import { once } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { systemActor } from '../engine/model/actor.ts';
import type { CommandRecord } from '../engine/model/command.ts';
import { LINK_PATH, type FlowReading, type LinkAnswer } from '../engine/model/link.ts';
import { asset, J4, LAMP, startGateway, type GatewayRun } from '../test/gateway-run.ts';
import { ManualClock } from '../test/manual-clock.ts';

const TOKENS = { traffic: 'token-of-the-traffic-flows', lighting: 'token-of-the-lighting-flows' };

describe('a link', () => {
  it('is refused without the right token', async () => {
    const run = await startGateway({ settings: { linkTokens: TOKENS } });
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: `Basic ${TOKENS.traffic}` }]) {
      const socket = new WebSocket(run.url + LINK_PATH, { headers });
      expect(String((await once(socket, 'error'))[0])).toContain('401');
    }
  });

  it('is refused to a fifth runtime of one department', async () => {
    const { run } = await start();
    for (let more = 0; more < 3; more += 1) await Runtime.open(run, TOKENS.traffic);
    const headers = { authorization: `Bearer ${TOKENS.traffic}` };
    const fifth = new WebSocket(run.url + LINK_PATH, { headers });
    expect(String((await once(fifth, 'error'))[0])).toContain('429');
    await Runtime.open(run, TOKENS.lighting);
  });

  it('begins with the catalogue of its department, and tells its changes', async () => {
    const { run, link } = await start();
    expect(await link.next('catalogue')).toEqual({
      type: 'catalogue',
      department: 'traffic',
      assets: [{ id: J4, type: 'TrafficController', title: 'J4', points: ['timePlan', 'functionalPosition'] }],
    });
    const cookie = await run.cookieOf('ann', { traffic: ['administrator'] });
    const detector = asset('urn:ngsi-ld:Detector:J4-1', 'traffic');
    const path = `/api/assets/${encodeURIComponent(detector.id)}`;
    await run.call(cookie, 'PUT', path, { body: detector, headers: { 'if-none-match': '*' } });
    const { assets } = await link.next('catalogue', ({ assets: all }) => all.length === 2);
    expect(assets.map(({ id }) => id)).toEqual([detector.id, J4]);
  });

  it('is told of its department’s events until it has taken them, and of nobody else’s', async () => {
    const { run, link } = await start();
    const event = {
      runId: 'traffic/sweep@2026-11-26T04:00:00.000Z',
      schedule: 'traffic/sweep',
      version: 1,
      department: 'traffic',
      title: 'Sweep',
      name: 'sweep',
      due: 1,
      notes: [],
      late: false,
    };
    await expect(run.gateway.deliver(event)).rejects.toThrow('no flows runtime of traffic has taken');
    link.send({ type: 'watch', runs: true });
    await once(link.ping(), 'pong');
    const delivered = run.gateway.deliver(event);
    expect((await link.next('run')).run).toEqual(event);
    link.send({ type: 'taken', run: event.runId });
    await delivered;
    await expect(run.gateway.deliver({ ...event, department: 'lighting' })).rejects.toThrow(
      'no flows runtime of lighting',
    );
  });

  it('hears of assets that another gateway changed', async () => {
    const { run, link } = await start();
    await run.documents.put({
      kind: 'asset',
      id: J4,
      department: 'traffic',
      body: { ...asset(J4, 'traffic', { timePlan: {} }), title: 'Junction 4' },
      expected: 1,
      actor: systemActor('elsewhere'),
    });
    run.live.emit({
      event: 'asset',
      data: {
        id: J4,
        type: 'TrafficController',
        title: 'Junction 4',
        department: 'traffic',
        points: ['timePlan'],
        relations: {},
        attributes: {},
      },
    });
    expect((await link.next('catalogue', ({ assets }) => assets[0]?.title !== 'J4')).assets[0]?.title).toBe(
      'Junction 4',
    );
  });

  it('counts as ready flows while it is open', async () => {
    const { run, link } = await start({ flows: { traffic: 'http://127.0.0.1:9' } });
    expect(await run.health.report()).toMatchObject({ ready: true, parts: { 'flows:traffic': { ok: true } } });
    link.socket.close();
    await expect.poll(async () => (await run.health.report()).missing).toEqual(['flows:traffic']);
  });

  it('is cut when its runtime answers no ping', async () => {
    const clock = new ManualClock();
    const { run, link } = await start({}, clock);
    await link.next('catalogue');
    link.socket.removeAllListeners('ping');
    // ws answers pings by itself; a runtime that hangs does not.
    link.socket.pong = () => undefined;
    clock.advance(15_000);
    clock.advance(15_000);
    await once(link.socket, 'close');
    await expect.poll(async () => (await run.metrics.linkConnections.get()).values[0]?.value).toBe(0);
  });

  it('tells the log that flows run, that their runtime is lost, and that they run again', async () => {
    const clock = new ManualClock();
    const { run, link } = await start({}, clock);
    link.send({ type: 'flows', state: 'started' });
    await expect.poll(() => flowsSaid(run)).toEqual(['traffic started']);
    clock.advance(1_000);
    link.socket.terminate();
    await expect.poll(() => flowsSaid(run)).toEqual(['traffic started', 'traffic lost']);
    clock.advance(1_000);
    const again = await Runtime.open(run, TOKENS.traffic);
    again.send({ type: 'flows', state: 'safe-mode' });
    await expect.poll(() => flowsSaid(run)).toEqual(['traffic started', 'traffic lost', 'traffic safe-mode']);
  });

  it('raises nothing when a runtime says goodbye, when another one is still there, or when the core stops', async () => {
    const { run, link } = await start();
    const second = await Runtime.open(run, TOKENS.traffic);
    link.socket.terminate();
    await expect.poll(() => linksOfTraffic(run)).toBe(1);
    second.socket.close(1000);
    await expect.poll(() => linksOfTraffic(run)).toBe(0);
    const third = await Runtime.open(run, TOKENS.traffic);
    // It answers no goodbye of the core's.
    third.socket.close = () => undefined;
    await run.gateway.stop();
    expect(flowsSaid(run)).toEqual([]);
  });

  it('ends when a frame breaks the contract or its size', async () => {
    const { run } = await start();
    const frames: [string, number][] = [
      ['not json', 1008],
      ['{"type":"readings","seq":1,"readings":[]}', 1008],
      [JSON.stringify({ type: 'readings', seq: 1, readings: ['x'.repeat(1_100_000)] }), 1009],
    ];
    for (const [frame, expected] of frames) {
      const link = await Runtime.open(run, TOKENS.traffic);
      link.socket.send(frame);
      const [code] = await once(link.socket, 'close');
      expect(code).toBe(expected);
    }
  });
});

describe('readings', () => {
  it('are acknowledged once they are in the log, in one input, normalised and signed', async () => {
    const clock = new ManualClock();
    const { run, link } = await start({}, clock);
    const release = run.log.hold();
    link.send({ type: 'readings', seq: 7, readings: [reading('a', { value: 42, unit: '%' }), reading('b')] });
    await expect.poll(() => run.log.groups).toEqual([1]);
    expect(link.answers.map(({ type }) => type)).not.toContain('ack');
    release();
    expect(await link.next('ack')).toEqual({ type: 'ack', seq: 7, accepted: 2, refused: [] });
    const { readings } = await run.log.next('readings');
    expect(readings[0]).toEqual({
      id: 'a',
      asset: J4,
      property: 'occupancy',
      value: 0.42,
      unit: '1',
      observedAt: clock.now(),
      receivedAt: clock.now(),
      quality: 'good',
      source: 'flow:traffic',
    });
  });

  it('are checked one by one, and refused by name', async () => {
    const clock = new ManualClock();
    const { run, link } = await start({}, clock);
    const readings = [
      reading('good', { observedAt: clock.now() + 300_000 }),
      reading('of another', { asset: LAMP }),
      reading('of nobody', { asset: 'urn:ngsi-ld:Detector:none' }),
      reading('ahead', { observedAt: clock.now() + 300_001 }),
      reading('too much', { value: 80 }),
      reading('odd unit', { unit: 'furlong' }),
      { ...reading('signed'), source: 'adapter:mqtt' },
      null,
    ];
    link.send({ type: 'readings', seq: 1, readings });
    const { accepted, refused } = await link.next('ack');
    expect(accepted).toBe(1);
    expect(refused.map(({ index, problem }) => [index, problem.code])).toEqual([
      [1, 'foreign-asset'],
      [2, 'unknown-asset'],
      [3, 'observed-in-future'],
      [4, 'reading-value'],
      [5, 'reading-unit'],
      [6, 'schema'],
      [7, 'schema'],
    ]);
    expect(refused[3]?.problem).toMatchInlineSnapshot(`
      {
        "allowed": "a number from 0 to 1",
        "code": "reading-value",
        "found": "80",
        "message": "found 80; allowed is a number from 0 to 1",
        "path": "/occupancy",
      }
    `);
    const text = await run.metrics.registry.metrics();
    expect(text).toContain('signalbox_readings_accepted_total{department="traffic"} 1');
    expect(text).toContain('signalbox_readings_refused_total{department="traffic",reason="foreign-asset"} 1');
    // The engine is told of the one that is ahead: it makes the fact unknown.
    const { readings: taken } = await run.log.next('readings');
    expect(taken.map(({ id }) => id)).toEqual(['good', 'ahead']);
  });

  it('share an append when they come together', async () => {
    const { run, link } = await start();
    const release = run.log.hold();
    for (let seq = 0; seq < 20; seq += 1) link.send({ type: 'readings', seq, readings: [reading(`r${seq}`)] });
    await expect.poll(() => run.log.groups.length).toBe(1);
    // The frames behind the first append are read while it waits.
    link.send({ type: 'watch' });
    await once(link.ping(), 'pong');
    release();
    await link.next('ack', ({ seq }) => seq === 19);
    expect(run.log.groups.length).toBeLessThanOrEqual(2);
    expect(run.log.groups.reduce((sum, count) => sum + count)).toBe(20);
  });

  it('are told to wait when the log is away, when it is full, and when too many are under way', async () => {
    const { run, link } = await start();
    run.log.mood = 'away';
    link.send({ type: 'readings', seq: 1, readings: [reading('a')] });
    expect(await link.next('busy')).toMatchObject({ seq: 1, retryMs: 500, reason: expect.stringContaining('log') });
    run.log.mood = 'full';
    link.send({ type: 'readings', seq: 2, readings: [reading('a')] });
    expect(await link.next('busy', ({ seq }) => seq === 2)).toMatchObject({ reason: expect.stringContaining('limit') });
    run.log.mood = 'well';
    const release = run.log.hold();
    for (let seq = 10; seq <= 20; seq += 1) {
      const readings = Array.from({ length: 500 }, (_, index) => reading(`${seq}-${index}`));
      link.send({ type: 'readings', seq, readings });
    }
    expect(await link.next('busy', ({ seq }) => seq === 20)).toMatchObject({
      reason: 'more than 5000 readings are under way',
    });
    release();
    await link.next('ack', ({ seq }) => seq === 19);
    link.send({ type: 'readings', seq: 21, readings: [reading('after')] });
    expect(await link.next('ack', ({ seq }) => seq === 21)).toMatchObject({ accepted: 1 });
  });
});

describe('nonsense that is nested too deeply', () => {
  it('is refused like any other nonsense, and nobody falls over', async () => {
    const { run, link } = await start();
    link.socket.send(deep({ type: 'readings', seq: 1, readings: [reading('a'), { ...reading('b'), value: 'deep' }] }));
    expect(await link.next('ack')).toMatchObject({ accepted: 1, refused: [{ index: 1, problem: { code: 'schema' } }] });
    link.socket.send(deep({ type: 'request', id: 'r', request: 'deep' }));
    expect(await link.next('result')).toMatchObject({ ok: false, problems: [{ code: 'schema' }] });
    link.socket.send(deep({ type: 'deep' }));
    expect((await once(link.socket, 'close'))[0]).toBe(1_008);
    expect((await run.health.report()).ready).toBe(true);
  });
});

describe('requests', () => {
  const claim = {
    do: 'claim',
    point: `${J4}#timePlan`,
    effect: 'set',
    value: 3,
    slot: 13,
    leaseSeconds: 60,
    reason: 'x',
  };

  it('enter the log as the department’s flow', async () => {
    const { run, link } = await start();
    link.send({ type: 'request', id: 'r1', request: { ...claim, key: 'node-1' } });
    expect(await link.next('result')).toEqual({ type: 'result', id: 'r1', ok: true });
    expect(await run.log.next('request')).toMatchObject({
      actor: { kind: 'flow', id: 'traffic' },
      department: 'traffic',
      request: { ...claim, key: 'node-1', rampSeconds: 0 },
    });
  });

  it('are refused with all problems when they ask for what a flow may not', async () => {
    const { run, link } = await start();
    const bad: [object, string[]][] = [
      [{ ...claim, point: `${J4}#functionalPosition`, value: 'Dark' }, ['two-people']],
      [{ ...claim, slot: 8, value: 'three' }, ['slot', 'point-value']],
      [{ ...claim, point: `${LAMP}#level`, value: 1 }, ['forbidden']],
      [{ ...claim, point: `${J4}#lamp` }, ['unknown-point']],
      [{ do: 'release', point: `${J4}#timePlan`, reason: 'over', owner: 'ann' }, ['owner']],
      [{ ...claim, point: 'urn:ngsi-ld:Streetlight:none#level' }, ['unknown-point']],
      [{ ...claim, leaseSeconds: 1e9, effect: 'toggle' }, ['schema', 'schema']],
      [{}, ['schema']],
    ];
    for (const [index, [request, codes]] of bad.entries()) {
      link.send({ type: 'request', id: String(index), request });
      const result = await link.next('result', ({ id }) => id === String(index));
      expect(result.ok ? [] : result.problems.map(({ code }) => code)).toEqual(codes);
    }
    expect(run.log.entries).toEqual([]);
  });

  it('pass while the log has no room for readings, and fail by name when it is away', async () => {
    const { run, link } = await start();
    run.log.mood = 'full';
    link.send({ type: 'readings', seq: 1, readings: [reading('a')] });
    link.send({ type: 'request', id: 'r1', request: { do: 'release', point: `${J4}#timePlan`, reason: 'over' } });
    expect(await link.next('result')).toMatchObject({ ok: true });
    await link.next('busy');
    run.log.mood = 'away';
    link.send({ type: 'request', id: 'r2', request: claim });
    expect(await link.next('result', ({ id }) => id === 'r2')).toMatchObject({
      ok: false,
      problems: [{ code: 'log-unavailable' }],
    });
  });
});

describe('what a runtime watches', () => {
  it('is its own department’s decisions and commands, with the key of its own claim', async () => {
    const { run, link } = await start();
    await link.next('catalogue');
    link.send({ type: 'watch', decisions: true, commands: true });
    await once(link.ping(), 'pong');
    run.live.emit(
      { event: 'command', data: command('lighting', `${LAMP}#level`, 'rule lighting/x', 'lighting/x|a|#b') },
      { event: 'decision', data: decision('lighting', LAMP) },
      { event: 'decision', data: decision('waste', J4) },
      {
        event: 'command',
        data: command('traffic', `${J4}#timePlan`, 'flow traffic', `flow:traffic:node-1#${J4}#timePlan`),
      },
    );
    expect(await link.next('command')).toEqual({
      type: 'command',
      commandId: `${J4}#timePlan:1`,
      point: `${J4}#timePlan`,
      state: 'sent',
      at: 2,
      value: 3,
      owner: 'flow traffic',
      key: 'node-1',
    });
    expect(link.answers.flatMap((answer) => (answer.type === 'decision' ? [answer.decision.department] : []))).toEqual([
      'waste',
    ]);
  });

  it('is nothing until it says so', async () => {
    const { run, link } = await start();
    await link.next('catalogue');
    run.live.emit({ event: 'decision', data: decision('traffic', J4) });
    await once(link.ping(), 'pong');
    expect(link.answers.map(({ type }) => type)).toEqual(['catalogue']);
  });
});

async function start(settings: { flows?: Record<string, string> } = {}, clock?: ManualClock) {
  const run = await startGateway({ settings: { linkTokens: TOKENS, ...settings }, ...(clock ? { clock } : {}) });
  now = clock?.now() ?? Date.now();
  return { run, link: await Runtime.open(run, TOKENS.traffic) };
}

const flowsSaid = (run: GatewayRun): string[] =>
  run.log.entries.flatMap(({ input }) => (input.kind === 'flows' ? [`${input.department} ${input.state}`] : []));

const linksOfTraffic = async (run: GatewayRun): Promise<number | undefined> =>
  (await run.metrics.linkConnections.get()).values[0]?.value;

let now = 0;
const reading = (id: string, changes: Partial<FlowReading> = {}): FlowReading => ({
  id,
  asset: J4,
  property: 'occupancy',
  value: 0.5,
  observedAt: now,
  quality: 'good',
  ...changes,
});

const deep = (frame: object): string =>
  JSON.stringify(frame).replace('"deep"', '['.repeat(200_000) + ']'.repeat(200_000));

const decision = (department: string, about: string) => ({
  decisionId: `${department}-1`,
  kind: 'started' as const,
  rule: `${department}/x`,
  ruleVersion: 1,
  title: 'x',
  department,
  asset: about,
  at: 1,
  causedBy: '1-0',
  reason: 'conditions true',
  trace: [],
  claims: [],
});

function command(department: string, point: string, owner: string, claimId: string): CommandRecord {
  const want = { value: 3, rampSeconds: 0 };
  const winner = { claimId, owner, slot: 13, effect: 'set', value: 3, reason: 'x', leaseUntil: 9 };
  return {
    command: {
      commandId: `${point}:1`,
      point,
      department,
      device: 'gw',
      sequence: 1,
      fence: 1,
      issuedAt: 1,
      notAfter: 9,
      slot: 13,
      want,
      cause: { arbitration: { want, winner, bounds: [], losers: [] } },
    },
    steps: [
      { state: 'queued', at: 1 },
      { state: 'sent', at: 2 },
    ],
  };
}

/** A flows runtime's end of the link. */
class Runtime {
  readonly socket: WebSocket;
  readonly answers: LinkAnswer[] = [];

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.answers.push(JSON.parse(Buffer.isBuffer(data) ? data.toString() : '')));
  }

  static async open(run: GatewayRun, token: string): Promise<Runtime> {
    const socket = new WebSocket(run.url + LINK_PATH, { headers: { authorization: `Bearer ${token}` } });
    const runtime = new Runtime(socket);
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    return runtime;
  }

  send(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** Frames are handled in order, so a pong says that all before it were read. */
  ping(): WebSocket {
    this.socket.ping();
    return this.socket;
  }

  async next<Type extends LinkAnswer['type']>(
    type: Type,
    matches: (answer: Extract<LinkAnswer, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<LinkAnswer, { type: Type }>> {
    const isOfType = (answer: LinkAnswer): answer is Extract<LinkAnswer, { type: Type }> => answer.type === type;
    return vi.waitUntil(() => this.answers.filter(isOfType).find(matches), { timeout: 5_000, interval: 5 });
  }
}
