// The command `misbehave` as a process: against the simulated town, and against a broker that checks who may speak.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { EmbeddedBroker } from '../../../engine/index.ts';
import { freePort } from '../../../server/launcher/ports.ts';
import { eventually } from '../../../test/eventually.ts';
import { makeTempFolder } from '../../../test/temp-folder.ts';
import { HARBOURTON_ASSETS, TownRun } from '../../../test/town-run.ts';
import { loadAssets } from './load-assets.ts';
import { readRequest } from './misbehaviour.ts';

const MAIN = join(import.meta.dirname, 'misbehave.ts');
const LAMP = 'urn:ngsi-ld:Streetlight:river-path-17';
const ASSETS = loadAssets(HARBOURTON_ASSETS);

describe('the command', () => {
  test('makes a device and a lamp of the running town misbehave, and ends it', async () => {
    const town = new TownRun();
    onTestFinished(() => town.stop());
    await town.start(['traffic', 'lighting']);
    const misbehave = commandOn(await dataFolder(town.broker.url));
    expect(await misbehave('J4', 'policeKey', 'on')).toEqual({
      code: 0,
      said: 'J4: policeKey is on (a police officer has turned the key in a signal controller)\n',
      complained: '',
    });
    await eventually(() => expect(town.simulator.faults.has('policeKey', 'J4')).toBe(true));
    expect(await misbehave('river-path-17', 'stuckLamp', 'on')).toMatchObject({ code: 0 });
    await eventually(() => expect(town.simulator.faults.has('stuckLamp', 'cabinet-river-path', LAMP)).toBe(true));
    await misbehave('J4', 'policeKey', 'off');
    await eventually(() => expect(town.simulator.faults.has('policeKey', 'J4')).toBe(false));
  });

  test('takes the broker of FIELD_MQTT_URL where no box left a note, and says when this user may not speak', async () => {
    const broker = new EmbeddedBroker({
      port: 0,
      passwords: { field: 'pw-field', traffic: 'pw-traffic' },
      verifyDevice: async () => false,
      logger: pino({ level: 'silent' }),
    });
    await broker.start();
    onTestFinished(() => broker.stop());
    const folder = await makeTempFolder();
    onTestFinished(() => folder.remove());
    const urlOf = (user: string) => `mqtt://${user}:pw-${user}@127.0.0.1:${broker.port}`;
    const asField = commandOn({ SIGNALBOX_DATA: folder.path, FIELD_MQTT_URL: urlOf('field') });
    expect(await asField('J4-east', 'queue')).toMatchObject({
      code: 0,
      said: 'urn:ngsi-ld:Approach:J4-east: queue is staged\n',
    });
    const asFlows = commandOn({ SIGNALBOX_DATA: folder.path, FIELD_MQTT_URL: urlOf('traffic') });
    expect(await asFlows('J4', 'silent', 'on')).toMatchObject({
      code: 1,
      complained: expect.stringContaining('this user may not publish there'),
    });
  });

  test('says so when no box runs, never with a password', async () => {
    const folder = await makeTempFolder();
    onTestFinished(() => folder.remove());
    const nobody = await commandOn({ SIGNALBOX_DATA: folder.path })('J4', 'silent', 'on');
    expect([nobody.code, nobody.complained.replace(folder.path, 'DATA')]).toMatchInlineSnapshot(`
      [
        1,
        "The settings cannot be used:
      DATA/field-bus.json is not there: no box with the demo city runs on this data folder. Start one with \`npm start\`, or set SIGNALBOX_DATA, or FIELD_MQTT_URL.
      ",
      ]
    `);
    const gone = await commandOn(await dataFolder(`mqtt://field:hush-hush@127.0.0.1:${await freePort()}`))(
      'J4',
      'silent',
      'on',
    );
    expect([gone.code, gone.complained.replace(/:\d+\)/, ':PORT)')]).toMatchInlineSnapshot(`
      [
        1,
        "The field bus cannot be used (connect ECONNREFUSED 127.0.0.1:PORT). Does the box run, with the demo city? Start it with \`npm start\`.
      ",
      ]
    `);
  });

  test('lists the faults and the devices when it is asked for nothing or for what it does not know', async () => {
    const misbehave = commandOn({ SIGNALBOX_DATA: '/nowhere' });
    const [nothing, unknown] = await Promise.all([misbehave(), misbehave('J4', 'stubborn', 'on')]);
    expect(nothing.code).toBe(2);
    for (const part of ['policeKey', 'stuckLamp', 'cabinet-river-path', 'J6', 'WasteContainer', 'queue'])
      expect(nothing.complained).toContain(part);
    expect(unknown.complained).toBe(
      `found "stubborn"; allowed is one of the faults or scenes below\n\n${nothing.complained}`,
    );
  });
});

describe('the words', () => {
  test.each([
    [['J4', 'policeKey', 'on'], { device: 'J4', fault: 'policeKey', on: true }],
    [['river-path-17', 'stuckLamp', 'off'], { asset: LAMP, fault: 'stuckLamp', on: false }],
    [[LAMP, 'frozen', 'on'], { asset: LAMP, fault: 'frozen', on: true }],
    [
      ['MotionSensor:river-path-1', 'silent', 'on'],
      { asset: 'urn:ngsi-ld:MotionSensor:river-path-1', fault: 'silent', on: true },
    ],
    // The scene says which of the two is meant.
    [['river-path-1', 'walk'], { scene: 'walk', asset: 'urn:ngsi-ld:MotionSensor:river-path-1' }],
  ])('%j are understood', (words, control) => {
    expect(readRequest(words, ASSETS)).toMatchObject({ ok: true, control });
  });

  test.each([
    [['J9', 'silent', 'on'], 'found "J9"; no device and no asset is called so'],
    [['J4', 'silent'], 'found "" after the fault; allowed is on or off'],
    [['J4', 'silent', 'on', 'please'], 'found "on please" after the fault; allowed is on or off'],
    [['J4', 'toString', 'on'], 'found "toString"; allowed is one of the faults or scenes below'],
    [['J4', 'queue'], 'found "J4"; no device and no asset is called so (queue needs an asset of type Approach)'],
    [
      ['river-path-1', 'silent', 'on'],
      '"river-path-1" can be urn:ngsi-ld:MotionSensor:river-path-1 or urn:ngsi-ld:Streetlight:river-path-1; say which',
    ],
  ])('%j are refused', (words, problem) => {
    expect(readRequest(words, ASSETS)).toEqual({ ok: false, problem });
  });
});

/** A data folder as the launcher of a running box leaves it. */
async function dataFolder(url: string): Promise<Record<string, string>> {
  const folder = await makeTempFolder();
  onTestFinished(() => folder.remove());
  await writeFile(join(folder.path, 'field-bus.json'), JSON.stringify({ url }), { mode: 0o600 });
  return { SIGNALBOX_DATA: folder.path };
}

function commandOn(environment: Record<string, string>) {
  return async (...words: string[]) => {
    const child = spawn(process.execPath, [MAIN, ...words], {
      env: { PATH: process.env['PATH'] ?? '', ...environment },
    });
    const [said, complained, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit').then(([exitCode]: unknown[]) => exitCode),
    ]);
    return { code, said, complained };
  };
}
