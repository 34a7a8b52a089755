// Builders for tests of the command's way: a command in time, a log in memory, keys of a box of its own.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import type { Command } from '../../model/command.ts';
import type { Input } from '../../model/input.ts';
import { redisKeys, type RedisKeys } from '../../model/redis-keys.ts';

/** A lamp's command that is good for a minute. `at` names the point's sequence and with it the id. */
export function aCommand(fields: Partial<Command> = {}): Command {
  const point = fields.point ?? 'urn:ngsi-ld:Streetlight:river-path-17#level';
  const sequence = fields.sequence ?? 1;
  const now = fields.issuedAt ?? Date.now();
  return {
    commandId: `${point}:${sequence}`,
    point,
    department: 'lighting',
    device: 'cabinet-3',
    sequence,
    fence: 1,
    issuedAt: now,
    notAfter: now + 60_000,
    slot: 12,
    want: { value: 0.8, rampSeconds: 2 },
    leaseUntil: now + 600_000,
    cause: { arbitration: { want: { value: 0.8, rampSeconds: 2 }, bounds: [], losers: [] } },
    ...fields,
  };
}

/** Keys that nothing else uses, with the namespace they belong to. */
export function ownKeys(): { namespace: string; keys: RedisKeys } {
  const namespace = `test-${randomUUID()}`;
  return { namespace, keys: redisKeys(namespace) };
}

/** A log that remembers what was appended, and can be made to refuse. */
export class MemoryLog {
  readonly inputs: Input[] = [];
  /** Appends reject with this while it is set. */
  failure: Error | undefined;

  /** The states that were said of a command, in order. */
  statesOf(commandId: string): string[] {
    return this.inputs.flatMap((input) =>
      input.kind === 'progress' && input.commandId === commandId ? [input.state] : [],
    );
  }

  async append(inputs: readonly Input[]): Promise<string[]> {
    await wait(1);
    if (this.failure) throw this.failure;
    this.inputs.push(...inputs);
    return inputs.map((_, index) => `${this.inputs.length}-${index}`);
  }
}
