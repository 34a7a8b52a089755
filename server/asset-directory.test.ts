import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { systemActor } from '../engine/model/actor.ts';
import { asset, J4, LAMP, MemoryLive } from '../test/gateway-run.ts';
import { ManualClock } from '../test/manual-clock.ts';
import { MemoryDocuments } from '../test/memory-store.ts';
import { StoredAssetDirectory } from './asset-directory.ts';

const actor = systemActor('test');

describe('the directory of assets', () => {
  it('knows what is stored, and leaves out what cannot be read', async () => {
    const { documents, directory } = await start();
    const broken = { kind: 'asset', id: 'urn:ngsi-ld:Detector:broken', department: 'traffic' } as const;
    await documents.put({ ...broken, body: { nonsense: true }, expected: 0, actor });
    await directory.start();
    await directory.start();
    expect(directory.get(J4)?.department).toBe('traffic');
    expect(directory.get(broken.id)).toBeUndefined();
    expect(directory.ofDepartment('traffic').map(({ id }) => id)).toEqual([J4]);
    await directory.stop();
    await directory.stop();
  });

  it('does not start without the store: every reading would look foreign', async () => {
    const { documents, directory, clock } = await start();
    documents.list = () => Promise.reject(new Error('database away'));
    await expect(directory.start()).rejects.toThrow('database away');
    expect(clock.waiting).toBe(0);
  });

  it('keeps what it knows while the store is away', async () => {
    const { documents, directory } = await start();
    await directory.start();
    documents.get = () => Promise.reject(new Error('database away'));
    await directory.refresh([J4]);
    expect(directory.get(J4)?.title).toBe('J4');
    await directory.stop();
  });

  it('reads everything again after a minute, in case an event was lost', async () => {
    const { documents, directory, clock } = await start();
    await directory.start();
    const changed: string[][] = [];
    directory.onChange((departments) => changed.push([...departments]));
    await documents.put({ kind: 'asset', id: LAMP, department: 'lighting', body: null, expected: 1, actor });
    await documents.put({
      kind: 'asset',
      id: J4,
      department: 'traffic',
      body: { ...asset(J4, 'traffic', { timePlan: {} }), title: 'Junction 4' },
      expected: 1,
      actor,
    });
    clock.advance(60_000);
    await expect.poll(() => directory.get(J4)?.title).toBe('Junction 4');
    expect(directory.get(LAMP)).toBeUndefined();
    expect(changed).toEqual([['traffic', 'lighting']]);
    await expect.poll(() => clock.waiting).toBe(1);
    await directory.stop();
    expect(clock.waiting).toBe(0);
  });

  it('forgets an asset that the engine says is gone', async () => {
    const { documents, directory, live } = await start();
    await directory.start();
    await documents.put({ kind: 'asset', id: J4, department: 'traffic', body: null, expected: 1, actor });
    live.emit({ event: 'gone', data: { kind: 'asset', key: J4 } });
    await expect.poll(() => directory.get(J4)).toBeUndefined();
    await directory.stop();
  });
});

async function start() {
  const [clock, documents, live] = [new ManualClock(), new MemoryDocuments(), new MemoryLive()];
  const put = (body: ReturnType<typeof asset>) =>
    documents.put({ kind: 'asset', id: body.id, department: body.department, body, expected: 0, actor });
  await put(asset(J4, 'traffic', { timePlan: {} }));
  await put(asset(LAMP, 'lighting', { level: {} }));
  const log = pino({ level: 'silent' });
  return { clock, documents, live, directory: new StoredAssetDirectory({ documents, live, clock, log }) };
}
