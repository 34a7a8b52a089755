import { expect, it } from 'vitest';
import { mqttWarnings, planServices, type ServicePlan } from './services.ts';
import { loadLauncherSettings } from './settings.ts';

it('leaves Redis out when one is given, and lets the core wait for nothing', () => {
  const [core, ...others] = planServices(
    planOf({ REDIS_URL: 'redis://cache:6379', DATABASE_URL: 'postgres://db/box' }),
  );
  expect(core).toMatchObject({
    name: 'core',
    needs: [],
    env: { REDIS_URL: 'redis://cache:6379', DATABASE_URL: 'postgres://db/box' },
  });
  expect(others.map(({ name }) => name)).toEqual(['flows:traffic', 'flows:waste', 'simulator']);
});

it('gives each process its own user of the embedded broker', () => {
  expect(brokersOf({})).toEqual({
    core: undefined,
    'flows:traffic': 'mqtt://traffic:pw-traffic@127.0.0.1:1883',
    'flows:waste': 'mqtt://waste:pw-waste@127.0.0.1:1883',
    simulator: 'mqtt://field:pw-field@127.0.0.1:1883',
  });
});

it('gives each process its own user of a given broker', () => {
  const environment = {
    MQTT_URL: 'mqtts://core:a@bus',
    FLOWS_MQTT_URL: 'mqtts://{department}:b@bus',
    FIELD_MQTT_URL: 'mqtts://field:c@bus',
  };
  expect(brokersOf(environment)).toEqual({
    core: 'mqtts://core:a@bus',
    'flows:traffic': 'mqtts://traffic:b@bus',
    'flows:waste': 'mqtts://waste:b@bus',
    simulator: 'mqtts://field:c@bus',
  });
  expect(mqttWarnings(planOf(environment).settings)).toEqual([]);
});

it("warns when flows and devices must share the core's access to a given broker", () => {
  const environment = { MQTT_URL: 'mqtt://bus' };
  expect(brokersOf(environment)).toMatchObject({ 'flows:traffic': 'mqtt://bus', simulator: 'mqtt://bus' });
  expect(mqttWarnings(planOf(environment).settings)).toMatchInlineSnapshot(`
    [
      "FLOWS_MQTT_URL and FIELD_MQTT_URL not set: flows and devices use the core's own MQTT_URL, with its rights",
    ]
  `);
});

it.each([
  ['0.0.0.0', 'http://127.0.0.1:1880'],
  ['::', 'http://127.0.0.1:1880'],
  ['10.1.2.3', 'http://10.1.2.3:1880'],
  ['fd00::1', 'http://[fd00::1]:1880'],
])('tells flows where a core that listens on %s is', (HOST, url) => {
  const flows = planServices(planOf({ HOST })).find(({ name }) => name === 'flows:traffic');
  expect(flows?.env['SIGNALBOX_CORE_URL']).toBe(url);
});

it('confines each department’s flows to the program and a folder of its own, under its own user', () => {
  const services = planServices(planOf({ SIGNALBOX_DATA: '/box', SIGNALBOX_FLOWS_MEMORY: '256' }));
  const { user, args, env } = services.find(({ name }) => name === 'flows:traffic') ?? {};
  expect({ user, args, home: env?.['HOME'] }).toEqual({
    user: { uid: 60_800, gid: 60_800 },
    args: [
      '--disable-sigusr1',
      '--permission',
      '--allow-fs-read=/program',
      '--allow-fs-read=/box/flows/traffic',
      '--allow-fs-write=/box/flows/traffic',
      '--max-old-space-size=256',
      '--enable-source-maps',
      'flows.ts',
    ],
    home: '/box/flows/traffic',
  });
});

it('lets no signal open a debugger in any process', () => {
  const ours = planServices(planOf({})).filter(({ command }) => command === process.execPath);
  expect(ours).toHaveLength(4);
  expect(ours.filter(({ args }) => !args.includes('--disable-sigusr1'))).toEqual([]);
});

function brokersOf(environment: Record<string, string>): Record<string, string | undefined> {
  const services = planServices(planOf(environment));
  return Object.fromEntries(services.map(({ name, env }) => [name, env['FLOWS_MQTT_URL'] ?? env['MQTT_URL']]));
}

function planOf(environment: Record<string, string>): ServicePlan {
  return {
    settings: loadLauncherSettings({ SIGNALBOX_DEPARTMENTS: 'traffic,waste', ...environment }),
    secrets: {
      version: 1,
      redisPassword: 'pw-redis',
      linkTokens: { traffic: 'token-traffic', waste: 'token-waste' },
      mqttPasswords: { core: 'pw-core', field: 'pw-field', traffic: 'pw-traffic', waste: 'pw-waste' },
    },
    programs: { core: 'core.ts', flows: 'flows.ts', simulator: 'simulator.ts', flowsReads: ['/program'] },
    mqttPort: 1883,
    flowsPorts: new Map([
      ['traffic', 2001],
      ['waste', 2002],
    ]),
    users: new Map([['traffic', { uid: 60_800, gid: 60_800 }]]),
  };
}
