// Real processes for tests: who is alive, who belongs to whom, what they print.
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** True while a process with this id runs. One that has ended and was not yet collected by its parent does not count. */
export function isAlive(pid: number): boolean {
  return statOf(pid) !== undefined;
}

/** The ids of the processes of a process group, the leader included. */
export function processesOfGroup(group: number): number[] {
  return allProcesses().filter((pid) => statOf(pid)?.group === group);
}

/** The ids of all processes that descend from `pid`, without itself. */
export function descendantsOf(pid: number): number[] {
  const children = allProcesses().filter((other) => statOf(other)?.parent === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** The process's command line, words joined by spaces; empty when it has ended. */
export function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/**
 * Resolves with the first line of the child's standard output that matches; rejects when the output ends before.
 *
 * @example const pid = Number((await lineOf(child, /^pid \d+/)).slice(4));
 */
export function lineOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  const { stdout } = child;
  if (stdout === null) throw new Error('the child was started without a pipe for its output');
  const seen: string[] = [];
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stdout });
    lines.on('line', (line) => {
      seen.push(line);
      if (pattern.test(line)) resolve(line);
    });
    lines.on('close', () => reject(new Error(`no line matched ${pattern}; the output was:\n${seen.join('\n')}`)));
  });
}

function allProcesses(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** From /proc: only what runs or sleeps; zombies count as ended. */
function statOf(pid: number): { parent: number; group: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in brackets and may hold anything.
    const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : { parent: Number(parent), group: Number(group) };
  } catch {
    return undefined;
  }
}
