// What a rule's test gives, made ready for the fold: the city as the test has it, and its readings in order of time.
import { assetSchema, type Asset } from '../model/asset.ts';
import { check } from '../model/check.ts';
import { durationMs } from '../model/duration.ts';
import { momentOf } from '../model/moment.ts';
import { normalise, type Reading } from '../model/reading.ts';
import { problem, type Problem, type Result } from '../model/result.ts';
import { expectationsOf, type AssetChanges, type RuleTest, type TestStep } from '../model/rule-test.ts';

/** The most readings of one test: a sensor that reports every second for a day, and as much again. */
const MOST_READINGS = 200_000;

/** Readings that are said at one moment. */
export interface Moment {
  /** Milliseconds since the epoch. */
  at: number;
  readings: Reading[];
}

/**
 * The city's assets as the test has them.
 *
 * @param path JSON pointer of the test
 * @returns all assets, or the problems of those that the test changes or adds
 */
export function assetsOf(test: RuleTest, city: readonly Asset[], path: string): Result<Asset[]> {
  const assets = new Map(city.map((asset) => [asset.id, asset]));
  const problems = (test.assets ?? []).flatMap((changes, index): Problem[] => {
    const changed = check(assetSchema, merged(assets.get(changes.id), changes));
    if (changed.ok) assets.set(changes.id, changed.value);
    return changed.ok ? [] : changed.problems.map((one) => ({ ...one, path: `${path}/assets/${index}${one.path}` }));
  });
  return problems.length === 0 ? { ok: true, value: [...assets.values()] } : { ok: false, problems };
}

function merged(asset: Asset | undefined, changes: AssetChanges): unknown {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  return {
    ...asset,
    ...given,
    attributes: { ...asset?.attributes, ...changes.attributes },
    relations: { ...asset?.relations, ...changes.relations },
    reports: { ...asset?.reports, ...changes.reports },
    points: { ...asset?.points, ...changes.points },
  };
}

/**
 * The readings of a test, by moment.
 *
 * @param path JSON pointer of the test
 * @returns the moments in order, or what cannot be: an asset that is not there, a value that its property cannot have
 */
export function momentsOf(test: RuleTest, assets: readonly Asset[], path: string): Result<Moment[]> {
  const known = new Set(assets.map(({ id }) => id));
  const end = Math.max(...expectationsOf(test).map(({ expected }) => momentOf(expected.at, test)));
  const byTime = new Map<number, Reading[]>();
  const problems: Problem[] = [];
  let count = 0;
  for (const [index, step] of test.given.entries()) {
    const wrong = problemsOf(step, known, `${path}/given/${index}`);
    const times = timesOf(step, test, end);
    count += times.length;
    if (count > MOST_READINGS)
      wrong.push(problem('rule-test', `${path}/given`, count, `allowed are ${MOST_READINGS} readings`));
    problems.push(...wrong);
    if (wrong.length > 0) continue;
    for (const at of times) byTime.set(at, [...(byTime.get(at) ?? []), ...readingsOf(step, at, `${index}@${at}`)]);
  }
  if (problems.length > 0) return { ok: false, problems };
  const moments = [...byTime].map(([at, readings]) => ({ at, readings })).toSorted((left, right) => left.at - right.at);
  return { ok: true, value: moments };
}

function problemsOf({ asset, property, value }: TestStep, known: ReadonlySet<string>, path: string): Problem[] {
  const strangers = idsOf(asset).filter((id) => !known.has(id));
  const normal = normalise(property, value);
  return [
    ...strangers.map((id) =>
      problem('rule-test', `${path}/asset`, id, 'allowed is an asset of the city or of the test'),
    ),
    ...('code' in normal ? [{ ...normal, path: `${path}/value` }] : []),
  ];
}

/** When a step's reading is said: once, or again and again until its end. */
function timesOf({ at, every, until }: TestStep, test: RuleTest, end: number): number[] {
  const first = momentOf(at, test);
  if (every === undefined) return [first];
  const last = until === undefined ? end : momentOf(until, test) - 1;
  const count = Math.min(Math.floor((last - first) / durationMs(every)) + 1, MOST_READINGS + 1);
  return Array.from({ length: Math.max(count, 0) }, (_, index) => first + index * durationMs(every));
}

const readingsOf = ({ asset, property, value, quality }: TestStep, at: number, id: string): Reading[] =>
  idsOf(asset).map((one) => ({
    id: `test/${id}/${one}`,
    asset: one,
    property,
    value,
    ...unitOf(property, value),
    observedAt: at,
    receivedAt: at,
    quality,
    source: 'test',
  }));

function unitOf(property: string, value: TestStep['value']): { unit?: string } {
  const normal = normalise(property, value);
  return 'code' in normal || normal.unit === undefined ? {} : { unit: normal.unit };
}

const idsOf = (asset: TestStep['asset']): string[] => (Array.isArray(asset) ? asset : [asset]);
