import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { descendantsOf, isAlive, lineOf, processesOfGroup } from '../../test/processes.ts';
import { spawnGuarded } from './lifeline.ts';

const PARENT = join(import.meta.dirname, '../../test/fixtures/guarding-parent.ts');
const BLOCKED = `process.on("SIGTERM", () => {}); console.log("blocked"); for (;;);`;
const WITHIN_5_S = { timeout: 5000, interval: 20 };

it('ends a child that is not Node when its parent is killed', async () => {
  const { parent, pid } = await startParent('sleep', '1000');
  parent.kill('SIGKILL');
  await expect.poll(() => processesOfGroup(pid), WITHIN_5_S).toEqual([]);
});

it('ends a child whose event loop is blocked, and that ignores SIGTERM, when its parent is killed', async () => {
  const { parent, pid } = await startParent(process.execPath, '-e', BLOCKED);
  await lineOf(parent, /^blocked$/);
  parent.kill('SIGKILL');
  await expect.poll(() => processesOfGroup(pid), WITHIN_5_S).toEqual([]);
});

it('ends what the child itself had started when its parent is killed', async () => {
  const { parent, pid } = await startParent('/bin/sh', '-c', 'sleep 1000 & wait');
  await expect.poll(() => processesOfGroup(pid).length, WITHIN_5_S).toBeGreaterThanOrEqual(3);
  parent.kill('SIGKILL');
  await expect.poll(() => processesOfGroup(pid), WITHIN_5_S).toEqual([]);
});

it('still ends the child when the guard had been killed before its parent', async () => {
  const { parent, pid } = await startParent('sleep', '1000');
  const guards = () => processesOfGroup(pid).filter((other) => other !== pid);
  await expect.poll(guards, WITHIN_5_S).toHaveLength(1);
  const [guard] = guards();
  process.kill(guard!, 'SIGKILL');
  const children = () => descendantsOf(parent.pid!);
  await expect.poll(children, WITHIN_5_S).toSatisfy((pids: number[]) => !pids.includes(guard!) && pids.length === 2);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), WITHIN_5_S).toBe(false);
});

it("gives the child its own process id, exit code and nothing of the guard's pipe", async () => {
  const script = 'echo pid $$; test -e /proc/$$/fd/3 && echo leaked; exit 7';
  const child = spawnGuarded('/bin/sh', ['-c', script], { env: { PATH: process.env['PATH'] ?? '' }, output: 'pipe' });
  const output: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const [code] = await once(child, 'close');
  expect(code).toBe(7);
  expect(output.join('')).toBe(`pid ${child.pid}\n`);
});

it('leaves nothing running when the child ends by itself', async () => {
  const child = spawnGuarded('/bin/sh', ['-c', 'sleep 1000 & exit 0'], {
    env: { PATH: process.env['PATH'] ?? '' },
    output: 'ignore',
  });
  await once(child, 'exit');
  await expect.poll(() => processesOfGroup(child.pid!)).toEqual([]);
});

it("keeps a terminal's Ctrl-C to the launcher", async () => {
  const { parent, pid } = await startParent('sleep', '1000');
  expect(processesOfGroup(pid)).toContain(pid);
  expect(processesOfGroup(parent.pid!)).not.toContain(pid);
});

it('passes only the environment that it is given', async () => {
  const child = spawnGuarded('/usr/bin/env', [], { env: { ONLY: 'this' }, output: 'pipe' });
  const output: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  await once(child, 'close');
  expect(
    output
      .join('')
      .split('\n')
      .filter((line) => line && !line.startsWith('PWD=')),
  ).toEqual(['ONLY=this']);
});

async function startParent(...command: string[]): Promise<{ parent: ChildProcess; pid: number }> {
  const parent = spawn(process.execPath, [PARENT, ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const line = await lineOf(parent, /^pid \d+$/);
  return { parent, pid: Number(line.slice(4)) };
}
