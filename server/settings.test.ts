import { describe, expect, it } from 'vitest';
import { SignalboxError } from '../engine/model/errors.ts';
import { citySettings, describeSettings, loadSettings } from './settings.ts';

const REDIS_URL = 'redis://:hunter2@127.0.0.1:6379';

const webhooks = (list: string) => loadSettings({ REDIS_URL, SIGNALBOX_WEBHOOKS: list }, []).webhooks.allowed;

describe('the settings', () => {
  it('have defaults for everything but Redis, and cannot be changed', () => {
    const settings = loadSettings({ REDIS_URL, DATABASE_URL: '' }, []);
    expect(settings).toEqual({
      roles: ['gateway', 'engine', 'worker'],
      host: '127.0.0.1',
      port: 1880,
      dataFolder: '.signalbox',
      namespace: 'signalbox',
      redisUrl: REDIS_URL,
      databaseUrl: undefined,
      mqtt: { url: undefined, host: '127.0.0.1', port: 1883, credentials: {} },
      linkTokens: {},
      flows: {},
      adminPassword: undefined,
      demo: false,
      city: 'Signalbox',
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      holidays: undefined,
      latenessMs: 300_000,
      allowUnsafeRedis: false,
      trustedProxies: undefined,
      webhooks: { allowed: [], private: [], secret: undefined },
      mail: undefined,
      logLevel: 'info',
    });
    expect(Object.isFrozen(settings) && Object.isFrozen(settings.mqtt.credentials)).toBe(true);
  });

  it('know the city’s time zone and its holidays, and refuse those that nobody knows', () => {
    const settings = loadSettings({ REDIS_URL, SIGNALBOX_TIME_ZONE: 'Europe/Berlin', SIGNALBOX_HOLIDAYS: 'DE-BY' }, []);
    expect(citySettings(settings)).toEqual({ timeZone: 'Europe/Berlin', holidays: 'DE-BY', latenessMs: 300_000 });
    expect(citySettings(loadSettings({ REDIS_URL }, []))).not.toHaveProperty('holidays');
    expect(() => loadSettings({ REDIS_URL, SIGNALBOX_HOLIDAYS: 'DE-XX' }, [])).toThrow(
      'SIGNALBOX_HOLIDAYS: found "DE-XX"; allowed is a country, state or region such as FI, DE-BY or GB-ENG',
    );
  });

  it('know how late a reading may be', () => {
    expect(loadSettings({ REDIS_URL, SIGNALBOX_LATENESS: '90 s' }, []).latenessMs).toBe(90_000);
    expect(() => loadSettings({ REDIS_URL, SIGNALBOX_LATENESS: 'never' }, [])).toThrow('SIGNALBOX_LATENESS');
  });

  it('take the origins that webhooks may call, and nothing that would promise more than is checked', () => {
    expect(webhooks('https://crews.example, http://127.0.0.1:8080')).toEqual([
      'https://crews.example',
      'http://127.0.0.1:8080',
    ]);
    for (const bad of ['crews.example', 'https://crews.example/hook', 'ftp://crews.example'])
      expect(() => webhooks(bad)).toThrow('SIGNALBOX_WEBHOOKS');
  });

  it('take a mail server with a sender, and say of its secrets only that they are there', () => {
    const mail = { SIGNALBOX_SMTP_URL: 'smtp://ann:hunter2@mail.example:587?pool=hunter2' };
    const rest = { REDIS_URL, SIGNALBOX_WEBHOOK_SECRET: 'hunter2hunter2hunter2hunter2' };
    const settings = loadSettings({ ...rest, ...mail, SIGNALBOX_MAIL_FROM: 'box@city.example' }, []);
    expect(settings.mail).toEqual({ url: mail.SIGNALBOX_SMTP_URL, from: 'box@city.example' });
    expect(JSON.stringify(describeSettings(settings))).not.toContain('hunter2');
    expect(describeSettings(settings)).toMatchObject({
      webhooks: { secret: 'given' },
      mail: { from: 'box@city.example' },
    });
    expect(() => loadSettings({ ...rest, ...mail }, [])).toThrow('SIGNALBOX_MAIL_FROM: found nothing');
    expect(() => loadSettings({ REDIS_URL, SIGNALBOX_SMTP_URL: 'https://hunter2' }, [])).toThrow(/^(?!.*hunter2)/);
  });

  it('take roles from the command line, each once', () => {
    const urls = { REDIS_URL, DATABASE_URL: 'postgres://db/signalbox', MQTT_URL: 'mqtts://broker' };
    expect(loadSettings(urls, ['--role', 'worker', '--role=gateway', '--role', 'worker']).roles).toEqual([
      'gateway',
      'worker',
    ]);
  });

  it('are refused with all problems at once, without repeating a secret', () => {
    const environment = {
      PORT: '70000',
      REDIS_URL: 'hunter2',
      MQTT_CREDENTIALS: '{"gw": hunter2}',
      SIGNALBOX_LINK_TOKENS: '{"Traffic": "hunter2", "waste": "hunter2hunter2hunter2"}',
      SIGNALBOX_FLOWS: '{"traffic": "127.0.0.1"}',
      SIGNALBOX_ADMIN_PASSWORD: 'hunter2',
      SIGNALBOX_DEMO: 'perhaps',
      SIGNALBOX_TRUSTED_PROXIES: '10.0.0.0/8, proxy.example',
      LOG_LEVEL: 'loud',
    };
    expect(messageOf(() => loadSettings(environment, ['--role', 'boss', '--verbose']))).toMatchInlineSnapshot(`
      "The settings cannot be used:
      PORT: found "70000"; allowed is 0 to 65535
      REDIS_URL: allowed is a URL with redis or rediss
      MQTT_CREDENTIALS: allowed is JSON such as {"field-gateway": "<password>"}
      SIGNALBOX_LINK_TOKENS.Traffic: a department is 2 to 32 lower-case letters, digits and hyphens, beginning with a letter
      SIGNALBOX_FLOWS.traffic: found "{\\"traffic\\": \\"127.0.0.1\\"}"; allowed is a URL with http or https
      SIGNALBOX_ADMIN_PASSWORD: a password has at least 8 characters
      SIGNALBOX_DEMO: found "perhaps"; allowed is 1, true, yes, 0, false or no
      SIGNALBOX_TRUSTED_PROXIES: found "10.0.0.0/8, proxy.example"; allowed is a list of addresses, networks such as 10.0.0.0/8, or loopback; not proxy.example
      LOG_LEVEL: found "loud"; allowed is trace, debug, info, warn, error, fatal, silent
      command line: found "--verbose"; allowed is --role gateway|engine|worker
      --role: found "boss"; allowed is gateway, engine, worker"
    `);
  });

  it('name the stores that roles which run apart must share', () => {
    expect(messageOf(() => loadSettings({}, ['--role', 'engine']))).toMatchInlineSnapshot(`
      "The settings cannot be used:
      REDIS_URL: found nothing; needed when engine runs apart from the other roles: they share Redis, database and field bus
      DATABASE_URL: found nothing; needed when engine runs apart from the other roles: they share Redis, database and field bus
      MQTT_URL: found nothing; needed when engine runs apart from the other roles: they share Redis, database and field bus"
    `);
  });

  it('need a Redis in any case, and a token for each runtime', () => {
    expect(messageOf(() => loadSettings({}, []))).toMatchInlineSnapshot(`
      "The settings cannot be used:
      REDIS_URL: found nothing; a running Redis is needed; \`npm start\` provides one"
    `);
    const flows = '{"traffic": "http://127.0.0.1:1881"}';
    expect(messageOf(() => loadSettings({ REDIS_URL, SIGNALBOX_FLOWS: flows }, []))).toMatchInlineSnapshot(`
      "The settings cannot be used:
      SIGNALBOX_LINK_TOKENS: has no token for traffic, which SIGNALBOX_FLOWS names"
    `);
  });

  it('are described without secrets', () => {
    const settings = loadSettings(
      {
        REDIS_URL,
        DATABASE_URL: 'postgres://sb:hunter2@db/signalbox?password=hunter2',
        MQTT_CREDENTIALS: '{"gw": "hunter2-hunter2"}',
        SIGNALBOX_LINK_TOKENS: '{"traffic": "hunter2-hunter2-hunter2"}',
        SIGNALBOX_ADMIN_PASSWORD: 'hunter2-hunter2',
      },
      [],
    );
    const described = describeSettings(settings);
    expect(JSON.stringify(described)).not.toContain('hunter2');
    expect(described).toMatchObject({
      redisUrl: 'redis://127.0.0.1:6379',
      databaseUrl: 'postgres://db/signalbox',
      mqtt: { embedded: '127.0.0.1:1883', users: ['gw'] },
      linkTokens: ['traffic'],
      adminPassword: 'given',
    });
  });
});

function messageOf(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    if (error instanceof SignalboxError && error.code === 'settings') return error.message;
    throw error;
  }
  throw new Error('the settings were accepted');
}
