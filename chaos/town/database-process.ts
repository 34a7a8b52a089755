// A record plane for one run: PGlite in memory behind PostgreSQL's own protocol, so that roles which run apart can share it.
// `node database-process.ts <port>`; prints `ready`. It is no part of what is being broken.
import { createServer, type Socket } from 'node:net';
import { PGlite } from '@electric-sql/pglite';

import { readPackets, type Packet } from './postgres-packets.ts';

const [port = ''] = process.argv.slice(2);
const database = await PGlite.create();

/** One session inside: whoever is in a transaction has it alone; the others wait in line. */
let line: Promise<void> = Promise.resolve();

const OK = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const IDLE = 'I'.charCodeAt(0);

createServer((socket) => void serve(socket)).listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));

/** One connection, from its greeting to its end. */
async function serve(socket: Socket): Promise<void> {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  let leave: (() => void) | undefined;
  let group: Packet[] = [];
  try {
    for await (const packet of readPackets(socket)) {
      if (packet.type === 'startup') {
        socket.write(
          Buffer.concat([OK, parameter('server_version', '17.0'), parameter('client_encoding', 'UTF8'), READY]),
        );
        continue;
      }
      if (packet.type === 'X') break;
      group.push(packet);
      // A group ends with a simple query or a sync; only then is an answer due.
      if (packet.type !== 'Q' && packet.type !== 'S') continue;
      leave ??= await enter();
      const answer = await run(group);
      group = [];
      socket.write(answer);
      if (answer.at(-1) !== IDLE) continue;
      leave();
      leave = undefined;
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  } finally {
    if (leave) {
      // It left in the middle of a transaction.
      await database.exec('rollback').catch(() => undefined);
      leave();
    }
    socket.destroy();
  }
}

async function enter(): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const before = line;
  line = promise;
  await before;
  return resolve;
}

async function run(packets: readonly Packet[]): Promise<Buffer> {
  const answers: Uint8Array[] = [];
  for (const { bytes } of packets) answers.push(await database.execProtocolRaw(bytes));
  return Buffer.concat(answers);
}

function parameter(name: string, value: string): Buffer {
  const body = Buffer.from(`${name}\0${value}\0`);
  const head = Buffer.alloc(5);
  head.write('S');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
