// The simulator as a process: starts, says what is wrong with its settings, ends cleanly.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../server/launcher/ports.ts';
import { makeTempFolder } from '../../../test/temp-folder.ts';
import { Listener, TestBroker } from '../../../test/town-run.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const DEVICES = 25;

const run = (environment: Record<string, string>) =>
  spawn(process.execPath, [MAIN], { env: { PATH: process.env['PATH'] ?? '', ...environment } });

test('all devices come online; SIGTERM takes them offline, and the process ends with 0', async () => {
  const folder = await makeTempFolder();
  const broker = new TestBroker();
  const listener = new Listener();
  await broker.start();
  await listener.start(broker.url);
  const child = run({ MQTT_URL: broker.url, SIGNALBOX_SIMULATOR_FOLDER: folder.path, LOG_LEVEL: 'warn' });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await listener.stop();
    await broker.stop();
    await folder.remove();
  });
  const saying = (state: string) =>
    listener.until((heard) => {
      const said = heard.filter(({ channel, body }) => channel === 'status' && JSON.stringify(body).includes(state));
      return new Set(said.map(({ device }) => device)).size === DEVICES || undefined;
    });
  await saying('"online"');
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await saying('"offline"');
  expect(await ended).toEqual([0, null]);
  expect(readFileSync(join(folder.path, 'effects.jsonl'), 'utf8')).toMatch(/^({.*}\n)*$/);
});

test('ends quickly when the broker is not there', async () => {
  const folder = await makeTempFolder();
  onTestFinished(() => folder.remove());
  const child = run({ MQTT_URL: `mqtt://127.0.0.1:${await freePort()}`, SIGNALBOX_SIMULATOR_FOLDER: folder.path });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test('names everything that is wrong with its settings, never the password', async () => {
  const child = run({ MQTT_URL: 'http://me:secret-word@broker', SIGNALBOX_SIMULATOR_SEED: 'x', LOG_LEVEL: 'loud' });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(code).not.toBe(0);
  for (const name of ['MQTT_URL', 'SIGNALBOX_SIMULATOR_SEED', 'LOG_LEVEL']) expect(said).toContain(name);
  expect(said).not.toContain('secret-word');
});
