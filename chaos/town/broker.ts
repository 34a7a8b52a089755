// The run's field bus: mosquitto where the machine has it, else the box's own embedded broker in a process of its own.
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

import { freePort } from '../../server/launcher/ports.ts';
import { Program } from './programs.ts';
import { until } from './until.ts';

/** Which broker runs. */
export type BrokerKind = 'mosquitto' | 'embedded';

const CORE_PASSWORD = 'chaos-core';
const FIELD_PASSWORD = 'chaos-field';
/** Debian installs it outside of ordinary users' PATH. */
const MOSQUITTO = ['mosquitto', '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'];

/** The command of a mosquitto on this machine, if it has one. */
export const findMosquitto = (): string | undefined =>
  MOSQUITTO.find((command) => spawnSync(command, ['-h']).error === undefined);

/** A broker that can be killed and started again on the same port; it remembers nothing across that. */
export class TownBroker {
  readonly kind: BrokerKind;
  readonly port: number;
  readonly #program: Program;

  private constructor(kind: BrokerKind, port: number, program: Program) {
    this.kind = kind;
    this.port = port;
    this.#program = program;
  }

  /** @param kind default: mosquitto if it is there */
  static async prepare(folder: string, kind?: BrokerKind): Promise<TownBroker> {
    const command = kind === 'embedded' ? undefined : findMosquitto();
    if (kind === 'mosquitto' && command === undefined) throw new Error('there is no mosquitto on this machine');
    const port = await freePort();
    const common = { name: 'broker', env: { PATH: process.env['PATH'] ?? '' }, logFile: join(folder, 'broker.log') };
    if (command === undefined) {
      const args = [join(import.meta.dirname, 'broker-process.ts'), String(port), CORE_PASSWORD, FIELD_PASSWORD];
      return new TownBroker('embedded', port, new Program({ ...common, command: process.execPath, args }));
    }
    const file = join(folder, 'mosquitto.conf');
    await writeFile(file, mosquittoSettings(port));
    return new TownBroker('mosquitto', port, new Program({ ...common, command, args: ['-c', file] }));
  }

  /** For the core, through any port that leads here. */
  coreUrl(port = this.port): string {
    return this.kind === 'mosquitto'
      ? `mqtt://127.0.0.1:${port}`
      : `mqtt://core:${CORE_PASSWORD}@127.0.0.1:${port}?protocol=4`;
  }

  /** For the devices. */
  get fieldUrl(): string {
    return this.kind === 'mosquitto'
      ? `mqtt://127.0.0.1:${this.port}`
      : `mqtt://field:${FIELD_PASSWORD}@127.0.0.1:${this.port}`;
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    this.#program.start();
    await until('the broker', () => isListening(this.port));
  }

  /** Kills it; resolves when it is gone. Safe to call twice. */
  kill(): Promise<void> {
    return this.#program.kill();
  }
}

/** As deploy/mosquitto.conf has it: the defaults drop what devices say while nobody listens for some seconds. */
const mosquittoSettings = (port: number): string =>
  [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence false',
    'max_inflight_messages 1000',
    'max_queued_messages 100000',
    'set_tcp_nodelay true',
    'user root',
    '',
  ].join('\n');

async function isListening(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}
