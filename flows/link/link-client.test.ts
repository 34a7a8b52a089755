import { expect, it, onTestFinished, vi } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { LINK_BATCH_LIMIT, LINK_CREDIT, type FlowReading } from '../../engine/model/link.ts';
import type { Link } from '../../nodes/lib/port.ts';
import { decisionOf } from '../../test/decision.ts';
import { LinkServer, type LinkServerOptions } from '../../test/link-server.ts';
import { backoffMs } from './backoff.ts';
import { LinkClient, type LinkOptions } from './link-client.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:l1';
const CATALOGUE = {
  department: 'lighting',
  assets: [{ id: LAMP, type: 'Streetlight', title: 'Lamp 1', points: ['level'] }],
};

it('is what the palette expects of a link', () => {
  const link: Link = new LinkClient({ coreUrl: 'http://127.0.0.1:1', token: 'x' });
  expect(link.catalogue()).toBeUndefined();
});

it('hands readings over and says which were accepted and which refused, by their place in the call', async () => {
  const { server, link } = await linked({ catalogue: CATALOGUE });
  const outcomes = await Promise.all([
    link.submit([reading('a'), { ...reading('b'), asset: 'urn:ngsi-ld:Streetlight:unknown' }]),
    link.submit([reading('c')]),
  ]);
  expect(outcomes).toMatchObject([
    { accepted: 1, refused: [{ index: 1, problem: { code: 'unknown-asset' } }] },
    { accepted: 1, refused: [] },
  ]);
  expect([...server.readings.keys()]).toEqual(['a', 'c']);
  // Both calls came within one turn of the event loop.
  expect(server.batches).toHaveLength(1);
});

it('sends everything unanswered again after a reconnection, with the same ids', async () => {
  const { server, link } = await linked({ onBatch: () => undefined });
  const outcome = link.submit([reading('a'), reading('b')]);
  await eventually(() => expect(server.batches).toHaveLength(1));
  server.onBatch = server.acknowledge;
  server.dropClients();
  expect(await outcome).toEqual({ accepted: 2, refused: [] });
  expect(server.batches[1]).toEqual(server.batches[0]);
});

it('waits for a core that is not there yet, and finds it when it comes', async () => {
  const first = await startServer();
  const { port } = first;
  await first.stop();
  const link = startLink({ coreUrl: `http://127.0.0.1:${port}` });
  const outcome = link.submit([reading('a')]);
  const ups: boolean[] = [];
  link.onUp((isUp) => ups.push(isUp));
  await startServer({ port });
  expect(await outcome).toEqual({ accepted: 1, refused: [] });
  expect(ups).toEqual([false, true]);
});

it('has no more readings under way than its credit, however many are handed over', async () => {
  const { server, link } = await linked({ onBatch: () => undefined });
  const outcome = link.submit(
    Array.from({ length: LINK_CREDIT + LINK_BATCH_LIMIT }, (_, index) => reading(`r${index}`)),
  );
  await eventually(() => expect(server.batches).toHaveLength(LINK_CREDIT / LINK_BATCH_LIMIT));
  expect(link.figures()).toMatchObject({ underWay: LINK_CREDIT, waiting: LINK_BATCH_LIMIT });
  server.onBatch = server.acknowledge;
  server.dropClients();
  expect(await outcome).toEqual({ accepted: LINK_CREDIT + LINK_BATCH_LIMIT, refused: [] });
});

it('gives up the oldest readings when too many wait for a core that is away', async () => {
  const link = startLink({ coreUrl: 'http://127.0.0.1:1', waitingLimit: 2 });
  const outcome = await Promise.race([link.submit([reading('old')]), link.submit([reading('b'), reading('c')])]);
  expect(outcome.refused[0]?.problem).toMatchObject({
    code: 'link-full',
    path: '',
    message: 'found "more than 2 waiting readings"; the oldest were given up: the core is not keeping up',
  });
  expect(link.figures()).toMatchObject({ shed: 1, waiting: 2 });
});

it('tries a batch again when the core was too busy for it, and holds new ones back until then', async () => {
  const { server, link } = await linked();
  const second = new Promise<unknown>((resolve) => {
    server.onBatch = (batch, answer) => {
      server.onBatch = server.acknowledge;
      answer({ type: 'busy', seq: batch.seq, retryMs: 30, reason: 'the log is full' });
      link.onDecision(() => resolve(link.submit([reading('b')])));
      // Frames keep their order: when the decision is heard, so was the answer.
      answer({ type: 'decision', decision: decisionOf() });
    };
  });
  expect(await link.submit([reading('a')])).toEqual({ accepted: 1, refused: [] });
  expect(await second).toEqual({ accepted: 1, refused: [] });
  expect(server.batches.map(({ seq }) => seq)).toEqual([0, 0, 1]);
});

it('passes a request on and brings the answer back, with every reason of a refusal', async () => {
  const { server, link } = await linked({ catalogue: CATALOGUE });
  expect(await link.request(claim(LAMP))).toEqual({ ok: true, value: undefined });
  expect([...server.claims.keys()]).toEqual([`${LAMP}#level n1`]);
  const refused = await link.request(claim('urn:ngsi-ld:Streetlight:elsewhere'));
  expect(refused).toMatchObject({ ok: false, problems: [{ code: 'unknown-asset' }] });
});

it('asks many things without flooding the core', async () => {
  const { server, link } = await linked();
  const answers = await Promise.all(Array.from({ length: 250 }, (_, index) => link.request(claim(`${LAMP}-${index}`))));
  expect(answers.every(({ ok }) => ok)).toBe(true);
  expect(server.claims.size).toBe(250);
  expect(server.mostRequestsAtOnce).toBeLessThanOrEqual(100);
});

it('answers a request itself when the core does not in time', async () => {
  const link = startLink({ coreUrl: 'http://127.0.0.1:1', requestMs: 20 });
  expect(await link.request(claim(LAMP))).toMatchObject({
    ok: false,
    problems: [
      {
        code: 'link-timeout',
        path: '',
        message: 'found "no answer of the core within 0.02 s"; ask again when the link is up',
      },
    ],
  });
});

it('tells decisions, command steps and the catalogue to those who listen, and no longer to those who stopped', async () => {
  const { server, link } = await linked({ catalogue: CATALOGUE });
  const heard: unknown[] = [];
  const stopListening = link.onDecision((decision) => heard.push(decision.decisionId));
  link.onCommand((event) => heard.push(event.state));
  await eventually(() => expect(server.watchers).toBe(1));
  expect(link.catalogue()).toEqual(CATALOGUE);
  server.tell({ type: 'decision', decision: decisionOf() });
  server.tell({ type: 'command', commandId: 'c1', point: `${LAMP}#level`, state: 'verified', at: 1 });
  await eventually(() => expect(heard).toEqual(['d1', 'verified']));
  stopListening();
  server.tell({ type: 'decision', decision: decisionOf({ decisionId: 'd2' }) });
  server.tell({ type: 'command', commandId: 'c2', point: `${LAMP}#level`, state: 'failed', at: 2 });
  await eventually(() => expect(heard).toEqual(['d1', 'verified', 'failed']));
});

it('watches again after a reconnection', async () => {
  const { server } = await linked();
  await eventually(() => expect(server.watchers).toBe(1));
  server.dropClients();
  await eventually(() => expect(server.watchers).toBe(2));
});

it('says how the flows fare as soon as it can, and after each reconnection', async () => {
  const { server, link } = await linked();
  link.tellFlows('started');
  await eventually(() => expect(server.flows).toEqual(['started']));
  server.dropClients();
  await eventually(() => expect(server.flows).toEqual(['started', 'started']));
});

it('names a refused token in the log once, without the token', async () => {
  const server = await startServer();
  const log = { info: vi.fn<(text: string) => void>(), warn: vi.fn<(text: string) => void>() };
  const link = startLink({ coreUrl: server.url, token: 'wrong-token', log, random: () => 0 });
  await eventually(() => expect(log.warn).toHaveBeenCalled());
  expect(log.warn.mock.calls).toEqual([['the link is down: Unexpected server response: 401']]);
  await link.stop();
});

it('settles everything when it is stopped, also what comes afterwards', async () => {
  const { link } = await linked({ onBatch: () => undefined });
  const outcome = link.submit([reading('a')]);
  await link.stop();
  await link.stop();
  expect((await outcome).refused[0]?.problem.code).toBe('link-stopped');
  expect((await link.submit([reading('b')])).refused[0]?.problem.code).toBe('link-stopped');
  expect(await link.request(claim(LAMP))).toMatchObject({ ok: false, problems: [{ code: 'link-stopped' }] });
});

it('waits longer after each failed attempt, never more than 5 s, half of it by chance', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 60].map((attempt) => backoffMs(attempt, 0))).toEqual([
    50, 100, 200, 400, 800, 1_600, 2_500, 2_500,
  ]);
  expect(backoffMs(60, 0.999)).toBeLessThanOrEqual(5_000);
});

function reading(id: string): FlowReading {
  return { id, asset: LAMP, property: 'activePower', value: 12, unit: 'W', observedAt: 1_000, quality: 'good' };
}

const claim = (asset: string) =>
  ({
    do: 'claim',
    point: `${asset}#level`,
    effect: 'set',
    value: 0.5,
    slot: 13,
    rampSeconds: 0,
    leaseSeconds: 60,
    key: 'n1',
    reason: 'a test',
  }) as const;

async function startServer(options: LinkServerOptions = {}): Promise<LinkServer> {
  const server = new LinkServer(options);
  await server.start();
  onTestFinished(() => server.stop());
  return server;
}

function startLink(options: Partial<LinkOptions>): LinkClient {
  const link = new LinkClient({ coreUrl: '', token: 'a-token-for-tests', ...options });
  link.start();
  onTestFinished(() => link.stop());
  return link;
}

async function linked(options: LinkServerOptions = {}): Promise<{ server: LinkServer; link: LinkClient }> {
  const server = await startServer(options);
  const link = startLink({ coreUrl: server.url });
  await eventually(() => expect(link.isUp && (!options.catalogue || link.catalogue())).toBeTruthy());
  return { server, link };
}
