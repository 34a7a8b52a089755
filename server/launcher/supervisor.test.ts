import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../../test/processes.ts';
import { makeTempFolder } from '../../test/temp-folder.ts';
import type { Backoff, ServiceSpec } from './service.ts';
import { Supervisor } from './supervisor.ts';

const PROGRAM = join(import.meta.dirname, '../../test/fixtures/service-program.ts');
const SOON = { timeout: 10_000, interval: 10 };
const QUICK: Backoff = { firstMs: 10, longestMs: 40, healthyAfterMs: 60_000 };

it('starts what a service needs first, and stops in the reverse order', async () => {
  const house = await makeHouse();
  const supervisor = house.supervise([
    house.service('redis'),
    house.service('core', { needs: ['redis'] }),
    house.service('flows', { needs: ['core'] }),
  ]);
  await supervisor.start();
  await supervisor.stop();
  expect(house.events()).toEqual([
    'redis starts',
    'core starts',
    'flows starts',
    'flows stops',
    'core stops',
    'redis stops',
  ]);
});

it('does not wait for what a service merely follows, but stops it first', async () => {
  const house = await makeHouse();
  const supervisor = house.supervise([
    house.service('core', { ready: () => new Promise(() => undefined) }),
    house.service('flows', { follows: ['core'] }),
  ]);
  void supervisor.start();
  await expect.poll(house.events, SOON).toEqual(expect.arrayContaining(['core starts', 'flows starts']));
  await supervisor.stop();
  expect(house.events().slice(2)).toEqual(['flows stops', 'core stops']);
});

it('restarts a service that was killed', async () => {
  const house = await makeHouse();
  const supervisor = house.supervise([house.service('core')]);
  await supervisor.start();
  const first = supervisor.pidOf('core')!;
  process.kill(first, 'SIGKILL');
  await expect.poll(() => house.events().length, SOON).toBe(2);
  expect(supervisor.pidOf('core')).not.toBe(first);
});

it('kills and restarts a service that lives but does no work any more', async () => {
  const house = await makeHouse();
  const [hung, ...later] = [Promise.withResolvers<void>(), new Promise<void>(() => undefined)] as const;
  let lives = 0;
  const hangs = () => (lives++ === 0 ? hung.promise : later[0]);
  const supervisor = house.supervise([house.service('flows', { hangs }, 'ignores-sigterm')]);
  await supervisor.start();
  const first = supervisor.pidOf('flows')!;
  hung.resolve();
  await expect.poll(() => house.events(), SOON).toEqual(['flows starts', 'flows starts']);
  expect(isAlive(first)).toBe(false);
});

it('starts a service with care once it has hung twice in a row', async () => {
  const house = await makeHouse();
  let lives = 0;
  const hangs = async (signal: AbortSignal) => {
    lives += 1;
    await expect.poll(() => house.events().length, SOON).toBe(lives);
    if (lives > 2) await once(signal, 'abort');
  };
  const supervisor = house.supervise([house.service('flows', { hangs, carefulEnv: { CARE: '1' } })]);
  await supervisor.start();
  await expect.poll(() => house.events(), SOON).toEqual(['flows starts', 'flows starts', 'flows starts with care']);
  expect(house.messages()).toContain('service hung too often in a row and starts with care');
  process.kill(supervisor.pidOf('flows')!, 'SIGKILL');
  await expect.poll(() => house.events().slice(3), SOON).toEqual(['flows starts with care']);
});

it('waits twice as long before each restart of a service that fails, up to the longest wait', async () => {
  const house = await makeHouse();
  const supervisor = house.supervise([house.service('core', {}, 'fails')]);
  void supervisor.start();
  await expect.poll(() => house.waits(), SOON).toSatisfy((waits: number[]) => waits.length >= 5);
  expect(house.waits().slice(0, 5)).toEqual([10, 20, 40, 40, 40]);
});

it('forgets earlier failures after a healthy run', async () => {
  const house = await makeHouse();
  const supervisor = house.supervise([house.service('core', {}, 'fails')], { ...QUICK, healthyAfterMs: 0 });
  void supervisor.start();
  await expect.poll(() => house.waits(), SOON).toSatisfy((waits: number[]) => waits.length >= 3);
  expect(house.waits().slice(0, 3)).toEqual([10, 10, 10]);
});

it('kills a service that does not end within its grace', async () => {
  const house = await makeHouse();
  const supervisor = house.supervise([house.service('core', { stopGraceMs: 100 }, 'ignores-sigterm')]);
  await supervisor.start();
  await expect.poll(house.events, SOON).toEqual(['core starts']);
  const pid = supervisor.pidOf('core')!;
  await supervisor.stop();
  expect(isAlive(pid)).toBe(false);
});

it('ends everything at once when it is told to kill', async () => {
  const house = await makeHouse();
  const supervisor = house.supervise([house.service('core', { stopGraceMs: 60_000 }, 'ignores-sigterm')]);
  await supervisor.start();
  const pid = supervisor.pidOf('core')!;
  const stopped = supervisor.stop();
  supervisor.kill();
  await stopped;
  expect(isAlive(pid)).toBe(false);
});

it('can be stopped before it has started, twice, and starts nothing afterwards', async () => {
  const house = await makeHouse();
  const supervisor = house.supervise([house.service('core')]);
  await Promise.all([supervisor.stop(), supervisor.stop()]);
  await supervisor.start();
  expect(house.events()).toEqual([]);
});

it('reports a service as ready only once, with the time it took', async () => {
  const house = await makeHouse();
  const supervisor = house.supervise([house.service('core')]);
  await supervisor.start();
  process.kill(supervisor.pidOf('core')!, 'SIGKILL');
  await expect.poll(() => house.events().length, SOON).toBe(2);
  expect(house.readiness).toEqual(['core']);
});

it('refuses services out of order, and names that occur twice', async () => {
  const house = await makeHouse();
  expect(() => house.supervise([house.service('core', { needs: ['redis'] })])).toThrowErrorMatchingInlineSnapshot(
    `[Error: core comes after redis, which must stand before it in the list]`,
  );
  expect(() => house.supervise([house.service('core'), house.service('core')])).toThrowErrorMatchingInlineSnapshot(
    `[Error: two services are called core]`,
  );
});

/** A folder with the services' record of events, and a supervisor that ends with the test. */
async function makeHouse() {
  const folder = await makeTempFolder();
  const file = join(folder.path, 'events');
  const logged: { waitMs?: number; msg: string }[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const readiness: string[] = [];
  return {
    readiness,
    events: () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []),
    messages: () => logged.map(({ msg }) => msg),
    waits: () => logged.flatMap(({ waitMs }) => waitMs ?? []),
    /** Ready when it has said that it starts, unless the test knows better. */
    service: (name: string, more: Partial<ServiceSpec> = {}, behaviour = 'stays'): ServiceSpec => ({
      name,
      command: process.execPath,
      args: [PROGRAM, file, name, behaviour],
      env: {},
      ready: async () => {
        await expect.poll(() => (existsSync(file) ? readFileSync(file, 'utf8') : ''), SOON).toContain(`${name} starts`);
      },
      ...more,
    }),
    supervise(specs: ServiceSpec[], backoff = QUICK) {
      const supervisor = new Supervisor(specs, { log, backoff, onReady: (name) => readiness.push(name) });
      onTestFinished(async () => {
        supervisor.kill();
        await supervisor.stop();
        await folder.remove();
      });
      return supervisor;
    },
  };
}
