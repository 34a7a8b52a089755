import { expect, it } from 'vitest';
import { loadLauncherSettings } from './settings.ts';

it('needs nothing to be set', () => {
  const { dataFolder, ...settings } = loadLauncherSettings({});
  expect(dataFolder).toMatch(/^\/.*\/\.signalbox$/);
  expect(settings).toEqual({
    host: '127.0.0.1',
    port: 1880,
    redisServer: 'redis-server',
    redisMaxMemory: '512mb',
    allowUnsafeRedis: false,
    mqtt: {},
    departments: ['traffic', 'lighting', 'waste'],
    flowsMemory: 512,
    flowsFirstUid: 60_800,
    demo: true,
    logLevel: 'info',
    commonEnvironment: {},
    coreEnvironment: {},
    simulatorEnvironment: {},
  });
});

it('names all problems at once, and repeats no address with a password', () => {
  const environment = {
    PORT: '0',
    REDIS_URL: 'http://:secret@example.org',
    MQTT_URL: 'secret',
    SIGNALBOX_DEPARTMENTS: 'traffic,Waste',
    SIGNALBOX_DEMO: 'maybe',
    SIGNALBOX_REDIS_MAXMEMORY: 'lots',
    LOG_LEVEL: 'loud',
  };
  expect(() => loadLauncherSettings(environment)).toThrowErrorMatchingInlineSnapshot(`
    [SignalboxError: The settings cannot be used:
    PORT: found "0"; allowed is 1 to 65535
    REDIS_URL: allowed is a URL with redis or rediss
    SIGNALBOX_REDIS_MAXMEMORY: found "lots"; allowed is a whole number with kb, mb or gb
    MQTT_URL: allowed is a URL with mqtt or mqtts or ws or wss
    SIGNALBOX_DEPARTMENTS: found "traffic,Waste"; a department is 2 to 32 lower-case letters, digits and hyphens, beginning with a letter
    SIGNALBOX_DEMO: found "maybe"; allowed is 1, true, yes, 0, false or no
    LOG_LEVEL: found "loud"; allowed is trace, debug, info, warn, error, fatal, silent]
  `);
});

it.each([
  ['traffic,traffic', 'each department may stand there once'],
  ['traffic,field', 'no department can be called core or field'],
])('refuses the departments %s', (SIGNALBOX_DEPARTMENTS, reason) => {
  expect(() => loadLauncherSettings({ SIGNALBOX_DEPARTMENTS })).toThrow(reason);
});

it('takes an empty value for an absent one', () => {
  expect(loadLauncherSettings({ REDIS_URL: '', PORT: '' })).toMatchObject({ port: 1880, redisUrl: undefined });
});

it('runs the demo city in production only when it is asked to', () => {
  expect(loadLauncherSettings({ NODE_ENV: 'production' }).demo).toBe(false);
  expect(loadLauncherSettings({ NODE_ENV: 'production', SIGNALBOX_DEMO: '1' }).demo).toBe(true);
});

it("passes on what every process needs, and to the core alone what is the core's", () => {
  const environment = { PATH: '/bin', HOME: '/home/ann', SIGNALBOX_ADMIN_PASSWORD: 'amber-lamp', AWS_SECRET: 'x' };
  expect(loadLauncherSettings(environment)).toMatchObject({
    commonEnvironment: { PATH: '/bin', HOME: '/home/ann' },
    coreEnvironment: { SIGNALBOX_ADMIN_PASSWORD: 'amber-lamp' },
  });
});

it('cannot be changed afterwards', () => {
  const settings = loadLauncherSettings({});
  expect([settings, settings.mqtt, settings.departments].every((part) => Object.isFrozen(part))).toBe(true);
});
