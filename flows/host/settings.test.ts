import { expect, it } from 'vitest';
import { firstFlowsOf, takeSettings } from './settings.ts';

const ENVIRONMENT = {
  SIGNALBOX_DEPARTMENT: 'traffic',
  SIGNALBOX_CORE_URL: 'http://127.0.0.1:1880',
  SIGNALBOX_LINK_TOKEN: 'a-token-of-some-length',
  SIGNALBOX_FLOWS_DIR: '/tmp/flows',
  FLOWS_MQTT_URL: 'mqtts://traffic:p%40ss@bus.example:8883',
};

it('takes the secrets out of the environment and leaves the address of the field bus', () => {
  const environment = { ...ENVIRONMENT };
  const settings = takeSettings(environment);
  expect(settings).toMatchObject({
    linkToken: 'a-token-of-some-length',
    mqttUrl: 'mqtts://bus.example:8883',
    mqttUser: 'traffic',
    mqttPassword: 'p@ss',
    host: '127.0.0.1',
    port: 0,
    isSafeMode: false,
  });
  expect(environment).toEqual({
    SIGNALBOX_DEPARTMENT: 'traffic',
    SIGNALBOX_CORE_URL: 'http://127.0.0.1:1880',
    SIGNALBOX_FLOWS_DIR: '/tmp/flows',
    FLOWS_MQTT_URL: 'mqtts://bus.example:8883',
  });
});

it('says everything that is wrong at once, without the secrets', () => {
  const environment = { FLOWS_MQTT_URL: 'http://a:secret@b', SIGNALBOX_LINK_TOKEN: 'short', FLOWS_PORT: 'x' };
  expect(() => takeSettings(environment)).toThrowErrorMatchingInlineSnapshot(`
    [SignalboxError: The settings cannot be used:
    SIGNALBOX_DEPARTMENT: found nothing; needed is the department’s name
    SIGNALBOX_CORE_URL: found nothing; needed is a URL
    SIGNALBOX_LINK_TOKEN: a token has at least 16 characters
    SIGNALBOX_FLOWS_DIR: found nothing; needed is a folder
    FLOWS_PORT: found "x"; allowed is 0 to 65535
    FLOWS_MQTT_URL: allowed is a URL with mqtt or mqtts or ws or wss]
  `);
});

it('knows with which flows a department begins', () => {
  expect(firstFlowsOf('waste')).toMatch(/flows\/waste\/flows\.json$/);
  expect(firstFlowsOf('parks')).toBeUndefined();
});
