// From what somebody wrote to a schedule that can work: every problem at once, each with its place.
import { check } from '../model/check.ts';
import type { DayMoment, Layer, Run, Schedule } from '../model/schedule.ts';
import { isLayer, scheduleSchema } from '../model/schedule.ts';
import { problem, type Checked, type Problem } from '../model/result.ts';
import { misfit, type Value, type ValueType } from '../model/value.ts';
import { checkDays, type KnownCalendars } from './check-days.ts';
import { cronProblem } from './cron.ts';

/** What a schedule may name. */
export interface ScheduleSurroundings {
  calendars: KnownCalendars;
  /** Every declaration of a point among the assets of a type; undefined where no asset of the type has it. */
  pointTypes: (assetType: string, point: string) => readonly ValueType[] | undefined;
  /** Does this value need two people at every such point among the assets of a type? */
  needsTwo: (assetType: string, point: string, value: Value) => boolean;
}

/** Checks a schedule; `docs/errors.md` lists the codes. */
export function checkSchedule(document: unknown, around: ScheduleSurroundings): Checked<Schedule> {
  const shaped = check(scheduleSchema, document);
  if (!shaped.ok) return { ...shaped, warnings: [] };
  const schedule = shaped.value;
  const problems = [
    ...schedule.days.flatMap((day, index) => checkRuling(schedule, day, `/days/${index}`, around)),
    ...stepsOf(schedule).flatMap((one) => checkStep(schedule, one, around)),
    ...Object.entries(schedule.programmes).flatMap(([name, steps]) => checkBottom(steps, `/programmes/${name}`)),
    ...checkTargets(schedule, around),
  ];
  const warnings = unusedProgrammes(schedule);
  return problems.length > 0 ? { ok: false, problems, warnings } : { ok: true, value: schedule, warnings };
}

function checkRuling(
  { programmes }: Schedule,
  { on, programme }: Schedule['days'][number],
  path: string,
  { calendars }: ScheduleSurroundings,
): Problem[] {
  const days = checkDays(on, `${path}/on`, calendars);
  if (Object.hasOwn(programmes, programme)) return days;
  const allowed = `allowed is one of ${Object.keys(programmes).toSorted().join(', ')}`;
  return [...days, problem('schedule-programme', `${path}/programme`, programme, allowed)];
}

interface Step {
  step: Layer | Run;
  path: string;
}

const stepsOf = ({ programmes }: Schedule): Step[] =>
  Object.entries(programmes).flatMap(([name, steps]) =>
    steps.map((step, index) => ({ step, path: `/programmes/${name}/${index}` })),
  );

function checkStep(schedule: Schedule, { step, path }: Step, around: ScheduleSurroundings): Problem[] {
  if (isLayer(step))
    return [
      ...checkMoment(schedule, step.from, `${path}/from`),
      ...checkMoment(schedule, step.to, `${path}/to`),
      ...checkValue(schedule, step, path, around),
    ];
  const wrong = step.cron === undefined ? undefined : cronProblem(step.cron);
  return [
    ...checkMoment(schedule, step.at, `${path}/at`),
    ...(wrong === undefined ? [] : [problem('schedule-cron', `${path}/cron`, step.cron, wrong)]),
  ];
}

function checkMoment({ place }: Schedule, moment: DayMoment | undefined, path: string): Problem[] {
  if (typeof moment !== 'object' || place !== undefined) return [];
  return [
    problem('schedule-place', path, moment, 'a moment by the sun needs the schedule’s place: longitude and latitude'),
  ];
}

/** What only changes a value needs one below. */
function checkBottom(steps: readonly (Layer | Run)[], path: string): Problem[] {
  const layers = steps.filter(isLayer);
  const [first] = layers;
  if (!first || first.set !== undefined) return [];
  return [
    problem(
      'schedule-layer',
      `${path}/0`,
      first,
      'the lowest layer of a programme sets a value: there is nothing below it',
    ),
  ];
}

function checkTargets({ targets }: Schedule, { pointTypes }: ScheduleSurroundings): Problem[] {
  if (!targets || pointTypes(targets.type, targets.point)) return [];
  return [
    problem('schedule-point', '/targets/point', targets.point, `no asset of type ${targets.type} has this point`),
  ];
}

/** A value must be one that some target's point can have; what is added or multiplied needs points that are numbers. */
function checkValue(
  { targets }: Schedule,
  layer: Layer,
  path: string,
  { pointTypes, needsTwo }: ScheduleSurroundings,
): Problem[] {
  const types = targets && pointTypes(targets.type, targets.point);
  if (!types || types.length === 0) return [];
  for (const effect of ['set', 'atLeast', 'atMost'] as const) {
    const value: Value | undefined = layer[effect];
    if (value === undefined) continue;
    if (needsTwo(targets.type, targets.point, value))
      return [
        problem('two-people', `${path}/${effect}`, value, 'this value needs two people: no schedule may ask for it'),
      ];
    const wrong = types.map((type) => misfit(type, value));
    const [said] = wrong;
    return wrong.includes(undefined) || said === undefined
      ? []
      : [problem('schedule-value', `${path}/${effect}`, value, said)];
  }
  if (types.some(({ type }) => type === 'number')) return [];
  const effect = layer.add === undefined ? 'multiply' : 'add';
  return [problem('schedule-value', `${path}/${effect}`, layer[effect], 'allowed with points that are numbers only')];
}

function unusedProgrammes({ programmes, days }: Schedule): Problem[] {
  const used = new Set(days.map(({ programme }) => programme));
  return Object.keys(programmes)
    .filter((name) => !used.has(name))
    .map((name) => problem('schedule-unused', `/programmes/${name}`, name, 'no day is ruled by this programme'));
}
