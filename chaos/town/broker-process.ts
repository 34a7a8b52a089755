// The embedded broker in a process of its own: `node broker-process.ts <port> <core password> <field password>`.
import { pino } from 'pino';

import { EmbeddedBroker } from '../../engine/index.ts';

const [port = '', core = '', field = ''] = process.argv.slice(2);
const broker = new EmbeddedBroker({
  port: Number(port),
  passwords: { core, field },
  verifyDevice: () => Promise.resolve(false),
  logger: pino({ level: 'warn' }),
});
await broker.start();
