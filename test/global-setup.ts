// Starts what the whole test run shares: one Redis, given to tests as inject('redisUrl').
import type { TestProject } from 'vitest/node';
import { startTestRedis } from './redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A running Redis shared by all tests of this run: use key names of your own. */
    redisUrl: string;
  }
}

/** Called by vitest before the first test; what it returns is called after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redis = await startTestRedis();
  project.provide('redisUrl', redis.url);
  return () => redis.stop();
}
