// The run's own Redis: as the box starts it, or under strace for a power cut, or with a server's built-in settings.
import { readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { freePort } from '../../server/launcher/ports.ts';
import { preparePrivateRedis, type PrivateRedis } from '../../server/launcher/private-redis.ts';
import { findRedisServer } from '../../test/redis.ts';
import { Program } from './programs.ts';
import { syncedLengths, type Lengths } from './synced-lengths.ts';

/** How it is run. */
export interface TownRedisOptions {
  folder: string;
  /** Under strace, so that `cutPower` knows what was on the disk. */
  isTraced: boolean;
  /** Replaces lines of the box's own configuration: `appendfsync everysec`. */
  settings?: readonly string[];
}

const READY_WITHIN_MS = 20_000;
const PASSWORD = 'chaos';
/** Redis 7 keeps its append-only file in parts, in a folder of this name. */
const AOF_FOLDER = 'appendonlydir';

/** A Redis that can be killed and started again on the same port with what is left of its data. */
export class TownRedis {
  readonly port: number;
  readonly #prepared: PrivateRedis;
  readonly #program: Program;
  readonly #folder: string;
  /** The lengths of its files at the last start. */
  #before: Lengths = new Map();

  private constructor(parts: { port: number; prepared: PrivateRedis; program: Program; folder: string }) {
    this.port = parts.port;
    this.#prepared = parts.prepared;
    this.#program = parts.program;
    this.#folder = parts.folder;
  }

  /** Writes the configuration; starts nothing. */
  static async prepare({ folder: parent, isTraced, settings = [] }: TownRedisOptions): Promise<TownRedis> {
    const folder = join(parent, 'redis');
    await mkdir(folder, { recursive: true });
    const port = await freePort();
    const prepared = await preparePrivateRedis({ command: findRedisServer(), folder, port, password: PASSWORD });
    const [file = ''] = prepared.args;
    // Of several lines that name a setting the last one holds.
    const lines = [readFileSync(file, 'utf8'), `pidfile ${pidFileOf(folder)}`, ...settings, ''];
    await writeFile(file, lines.join('\n'));
    const traced = [
      '-f',
      '--seccomp-bpf',
      '-y',
      '-s',
      '0',
      '-e',
      'trace=write,fdatasync,fsync',
      '-o',
      traceFileOf(folder),
    ];
    const program = new Program({
      name: 'redis',
      ...(isTraced
        ? // A shell between, because strace waits for every child that it finds, those it does not trace too.
          { command: '/bin/sh', args: ['-c', 'strace "$@"; exit', 'sh', ...traced, prepared.command, ...prepared.args] }
        : { command: prepared.command, args: prepared.args }),
      env: { PATH: process.env['PATH'] ?? '' },
      logFile: join(parent, 'redis.log'),
    });
    return new TownRedis({ port, prepared, program, folder });
  }

  /** With its password. */
  get url(): string {
    return this.#prepared.url;
  }

  /** The same through another port: a proxy's. */
  urlThrough(port: number): string {
    const url = new URL(this.url);
    url.port = String(port);
    return url.href;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    this.#before = this.#lengths();
    this.#program.start();
    await this.#prepared.ready(AbortSignal.timeout(READY_WITHIN_MS));
  }

  /** Kills the server; what the kernel has taken from it stays. Resolves when it is gone. Safe to call twice. */
  async kill(): Promise<void> {
    if (!this.#program.isRunning) return;
    // Under strace the server is the child; strace must live to write down how it ended.
    process.kill(Number(readFileSync(pidFileOf(this.#folder), 'utf8')), 'SIGKILL');
    await this.#program.ended();
  }

  /** Kills it and takes away everything that no sync had covered, as when the power fails. Returns the bytes lost. */
  async cutPower(): Promise<number> {
    await this.kill();
    let lost = 0;
    const now = this.#lengths();
    for (const [path, length] of syncedLengths(readFileSync(traceFileOf(this.#folder), 'utf8'), this.#before)) {
      const found = now.get(path);
      if (found === undefined || found <= length) continue;
      truncateSync(path, length);
      lost += found - length;
    }
    return lost;
  }

  #lengths(): Lengths {
    const folder = join(this.#folder, AOF_FOLDER);
    try {
      return new Map(readdirSync(folder).map((name) => [join(folder, name), statSync(join(folder, name)).size]));
    } catch {
      // Before the first start there is no such folder.
      return new Map();
    }
  }
}

const pidFileOf = (folder: string): string => join(folder, 'pid');
const traceFileOf = (folder: string): string => join(folder, 'trace');
