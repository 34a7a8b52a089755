import { describe, expect, it } from 'vitest';

import { principalOf, whyNotPublish, whyNotSubscribe, type Principal } from './broker-rights.ts';

const core: Principal = { kind: 'core' };
const field: Principal = { kind: 'field' };
const waste: Principal = { kind: 'department', department: 'waste' };
const bin: Principal = { kind: 'device', department: 'waste', device: 'bin-7' };
const everybody = [core, field, waste, bin];

/** Which of core, field, department and device may. */
const allowed = (may: (who: Principal) => string | undefined): string[] =>
  everybody.filter((who) => may(who) === undefined).map(({ kind }) => kind);

it.each<[string, Principal | undefined]>([
  ['core', core],
  ['field', field],
  ['waste', waste],
  ['waste.bin-7', bin],
  ['waste.bin-7.x', undefined],
  ['waste.', undefined],
  ['.bin-7', undefined],
  ['Waste', undefined],
  ['waste.bin/7', undefined],
  ['waste.+', undefined],
  ['', undefined],
])('reads the user name %j', (username, who) => {
  expect(principalOf(username)).toEqual(who);
});

describe('publishing', () => {
  it.each<[string, string[]]>([
    ['signalbox/v1/waste/bin-7/telemetry', ['core', 'field', 'device']],
    ['signalbox/v1/waste/bin-7/report', ['core', 'field', 'device']],
    ['signalbox/v1/waste/bin-7/ack', ['core', 'field', 'device']],
    ['signalbox/v1/waste/bin-7/status', ['core', 'field', 'device']],
    ['signalbox/v1/waste/bin-7/command', ['core']],
    ['signalbox/v1/waste/bin-8/report', ['core', 'field']],
    ['signalbox/v1/lighting/bin-7/report', ['core', 'field']],
    ['signalbox/v2/waste/bin-7/report', ['core']],
    ['signalbox/v1/waste/bin-7/report/more', ['core']],
    ['signalbox-simulator/bin-7', ['core', 'field']],
    ['waste/anything', ['core']],
    ['$SYS/x', []],
  ])('allows %s to %j', (topic, who) => {
    expect(allowed((each) => whyNotPublish(each, topic, false))).toEqual(who);
  });

  it.each<[string, string[]]>([
    ['signalbox/v1/waste/bin-7/status', ['core', 'field', 'device']],
    ['signalbox/v1/waste/bin-7/report', []],
    ['signalbox/v1/waste/bin-7/command', []],
    ['signalbox-simulator/bin-7', []],
  ])('allows %s retained to %j', (topic, who) => {
    expect(allowed((each) => whyNotPublish(each, topic, true))).toEqual(who);
  });
});

describe('subscribing', () => {
  it.each<[string, string[]]>([
    ['signalbox/v1/waste/+/telemetry', ['core', 'department']],
    ['signalbox/v1/waste/bin-7/telemetry', ['core', 'department']],
    ['signalbox/v1/lighting/+/telemetry', ['core']],
    ['signalbox/v1/+/+/telemetry', ['core']],
    ['signalbox/v1/waste/+/report', ['core']],
    ['signalbox/v1/waste/bin-7/command', ['core', 'field', 'device']],
    ['signalbox/v1/waste/bin-8/command', ['core', 'field']],
    ['signalbox/v1/waste/+/command', ['core', 'field']],
    ['signalbox/v1/+/+/command', ['core', 'field']],
    ['signalbox/v1/waste/bin-7/+', ['core']],
    ['signalbox/+/waste/bin-7/command', ['core']],
    ['signalbox/v1/waste/bin-7/#', ['core']],
    ['signalbox/#', ['core']],
    ['#', ['core']],
    ['signalbox-simulator/#', ['core', 'field']],
    ['$SYS/#', ['core']],
  ])('allows %s to %j', (filter, who) => {
    expect(allowed((each) => whyNotSubscribe(each, filter))).toEqual(who);
  });
});
