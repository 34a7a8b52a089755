// The reducer behind the live page: snapshot, events, limits.
import { describe, expect, it } from 'vitest';

import type { Alarm } from '../../../engine/model/alarm.ts';
import type { LiveEvent } from '../../../engine/model/live.ts';
import { activation, asset, commandRecord, decision, fact, point, snapshot } from './city-builders.testsuite.ts';
import {
  applyEvents,
  COMMANDS_KEPT,
  commandsNewestFirst,
  DECISIONS_KEPT,
  EMPTY_CITY,
  fromSnapshot,
  stateOf,
} from './city-state.ts';

const ALARM: Alarm = {
  alarmId: 'asset-silent|lamp|1-0',
  kind: 'asset-silent',
  subject: 'lamp',
  department: 'lighting',
  severity: 'medium',
  text: 'not heard',
  group: 'lamp',
  raisedAt: 1,
  activeSince: 1,
  occurrences: 1,
  steps: [],
  revision: 1,
};
const LAMP = 'urn:ngsi-ld:Streetlight:river-path-17';

describe('a snapshot', () => {
  it('is indexed by asset, property, point, activation and command', () => {
    const city = fromSnapshot(
      snapshot({
        assets: [asset(LAMP)],
        facts: [fact(LAMP, 'activePower', 40)],
        points: [point(`${LAMP}#level`)],
        activations: [activation('lighting/dusk', LAMP)],
        commands: [commandRecord(`${LAMP}#level`, 1)],
      }),
    );
    expect(city.assets.get(LAMP)?.id).toBe(LAMP);
    expect(city.facts.get(LAMP)?.get('activePower')?.value).toBe(40);
    expect(city.points.has(`${LAMP}#level`)).toBe(true);
    expect(city.activations.has(`lighting/dusk|${LAMP}|`)).toBe(true);
    expect(city.commands.has(`${LAMP}#level:1`)).toBe(true);
  });

  it('shows decisions newest first, whatever order they came in', () => {
    const city = fromSnapshot(snapshot({ decisions: [decision('old', 1), decision('new', 5), decision('mid', 3)] }));
    expect(city.decisions.map(({ decisionId }) => decisionId)).toEqual(['new', 'mid', 'old']);
  });
});

describe('events', () => {
  it('leave tables that did not change as they are, so that views need not draw again', () => {
    const before = fromSnapshot(snapshot({ assets: [asset(LAMP)], facts: [fact(LAMP, 'activePower', 40)] }));
    const after = applyEvents(before, [{ event: 'fact', data: fact(LAMP, 'activePower', 0) }]);
    expect(after.assets).toBe(before.assets);
    expect(after.facts).not.toBe(before.facts);
    expect(after.facts.get(LAMP)?.get('activePower')?.value).toBe(0);
    expect(before.facts.get(LAMP)?.get('activePower')?.value).toBe(40);
  });

  it('that say nothing keep the state itself', () => {
    expect(applyEvents(EMPTY_CITY, [])).toBe(EMPTY_CITY);
  });

  it('add an asset and a point, and keep facts of other assets untouched', () => {
    const other = 'urn:ngsi-ld:Streetlight:river-path-18';
    const before = fromSnapshot(snapshot({ facts: [fact(other, 'activePower', 12)] }));
    const events: LiveEvent[] = [
      { event: 'asset', data: asset(LAMP) },
      { event: 'point', data: point(`${LAMP}#level`) },
      { event: 'fact', data: fact(LAMP, 'activePower', 1) },
    ];
    const after = applyEvents(before, events);
    expect(after.assets.size).toBe(1);
    expect(after.points.size).toBe(1);
    expect(after.facts.get(other)).toBe(before.facts.get(other));
  });

  it('that repeat a decision show it once', () => {
    const event: LiveEvent = { event: 'decision', data: decision('d1', 1) };
    expect(applyEvents(EMPTY_CITY, [event, event]).decisions).toHaveLength(1);
  });

  it('keep only the latest decisions', () => {
    const events = Array.from({ length: DECISIONS_KEPT + 20 }, (_, at) => ({
      event: 'decision' as const,
      data: decision(`d${at}`, at),
    }));
    const city = applyEvents(EMPTY_CITY, events);
    expect(city.decisions).toHaveLength(DECISIONS_KEPT);
    expect(city.decisions[0]?.decisionId).toBe(`d${DECISIONS_KEPT + 19}`);
  });

  it('never take a step of a command back', () => {
    const verified = commandRecord(`${LAMP}#level`, 1, ['queued', 'sent', 'accepted', 'verified']);
    const late = commandRecord(`${LAMP}#level`, 1, ['queued', 'sent']);
    const city = applyEvents(EMPTY_CITY, [
      { event: 'command', data: verified },
      { event: 'command', data: late },
    ]);
    expect(stateOf(city.commands.get(`${LAMP}#level:1`)!)).toBe('verified');
  });

  it('forget old commands, except the newest one of a point', () => {
    const quiet = { ...point(`${LAMP}#level`), commandId: `${LAMP}#level:1` };
    const busy = 'urn:ngsi-ld:Streetlight:busy#level';
    const before = fromSnapshot(snapshot({ points: [quiet], commands: [commandRecord(`${LAMP}#level`, 1)] }));
    const events = Array.from({ length: COMMANDS_KEPT + 50 }, (_, index) => ({
      event: 'command' as const,
      data: commandRecord(busy, index + 2),
    }));
    const city = applyEvents(before, events);
    expect(city.commands.size).toBe(COMMANDS_KEPT + 1);
    expect(city.commands.has(`${LAMP}#level:1`)).toBe(true);
    expect(city.commands.has(`${busy}:2`)).toBe(false);
    expect(commandsNewestFirst(city.commands)[0]?.command.sequence).toBe(COMMANDS_KEPT + 51);
  });

  it('that an asset is gone take its facts and points along', () => {
    const before = fromSnapshot(
      snapshot({
        assets: [asset(LAMP)],
        facts: [fact(LAMP, 'activePower', 40)],
        points: [point(`${LAMP}#level`), point(`${LAMP}0#level`)],
      }),
    );
    const after = applyEvents(before, [{ event: 'gone', data: { kind: 'asset', key: LAMP } }]);
    expect([after.assets.size, after.facts.size, [...after.points.keys()]]).toEqual([0, 0, [`${LAMP}0#level`]]);
  });

  it('that an activation is gone end it', () => {
    const before = fromSnapshot(snapshot({ activations: [activation('lighting/dusk', LAMP)] }));
    const key = `lighting/dusk|${LAMP}|`;
    expect(applyEvents(before, [{ event: 'gone', data: { kind: 'activation', key } }]).activations.size).toBe(0);
  });

  it('keep open alarms, never an older report over a newer one, and let closed ones go', () => {
    const alarm = { ...ALARM, revision: 3, text: 'newest' };
    const open = fromSnapshot(snapshot({ alarms: [alarm] }));
    const older = applyEvents(open, [{ event: 'alarm', data: { ...alarm, revision: 2, text: 'older' } }]);
    expect(older.alarms.get(alarm.alarmId)?.text).toBe('newest');
    const closed = applyEvents(open, [{ event: 'alarm', data: { ...alarm, revision: 4, closedAt: 9 } }]);
    expect(closed.alarms.size).toBe(0);
  });
});
