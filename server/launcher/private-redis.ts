// Prepares the private Redis server: loopback, password, every write on disk before it is answered.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';

/** Where and how the private server lives. */
export interface PrivateRedisOptions {
  /** Path of a `redis-server` or `valkey-server`. */
  readonly command: string;
  /** Its folder; made when missing. Holds the configuration, the append-only file and the server's own log. */
  readonly folder: string;
  /** Loopback TCP port, 1-65535. */
  readonly port: number;
  /** Letters, digits, `-` and `_` only. */
  readonly password: string;
  /** Redis notation, default `512mb`. When it is full, writes are refused; nothing is thrown away. */
  readonly maxMemory?: string;
}

/** A private server that is ready to be started, and restarted with the same port, password and data. */
export interface PrivateRedis {
  readonly url: string;
  readonly command: string;
  readonly args: readonly string[];
  /** File that the server writes its own log to. */
  readonly logFile: string;
  /** Resolves when the server has loaded its data and answers; rejects when `signal` is aborted. */
  ready(signal: AbortSignal): Promise<void>;
}

/** Writes the configuration (mode 0600: the password is in it, so that no command line shows it). Starts nothing. */
export async function preparePrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const folder = resolve(options.folder);
  const file = join(folder, 'redis.conf');
  const logFile = join(folder, 'redis.log');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(logFile, '', { mode: 0o600 });
  await writeFile(file, configuration(options, folder, logFile), { mode: 0o600 });
  const url = `redis://:${options.password}@127.0.0.1:${options.port}`;
  return {
    url,
    command: options.command,
    args: [file],
    logFile,
    ready: (signal) => waitForRedis(url, signal),
  };
}

/** Resolves when the Redis at `url` answers PING; tries every 20 ms and rejects when `signal` is aborted. */
async function waitForRedis(url: string, signal: AbortSignal): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => 20,
    maxRetriesPerRequest: null,
  });
  // Refused connections are what we wait out.
  redis.on('error', () => undefined);
  const aborted = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(new Error('Redis did not answer in time', { cause: signal.reason }));
    if (signal.aborted) fail();
    signal.addEventListener('abort', fail, { once: true });
  });
  try {
    await Promise.race([redis.ping(), aborted]);
  } finally {
    redis.disconnect();
  }
}

function configuration(options: PrivateRedisOptions, folder: string, logFile: string): string {
  return [
    'bind 127.0.0.1',
    `port ${options.port}`,
    'protected-mode yes',
    `requirepass ${options.password}`,
    'daemonize no',
    `dir ${quote(folder)}`,
    `logfile ${quote(logFile)}`,
    'appendonly yes',
    'appendfsync always',
    // Redis would otherwise stop syncing while it rewrites the file.
    'no-appendfsync-on-rewrite no',
    'save ""',
    `maxmemory ${options.maxMemory ?? '512mb'}`,
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
