import { describe, expect, it } from 'vitest';

import { judge, type Effect, type Evidence, type RecordedCommand, type Wish } from './judge.ts';

const START = 1_700_000_000_000;

/** A run without a flaw: 60 wishes for 6 points, each done 20 ms later and verified. */
function cleanRun(): { accepted: Wish[]; effects: Effect[]; commands: RecordedCommand[] } {
  const accepted = Array.from({ length: 60 }, (_, index): Wish => ({
    point: `p${index % 6}`,
    value: index + 1,
    askedAt: START + index * 10,
  }));
  const commands = accepted.map(({ point, value }): RecordedCommand => {
    const sequence = Math.ceil(value / 6);
    return { commandId: `${point}:${sequence}`, point, value, sequence, end: 'verified' };
  });
  const effects = accepted.map(({ point, value, askedAt }, index): Effect => ({
    point,
    value,
    at: askedAt + 20,
    commandId: commands[index]!.commandId,
    notAfter: askedAt + 10_000,
  }));
  return { accepted, effects, commands };
}

const judged = (doctor: (run: ReturnType<typeof cleanRun>) => Partial<Evidence>) => {
  const run = cleanRun();
  return judge({ ...run, ...doctor(run) });
};

describe('a clean log', () => {
  it('has nothing to be found', () => {
    expect(judge(cleanRun())).toEqual({
      accepted: 60,
      verified: 60,
      refused: 0,
      superseded: 0,
      expired: 0,
      unverified: 0,
      failed: 0,
      lost: 0,
      open: 0,
      duplicated: 0,
      late: 0,
      outOfOrder: 0,
      longestDelayMs: 20,
    });
  });

  it('counts a wish without an effect by its recorded end', () => {
    const verdict = judged(({ effects, commands }) => ({
      effects: effects.filter(({ value }) => value !== 31),
      commands: commands.map((command) => (command.value === 31 ? { ...command, end: 'superseded' } : command)),
    }));
    expect(verdict).toMatchObject({ verified: 59, superseded: 1, lost: 0 });
  });

  it('takes the end of the newest command where a wish took several', () => {
    const again: RecordedCommand = { commandId: 'p0:11', point: 'p0', value: 55, sequence: 11, end: 'verified' };
    const verdict = judged(({ commands }) => ({
      commands: [
        again,
        ...commands.map((command) => (command.value === 55 ? { ...command, end: 'expired' as const } : command)),
      ],
    }));
    expect(verdict).toMatchObject({ verified: 60, expired: 0 });
  });

  it('lets a release come once per command, whatever came before', () => {
    const release = { point: 'p0', at: START + 5_000, notAfter: START + 9_000 };
    const effects = [
      { ...release, commandId: 'p0:11' },
      { ...release, commandId: 'p0:12' },
    ];
    expect(judged((run) => ({ effects: [...run.effects, ...effects] }))).toMatchObject({
      duplicated: 0,
      outOfOrder: 0,
    });
    expect(judged((run) => ({ effects: [...run.effects, ...effects, effects[0]!] }))).toMatchObject({ duplicated: 1 });
  });

  it('asks nothing of wishes that were not accepted', () => {
    expect(judged(({ accepted }) => ({ accepted: accepted.slice(0, 50) }))).toMatchObject({ accepted: 50, lost: 0 });
  });
});

describe('a doctored log', () => {
  it('shows a wish that left no trace as lost', () => {
    const verdict = judged(({ effects, commands }) => ({
      effects: effects.filter(({ value }) => value !== 17),
      commands: commands.filter(({ value }) => value !== 17),
    }));
    expect(verdict).toMatchObject({ verified: 59, lost: 1 });
  });

  it('shows a command that never ended as lost, when the device has done nothing', () => {
    const verdict = judged(({ effects, commands }) => ({
      effects: effects.filter(({ value }) => value !== 17),
      commands: commands.map(({ end, ...command }) => (command.value === 17 || !end ? command : { ...command, end })),
    }));
    expect(verdict).toMatchObject({ lost: 1, open: 0 });
  });

  it('shows an effect without a recorded end as open', () => {
    const verdict = judged(({ commands }) => ({ commands: commands.filter(({ value }) => value !== 17) }));
    expect(verdict).toMatchObject({ lost: 0, open: 1 });
  });

  it('shows the same command done twice', () => {
    expect(
      judged(({ effects }) => ({ effects: effects.flatMap((effect, at) => (at === 9 ? [effect, effect] : [effect])) })),
    ).toMatchObject({ duplicated: 1, outOfOrder: 0 });
  });

  it('shows the same wish done twice by two commands', () => {
    const verdict = judged(({ effects }) => ({
      effects: [...effects, { ...effects.at(-1)!, commandId: 'p5:11', at: START + 2_000 }],
    }));
    expect(verdict).toMatchObject({ duplicated: 1, outOfOrder: 0 });
  });

  it.each([
    [0, 0],
    [1, 1],
  ])('shows an effect %i ms after its notAfter as %i late', (byMs, late) => {
    const verdict = judged(({ effects }) => ({
      effects: effects.map((effect) => (effect.value === 40 ? { ...effect, at: effect.notAfter + byMs } : effect)),
    }));
    expect(verdict.late).toBe(late);
  });

  it('shows an older wish that was done after a newer one of its point', () => {
    const verdict = judged(({ effects }) => {
      const swapped = [...effects];
      [swapped[20], swapped[26]] = [swapped[26]!, swapped[20]!];
      return { effects: swapped };
    });
    expect(verdict).toMatchObject({ outOfOrder: 1, duplicated: 0 });
  });

  it('does not take effects of different points for disorder', () => {
    const verdict = judged(({ effects }) => {
      const swapped = [...effects];
      [swapped[20], swapped[21]] = [swapped[21]!, swapped[20]!];
      return { effects: swapped };
    });
    expect(verdict.outOfOrder).toBe(0);
  });

  it('shows the longest delay, not the last', () => {
    const verdict = judged(({ effects }) => ({
      effects: effects.map((effect) => (effect.value === 5 ? { ...effect, at: effect.at + 7_000 } : effect)),
    }));
    expect(verdict.longestDelayMs).toBe(7_020);
  });
});
