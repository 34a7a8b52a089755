// What every input log must do; each implementation runs it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Input } from '../model/input.ts';
import type { InputLog } from './ports.ts';

const status = (device: string): Input => ({
  kind: 'status',
  department: 'traffic',
  device,
  status: { state: 'online', at: '2026-11-22T10:00:00.000Z' },
});

const devices = (inputs: readonly { input: Input }[]): string[] =>
  inputs.flatMap(({ input }) => (input.kind === 'status' ? [input.device] : []));

/** Runs the suite on logs that `open` makes; each test gets a new and empty one. */
export function testInputLog(name: string, open: () => Promise<InputLog>): void {
  describe(name, () => {
    let log: InputLog;
    beforeEach(async () => {
      log = await open();
    });
    afterEach(() => log.close());

    it('gives entries back in the order of their appending, with growing ids', async () => {
      const ids = await log.append([status('a'), status('b')]);
      ids.push(...(await log.append([status('c')])));
      const entries = await log.read('0-0', 10, 1);
      expect(devices(entries)).toEqual(['a', 'b', 'c']);
      expect(entries.map((entry) => entry.id)).toEqual(ids);
      expect(entries[0]?.at).toBe(Number(ids[0]?.split('-')[0]));
    });

    it('begins after the given id and stops at the given count', async () => {
      const [first = ''] = await log.append([status('a'), status('b'), status('c')]);
      expect(devices(await log.read(first, 1, 1))).toEqual(['b']);
    });

    it('waits for the first entry, and no longer than told', async () => {
      const waiting = log.read('0-0', 10, 5_000);
      await log.append([status('late')]);
      expect(devices(await waiting)).toEqual(['late']);
      expect(await log.read('9999999999999-0', 10, 1)).toEqual([]);
    });

    it('forgets what a checkpoint covers, never what came after', async () => {
      const ids = await log.append([status('a'), status('b'), status('c')]);
      await log.trim(ids[1] ?? '');
      const rest = devices(await log.read('0-0', 10, 1));
      expect(rest).toContain('c');
      expect(rest).not.toContain('a');
    });

    it('has a clock that agrees with its ids', async () => {
      const before = await log.now();
      const [id = ''] = await log.append([status('a')]);
      const after = await log.now();
      const at = Number(id.split('-')[0]);
      expect(at).toBeGreaterThanOrEqual(before);
      expect(at).toBeLessThanOrEqual(after);
    });

    it('appends nothing for nothing', async () => {
      expect(await log.append([])).toEqual([]);
      expect(await log.read('0-0', 10, 1)).toEqual([]);
    });
  });
}
