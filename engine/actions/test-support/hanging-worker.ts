// A worker that takes commands up to the wire and no further; killed by a test. Arguments: Redis URL, namespace.
import { pino } from 'pino';

import { redisKeys } from '../../model/redis-keys.ts';
import { BullmqCommandQueue } from '../bullmq-command-queue.ts';
import { CommandWorker } from '../command-worker.ts';
import { RedisLedger } from '../ledger.ts';
import { openRedis } from '../redis-connections.ts';
import { MemoryLog } from './commands.ts';

const [redisUrl = '', namespace = ''] = process.argv.slice(2);
const logger = pino({ enabled: false });
const keys = redisKeys(namespace);
const ledger = new RedisLedger(openRedis(redisUrl, 'request', logger), keys);

new CommandWorker({
  queue: new BullmqCommandQueue({ redisUrl, keys, ledger, logger }),
  ledger,
  interlocks: { mayMove: async () => ({ allowed: true }) },
  restraints: { whyRefused: async () => undefined },
  documents: { pointOf: () => undefined },
  sender: {
    send(command) {
      process.stdout.write(`admitted ${command.commandId}\n`);
      return new Promise(() => undefined);
    },
  },
  log: new MemoryLog(),
  logger,
}).start();
process.stdout.write('ready\n');
