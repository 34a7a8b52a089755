// The interlocks that the demo city is shipped with, against its devices: whatever is asked, in whatever slot.
import { afterEach, describe, expect, it } from 'vitest';

import { DemoBox } from './demo-box.testsuite.ts';
import { whyConflicting } from '../../engine/control/signal-conflicts.ts';
import type { Alarm } from '../../engine/model/alarm.ts';
import type { Value } from '../../engine/model/value.ts';
import type { Fault } from './simulator/faults.ts';

const PRESS = 'urn:ngsi-ld:WasteContainer:hs-4';
const COMPACTION = `${PRESS}#compaction`;
const J4 = 'urn:ngsi-ld:TrafficController:J4';
const CROSSING = 'urn:ngsi-ld:Streetlight:harbour-street-14';
/** As 20 lx of class C2 are to 32 lx at full light. */
const CLASS_MINIMUM = 0.63;
/** North and south against east and west, as the junctions' assets say. */
const CROSS = '1-2 1-4 2-3 3-4';

let box: DemoBox;
afterEach(() => box.stop());
const startBox = async (department: string): Promise<void> => {
  box = new DemoBox({ departments: [department], rules: false });
  await box.start();
};
const sentTo = (point: string): unknown[] =>
  box.sent.flatMap(({ point: key, want }) => (key === point ? ['value' in want ? want.value : 'release'] : []));

const conflictAlarms = (): Alarm[] =>
  box.fold.outputs.flatMap((output) =>
    output.kind === 'alarm' && output.alarm.kind === 'signal-conflict' ? [output.alarm] : [],
  );

/** Every report of a controller's signal groups. */
const shownBy = (controller: string): Value[] =>
  box.fold.outputs.flatMap((output) =>
    output.kind === 'reading' && output.reading.asset === controller && output.reading.property === 'signalGroupStatus'
      ? [output.reading.value]
      : [],
  );

describe('a compactor', () => {
  it.each(['doorOpen', 'moved', 'burning'] as const)(
    'never starts while it is: %s; it does when all is well',
    async (fault) => {
      await startBox('waste');
      await box.fault(PRESS, fault, true);
      await box.pass(2);
      await box.wish(COMPACTION, 'compacting', 1);
      await box.pass(12, 1_000);
      expect(sentTo(COMPACTION)).not.toContain('compacting');
      expect(box.did(PRESS)).not.toContain('compacting command');
      await box.fault(PRESS, fault, false);
      await box.pass(3);
      expect(box.did(PRESS)).toContain('compacting command');
    },
  );

  it.each(['moved', 'burning'] as const)('is stopped on the way when it is %s', async (fault) => {
    await startBox('waste');
    await box.pass(2);
    await box.wish(COMPACTION, 'compacting', 1);
    await box.pass(2);
    await box.fault(PRESS, fault, true);
    await box.pass(2);
    expect(box.did(PRESS)).toEqual(['compacting command', 'idle command']);
  });

  it('never starts when its sensors have not spoken', async () => {
    await startBox('waste');
    await box.fault(PRESS, 'silent', true);
    await box.pass(70, 2_000);
    await box.wish(COMPACTION, 'compacting');
    await box.pass(5);
    expect(sentTo(COMPACTION)).not.toContain('compacting');
  });

  it('never has more cycles in an hour than it is built for', { timeout: 120_000 }, async () => {
    await startBox('waste');
    await box.pass(2);
    for (let round = 0; round < 18; round += 1) {
      await box.wish(COMPACTION, 'compacting');
      await box.pass(12, 1_000);
      await box.wish(COMPACTION, null);
      await box.pass(1, 1_000);
    }
    const starts = box.did(PRESS).filter((one) => one === 'compacting command');
    expect(starts).toHaveLength(15);
  });
});

describe('a controller', () => {
  it.each<Fault>(['policeKey', 'failure', 'handAtCabinet'])('is not commanded while: %s', async (fault) => {
    await startBox('traffic');
    await box.fault(J4, fault, true);
    await box.pass(2);
    for (const slot of [1, 8]) {
      await box.wish(`${J4}#timePlan`, 3, slot);
      await box.pass(8, 1_000);
    }
    expect(sentTo(`${J4}#timePlan`)).toEqual([]);
  });

  it('never shows conflicting groups green, whatever plans are asked of it: its own reports judge', async () => {
    await startBox('traffic');
    await box.pass(2);
    for (const [round, plan] of [3, 2, 5, 4, 1, 3].entries()) {
      await box.wish(`${J4}#timePlan`, plan, round % 2 === 0 ? 8 : 2);
      await box.pass(9, 500);
    }
    const shown = shownBy(J4);
    expect(new Set(shown).size).toBeGreaterThan(4);
    expect(shown.flatMap((value) => whyConflicting(value, CROSS) ?? [])).toEqual([]);
    expect(conflictAlarms()).toEqual([]);
  });

  it('that shows them is found out by its own report, at once', async () => {
    await startBox('traffic');
    await box.pass(2);
    await box.fault(J4, 'conflictingGreen', true);
    await box.pass(1);
    expect(conflictAlarms()).toMatchObject([
      { asset: J4, severity: 'critical', text: expect.stringContaining('1 and 2') },
    ]);
  });

  it('is commanded when it is in normal control, so that the tests above mean something', async () => {
    await startBox('traffic');
    await box.pass(2);
    await box.wish(`${J4}#timePlan`, 3);
    await box.pass(14);
    expect(box.did(J4)).toEqual(['3 command']);
  });
});

const route = (side: number, by: string, value: number | null = side): Promise<void> =>
  box.wish(`${J4}#emergencyRoute`, value, 2, by);

describe('an emergency route', () => {
  it('waits for a conflicting one that ranks before it, and goes on by itself when that is over', async () => {
    await startBox('traffic');
    await box.pass(2);
    await route(2, 'police');
    await box.pass(2);
    expect(shownBy(J4).at(-1)).toBe('B4BB');
    await route(1, 'fire');
    await route(3, 'ambulance');
    await box.pass(2);
    expect(shownBy(J4).at(-1)).toBe('4BBB');
    await route(1, 'fire', null);
    await box.pass(2);
    await route(3, 'ambulance', null);
    await box.pass(2);
    await route(2, 'police', null);
    await box.pass(2);
    expect(box.did(J4)).toEqual(['2 command', '1 command', '3 command', '2 command', '0 programme']);
    expect(shownBy(J4).flatMap((shown) => whyConflicting(shown, CROSS) ?? [])).toEqual([]);
  });

  it('is not asked of a controller in failure, under the police key or in an officer’s hand', async () => {
    await startBox('traffic');
    for (const fault of ['failure', 'policeKey', 'handAtCabinet'] as const) {
      await box.fault(J4, fault, true);
      await box.pass(2);
      await route(1, 'fire');
      await box.pass(2);
      await route(1, 'fire', null);
      await box.fault(J4, fault, false);
      await box.pass(2);
    }
    expect(sentTo(`${J4}#emergencyRoute`)).not.toContain(1);
  });
});

describe('a crossing’s lamp', () => {
  it('may be dimmed by day, is lifted to its class minimum as night falls, and stays there', async () => {
    await startBox('lighting');
    await box.pass(0.5);
    await box.wish(`${CROSSING}#level`, 0.1, 1);
    await box.pass(1);
    expect(box.did(CROSSING)).toEqual(['0.1 command']);
    await box.pass(12);
    expect(box.did(CROSSING)).toEqual(['0.1 command', `${CLASS_MINIMUM} command`]);
    await box.wish(`${CROSSING}#level`, 0, 1);
    await box.pass(5);
    await box.wish(`${CROSSING}#level`, 0.9, 1);
    await box.pass(5);
    await box.wish(`${CROSSING}#level`, 0.3, 1);
    await box.pass(5);
    expect(box.did(CROSSING).slice(1)).toEqual([`${CLASS_MINIMUM} command`, '0.9 command', `${CLASS_MINIMUM} command`]);
  });
});
