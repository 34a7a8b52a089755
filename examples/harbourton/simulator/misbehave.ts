// Makes a device of the running demo city misbehave: `npm run --silent misbehave -- J4 policeKey on`.
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { SignalboxError } from '../../../engine/model/errors.ts';
import { CONTROL_TOPIC, type Control } from './faults.ts';
import { loadAssets } from './load-assets.ts';
import { readRequest, usage } from './misbehaviour.ts';
import { findFieldBus } from './settings.ts';

/** How long a broker may take to answer. */
const PATIENCE_MS = 5_000;

const assets = loadAssets(join(import.meta.dirname, '../assets'));
const request = readRequest(process.argv.slice(2), assets);
if (request.ok) {
  try {
    await send(findFieldBus(), request.control);
    process.stdout.write(`${request.says}\n`);
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = 1;
  }
} else {
  process.stderr.write(`${request.problem}${request.problem && '\n\n'}${usage(assets)}`);
  process.exitCode = 2;
}

/** Resolves when the broker has taken it. */
async function send(url: string, control: Control): Promise<void> {
  const client = await connectAsync(url, {
    // MQTT 3.1.1: what every broker speaks, the embedded one included.
    protocolVersion: 4,
    reconnectPeriod: 0,
    connectTimeout: PATIENCE_MS,
  });
  try {
    // A broker that does not allow it closes the connection (MQTT 3.1.1, 3.3.5).
    const closed = new Promise<never>((_resolve, reject) => {
      client.once('close', () => reject(new Error('this user may not publish there')));
    });
    await Promise.race([client.publishAsync(CONTROL_TOPIC, JSON.stringify(control), { qos: 1 }), closed]);
  } finally {
    client.end(true);
  }
}

function describe(error: unknown): string {
  if (error instanceof SignalboxError) return error.message;
  const why = error instanceof Error ? error.message : String(error);
  return `The field bus cannot be used (${why}). Does the box run, with the demo city? Start it with \`npm start\`.`;
}
