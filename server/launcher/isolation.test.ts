import { spawnSync } from 'node:child_process';
import { chmod, lstat, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeTempFolder } from '../../test/temp-folder.ts';
import { isolateFlows, type RunAs } from './isolation.ts';

const FIRST = 60_900;
const isRoot = process.getuid?.() === 0;

describe.runIf(isRoot)('where the launcher is root', () => {
  it('gives each department a folder that is its own, and opens nothing else of the data folder', async () => {
    const { data, isolate } = await makeBox();
    await writeFile(join(data, 'secrets.json'), 'secret', { mode: 0o644 });
    await mkdir(join(data, 'database'), { mode: 0o755 });
    const { users, missing } = await isolate(['traffic', 'waste']);
    expect(missing).toBeUndefined();
    expect([...users]).toEqual([
      ['traffic', { uid: FIRST, gid: FIRST }],
      ['waste', { uid: FIRST + 1, gid: FIRST + 1 }],
    ]);
    const [traffic, waste] = [...users.values()];
    await writeFile(join(data, 'made-later.txt'), 'secret');
    await writeFile(join(data, 'flows/waste/flows.json'), 'theirs');
    await chmod(join(data, 'flows/waste/flows.json'), 0o644);
    expect(canRead(traffic, join(data, 'flows/waste/flows.json'))).toBe(false);
    expect(canRead(waste, join(data, 'flows/waste/flows.json'))).toBe(true);
    for (const name of ['secrets.json', 'database', 'made-later.txt', '.', 'flows'])
      expect([name, canRead(traffic, join(data, name))]).toEqual([name, false]);
    expect(canRead({ uid: 0, gid: 0 }, join(data, 'made-later.txt'))).toBe(true);
  });

  it('lets a department keep its user id when others come and go', async () => {
    const { isolate } = await makeBox();
    await isolate(['traffic', 'lighting', 'waste']);
    expect(uids(await isolate(['waste', 'events']))).toEqual({ waste: FIRST + 2, events: FIRST + 3 });
    expect(uids(await isolate(['events', 'lighting']))).toEqual({ events: FIRST + 3, lighting: FIRST + 1 });
  });

  it('gives a department what root has put into its folder, and follows no link that lies there', async () => {
    const { data, isolate } = await makeBox();
    await isolate(['traffic']);
    const secret = join(data, 'secrets.json');
    await writeFile(secret, 'secret');
    await mkdir(join(data, 'flows/traffic/lib'));
    await writeFile(join(data, 'flows/traffic/lib/restored.json'), '[]');
    await symlink(secret, join(data, 'flows/traffic/link'));
    await isolate(['traffic']);
    expect((await stat(secret)).uid).toBe(0);
    expect((await lstat(join(data, 'flows/traffic/link'))).uid).toBe(FIRST);
    expect((await stat(join(data, 'flows/traffic/lib/restored.json'))).uid).toBe(FIRST);
    expect(await readFile(secret, 'utf8')).toBe('secret');
  });

  it('says what a user could not read, and isolates nobody then', async () => {
    const { data, isolate } = await makeBox();
    const program = join(data, 'program');
    await mkdir(program);
    await chmod(program, 0o700);
    expect(await isolate(['traffic'], [program])).toEqual({
      users: new Map(),
      missing: `user id ${FIRST} cannot read ${program}`,
    });
  });
});

it.skipIf(isRoot)('says why not where the launcher is not root', async () => {
  const { data, isolate } = await makeBox();
  expect(await isolate(['traffic'])).toEqual({
    users: new Map(),
    missing: 'only root can give each department a user id of its own',
  });
  expect((await stat(data)).mode & 0o777).toBe(0o700);
});

/** A data folder; everything is closed as before when the test ends. */
async function makeBox() {
  const folder = await makeTempFolder();
  const umask = process.umask();
  onTestFinished(async () => {
    process.umask(umask);
    await folder.remove();
  });
  const data = folder.path;
  return {
    data,
    isolate: (departments: string[], reads: string[] = [process.execPath]) =>
      isolateFlows({ dataFolder: data, departments, firstUid: FIRST, reads }),
  };
}

const canRead = (user: RunAs | undefined, path: string): boolean =>
  spawnSync('/usr/bin/test', ['-r', path], { ...user }).status === 0;

const uids = ({ users }: { users: ReadonlyMap<string, RunAs> }): Record<string, number> =>
  Object.fromEntries([...users].map(([department, { uid }]) => [department, uid]));
