// Ends a private Redis that outlives its killed launcher for a moment: two servers on one folder would spoil it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';

/**
 * Asks the server that `folder`'s configuration describes to end, if one answers with that password, and waits for it.
 *
 * @returns true when there was one
 * @throws when it still runs as `signal` is aborted
 */
export async function endLeftoverRedis(folder: string, signal: AbortSignal): Promise<boolean> {
  const url = await readUrl(join(folder, 'redis.conf'));
  if (url === undefined) return false;
  let found = false;
  while (await shutDown(url)) {
    found = true;
    if (signal.aborted) throw new Error(`a Redis of an earlier run does not end; its data are in ${folder}`);
    await delay(50);
  }
  return found;
}

/** Where the last server of the folder listened; undefined when there was none. */
async function readUrl(file: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const [, port] = /^port (\d+)$/m.exec(text) ?? [];
  const [, password] = /^requirepass (\S+)$/m.exec(text) ?? [];
  return port === undefined || password === undefined ? undefined : `redis://:${password}@127.0.0.1:${port}`;
}

/** True while a server answers there and knows the password. The port may belong to somebody else by now. */
async function shutDown(url: string): Promise<boolean> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: null,
    enableReadyCheck: false,
    connectTimeout: 1000,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.call('PING').catch((error: unknown) => {
      // While it loads its data it cannot answer, but it is there.
      if (!(error instanceof Error && error.message.startsWith('LOADING'))) throw error;
    });
  } catch {
    return false;
  }
  // It ends instead of answering.
  await redis.call('SHUTDOWN', 'NOSAVE').catch(() => undefined);
  redis.disconnect();
  return true;
}
