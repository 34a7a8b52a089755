// Gives each department's flows a user id of its own, to which nothing else on this machine belongs.
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Whom a process runs as: numbers, for nobody needs a name or an entry in the system's list of users. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** How far flows are kept from the box and from each other by the operating system. */
export interface Isolation {
  /** Department to its user; empty when flows run as whoever runs the launcher. */
  readonly users: ReadonlyMap<string, RunAs>;
  /** Why they do, in words; absent when each has its own. */
  readonly missing?: string | undefined;
}

/** What is to be kept apart. */
export interface IsolationOptions {
  readonly dataFolder: string;
  readonly departments: readonly string[];
  /** The first user id that a department may have; the next 999 may be used as well. */
  readonly firstUid: number;
  /** What a runtime must be able to read: Node, the program and its packages. */
  readonly reads: readonly string[];
}

const none = (missing: string): Isolation => ({ users: new Map(), missing });

const UIDS = 1000;

/** Where a department's runtime keeps its flows. */
export const flowsFolder = (dataFolder: string, department: string): string => join(dataFolder, 'flows', department);

/**
 * Prepares the data folder so that a department reaches its own folder in it and nothing else, and tries whether a
 * process of that user can run the program. From then on this process and its children make files for their owner only.
 *
 * A department keeps its user id from start to start: its folder belongs to it.
 *
 * @returns no users, and why, where we are not root, may not change users, or a user could not reach the program
 */
export async function isolateFlows(options: IsolationOptions): Promise<Isolation> {
  if (process.getuid?.() !== 0) return none('only root can give each department a user id of its own');
  process.umask(0o077);
  await closeEntries(options.dataFolder);
  const users = await chooseUsers(options);
  for (const [department, user] of users) {
    const folder = flowsFolder(options.dataFolder, department);
    const problem = giveTo(user, folder) ?? unreachable(user, [...options.reads, folder]);
    if (problem !== undefined) return none(problem);
  }
  return { users };
}

/** People of other user ids may pass through the data folder and its `flows`, and find nothing open on their way. */
async function closeEntries(dataFolder: string): Promise<void> {
  for (const entry of await readdir(dataFolder, { withFileTypes: true })) {
    if (entry.isSymbolicLink() || entry.name === 'flows') continue;
    const path = join(dataFolder, entry.name);
    await chmod(path, (await stat(path)).mode & 0o700);
  }
  const flows = join(dataFolder, 'flows');
  await mkdir(flows, { recursive: true });
  for (const folder of [dataFolder, flows]) await chmod(folder, 0o711);
}

async function chooseUsers({ dataFolder, departments, firstUid }: IsolationOptions): Promise<Map<string, RunAs>> {
  // Folders of departments that are no longer served keep their owners, too.
  const taken = new Map<number, string>();
  const flows = join(dataFolder, 'flows');
  for (const name of await readdir(flows)) {
    const { uid } = await stat(join(flows, name));
    if (uid >= firstUid && uid < firstUid + UIDS && !taken.has(uid)) taken.set(uid, name);
  }
  const known = new Map([...taken].map(([uid, name]) => [name, uid]));
  let next = firstUid;
  const users = new Map<string, RunAs>();
  for (const department of departments) {
    while (!known.has(department) && taken.has(next)) next += 1;
    const uid = known.get(department) ?? next;
    taken.set(uid, department);
    users.set(department, { uid, gid: uid });
    const folder = flowsFolder(dataFolder, department);
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700);
  }
  return users;
}

/** By `chown`, which follows no link on its way: what lies in the folder was written by strangers. */
function giveTo({ uid, gid }: RunAs, folder: string): string | undefined {
  const { status, stderr, error } = spawnSync('chown', ['-RhP', `${uid}:${gid}`, folder], { encoding: 'utf8' });
  return status === 0 ? undefined : `${folder} cannot be given to user id ${uid} (${error?.message ?? stderr.trim()})`;
}

/** Why this user could not run the program, or undefined when it can. */
function unreachable({ uid, gid }: RunAs, paths: readonly string[]): string | undefined {
  const script = 'for path; do test -r "$path" || { echo "$path"; exit 1; }; done';
  const { status, stdout, error } = spawnSync('/bin/sh', ['-c', script, 'sh', ...paths], {
    uid,
    gid,
    encoding: 'utf8',
  });
  if (error) return `no process may run as user id ${uid} (${error.message})`;
  return status === 0 ? undefined : `user id ${uid} cannot read ${stdout.trim()}`;
}
