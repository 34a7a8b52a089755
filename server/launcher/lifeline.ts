// Starts a child process that cannot outlive this one, whatever either of them is doing.
import { spawn, type ChildProcess } from 'node:child_process';

/**
 * The guard: waits for its input to end, which happens when the process that holds the other end is gone, however it
 * died. Then it ends the group `$1`: politely at once, for certain after three seconds. It lives in the child's own
 * process group, so that the kernel cannot give the group's number to somebody else while it still means to signal it.
 */
const GUARD = `read -r _ <&3; kill -TERM "$pid"; for _ in 1 2 3 4 5 6; do sleep 0.5; kill -0 "$pid" || break; done; kill -s KILL -- "-$pid"`;

/** Starts the guard beside itself, then becomes the child: same process id, and without the guard's pipe. */
const GUARDED = `pid=$$; (${GUARD}) </dev/null >/dev/null 2>&1 & exec "$@" 3<&-`;

/** How a guarded child is started. */
export interface GuardedOptions {
  /** The whole environment of the child: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Where its output goes; default `inherit`. */
  readonly output?: 'inherit' | 'pipe' | 'ignore';
  /** Runs as another user, which only root can ask for; default: as we do. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/**
 * Starts `command` so that it ends within 5 s of this process's death, even by SIGKILL and even when its own event loop
 * is blocked. It leads a process group of its own: a terminal's Ctrl-C reaches only us. Its processes are killed when it
 * ends. On Windows, which has neither, a plain child is started.
 *
 * @example spawnGuarded(process.execPath, ['server/main.ts'], { env: { PATH: '/usr/bin' } })
 */
export function spawnGuarded(command: string, args: readonly string[], options: GuardedOptions): ChildProcess {
  const output = options.output ?? 'inherit';
  const env = { ...options.env };
  if (process.platform === 'win32') return spawn(command, args, { env, stdio: ['ignore', output, output] });
  const child = spawn('/bin/sh', ['-c', GUARDED, 'sh', command, ...args], {
    ...options.user,
    env,
    detached: true,
    stdio: ['ignore', output, output, 'pipe'],
  });
  holdLifeline(child);
  child.once('exit', () => killGroup(child));
  return child;
}

/** Ends a guarded child and everything it started, at once. Does nothing when it has ended. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch (error) {
    // Nobody is left in the group: what we wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Keeps our end of the pipe; when the guard itself is killed, a new one takes its place. */
function holdLifeline(child: ChildProcess): void {
  const pipe = child.stdio[3];
  if (pipe === null || pipe === undefined) return;
  // Writing never happens; a reset when the guard is killed must not end the launcher.
  pipe.on('error', () => pipe.destroy());
  pipe.once('close', () => replaceGuard(child));
  if ('resume' in pipe) pipe.resume();
  if ('unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
  child.once('exit', () => pipe.destroy());
}

function replaceGuard(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const guard = spawn('/bin/sh', ['-c', `pid=${child.pid}; ${GUARD}`], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  guard.unref();
  const pipe = guard.stdio[3];
  pipe?.on('error', () => pipe.destroy());
  child.once('exit', () => {
    guard.kill('SIGKILL');
    pipe?.destroy();
  });
}
