import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { Alarm } from '../../engine/model/alarm.ts';
import type { Input } from '../../engine/model/input.ts';
import { ManualClock } from '../../test/manual-clock.ts';
import { FlowsWatch } from './flows-watch.ts';

const alarm = (changes: Partial<Alarm> = {}): Alarm => ({
  alarmId: 'a',
  kind: 'flows-stopped',
  subject: 'traffic',
  department: 'traffic',
  severity: 'medium',
  text: '',
  group: 'traffic',
  raisedAt: 1,
  occurrences: 1,
  activeSince: 1,
  steps: [],
  revision: 1,
  ...changes,
});

it('says what is new, and once', () => {
  const { watch, clock, said } = makeWatch();
  watch.note('traffic', 'started');
  watch.note('waste', 'safe-mode');
  clock.advance(2000);
  watch.note('traffic', 'started');
  watch.note('traffic', 'lost');
  watch.repeat();
  expect(said()).toEqual(['traffic started', 'waste safe-mode', 'traffic lost']);
});

it('lets a runtime that changes its mind all the time say what it says in the end, later', () => {
  const { watch, clock, said } = makeWatch();
  for (let i = 0; i < 500; i += 1) {
    watch.note('traffic', i % 2 === 0 ? 'started' : 'safe-mode');
    clock.advance(1);
  }
  expect(said()).toEqual(['traffic started']);
  watch.repeat();
  expect(said()).toEqual(['traffic started', 'traffic safe-mode']);
});

it('says again what the log did not take', async () => {
  const log = { isAway: true };
  const { watch, said } = makeWatch(log);
  watch.note('traffic', 'lost');
  await Promise.resolve();
  log.isAway = false;
  expect(said()).toEqual([]);
  watch.repeat();
  expect(said()).toEqual(['traffic lost']);
});

it('says again that flows run when another gateway noticed late that it had lost them', () => {
  const { watch, said } = makeWatch();
  watch.note('traffic', 'started');
  watch.hear([{ event: 'alarm', data: alarm({ endedAt: 2 }) }]);
  watch.hear([{ event: 'alarm', data: alarm({ department: 'waste' }) }]);
  watch.repeat();
  expect(said()).toEqual(['traffic started']);
  watch.hear([{ event: 'alarm', data: alarm() }]);
  watch.repeat();
  expect(said()).toEqual(['traffic started', 'traffic started']);
});

it('says nothing of whom it has forgotten', () => {
  const { watch, said } = makeWatch();
  watch.note('traffic', 'started');
  watch.note('traffic', 'safe-mode');
  watch.forget('traffic');
  watch.repeat();
  expect(said()).toEqual(['traffic started']);
});

function makeWatch(log = { isAway: false }) {
  const inputs: Input[] = [];
  const clock = new ManualClock();
  const append = (input: Input): Promise<string> => {
    if (log.isAway) return Promise.reject(new Error('away'));
    inputs.push(input);
    return Promise.resolve('1-0');
  };
  return {
    clock,
    watch: new FlowsWatch({ inputs: { append }, clock, log: pino({ level: 'silent' }) }),
    said: () => inputs.flatMap((input) => (input.kind === 'flows' ? [`${input.department} ${input.state}`] : [])),
  };
}
