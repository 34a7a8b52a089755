// Brokers for tests: the embedded one, and a private mosquitto where the machine has it.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { pino } from 'pino';

import { EmbeddedBroker } from '../broker.ts';

/** A running broker that lets the core in. */
export interface TestBroker {
  /** For the core, password included. */
  url: string;
  port: number;
  stop(): Promise<void>;
  /** Starts it again on the same port, with nothing remembered. */
  restart(): Promise<void>;
}

/** Starts the embedded broker on a port of its own. */
export async function startEmbedded(): Promise<TestBroker> {
  const port = await freePort();
  const broker = new EmbeddedBroker({
    port,
    passwords: { core: 'core-secret', field: 'field-secret' },
    verifyDevice: async () => false,
    logger: pino({ enabled: false }),
  });
  await broker.start();
  return {
    url: `mqtt://core:core-secret@127.0.0.1:${port}`,
    port,
    stop: () => broker.stop(),
    restart: async () => {
      await broker.stop();
      await broker.start();
    },
  };
}

const MOSQUITTO = ['mosquitto', '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'].find(
  (command) => spawnSync(command, ['-h']).error === undefined,
);

/** True when this machine has a mosquitto. */
export const hasMosquitto = MOSQUITTO !== undefined;

/** Starts a private mosquitto on loopback: no persistence, no password. */
export async function startMosquitto(): Promise<TestBroker> {
  const port = await freePort();
  const launch = async () => {
    const child = spawn(MOSQUITTO ?? 'mosquitto', ['-p', String(port)], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await listening(port);
    return async () => {
      child.kill('SIGKILL');
      await ended;
    };
  };
  let kill = await launch();
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    stop: () => kill(),
    restart: async () => {
      await kill();
      kill = await launch();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await wait(25);
  }
  throw new Error('mosquitto did not start');
}
