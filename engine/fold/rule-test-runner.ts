// Runs the tests inside a rule: the fold over what each of them gives, compared with what it expects.
import { isHolidayRegion } from '../facts/holidays.ts';
import { momentOf } from '../model/moment.ts';
import { problem, type Problem } from '../model/result.ts';
import { expectationsOf, type RuleTest } from '../model/rule-test.ts';
import type { RuleDocument } from '../model/rule.ts';
import { assetsOf, momentsOf } from './rule-test-log.ts';
import { RuleTrial } from './rule-trial.ts';
import type { TestCity } from './test-city.ts';

/** What came of one test. */
export interface RuleTestResult {
  name: string;
  passed: boolean;
  /** What was expected and what was found, each at its place in the rule; empty when it passed. */
  failures: Problem[];
}

/**
 * Runs a rule's own tests.
 *
 * Each begins with a city in which nothing was ever read, and the rule in force; a sensor says what `given` says, and is
 * silent otherwise.
 *
 * @param rule checked before
 * @returns a result per test, in their order; failures have the code `rule-test`
 */
export async function runRuleTests(rule: RuleDocument, city: TestCity): Promise<RuleTestResult[]> {
  const results: RuleTestResult[] = [];
  for (const [index, test] of (rule.tests ?? []).entries()) {
    const failures = await runTest(rule, { test, path: `/tests/${index}` }, city);
    results.push({ name: test.name, passed: failures.length === 0, failures });
  }
  return results;
}

async function runTest(rule: RuleDocument, at: { test: RuleTest; path: string }, city: TestCity): Promise<Problem[]> {
  const { test, path } = at;
  if (test.holidays !== undefined && !isHolidayRegion(test.holidays)) {
    const allowed = 'allowed is a country, state or region such as FI, DE-BY or GB-ENG';
    return [problem('rule-test', `${path}/holidays`, test.holidays, allowed)];
  }
  const assets = assetsOf(test, city.assets, path);
  if (!assets.ok) return assets.problems;
  const moments = momentsOf(test, assets.value, path);
  if (!moments.ok) return moments.problems;
  const trial = new RuleTrial(rule, test);
  await trial.settle({ ...city, assets: assets.value });
  const expectations = expectationsOf(test)
    .map(({ expected, path: below }) => ({ expected, path: `${path}${below}`, at: momentOf(expected.at, test) }))
    .toSorted((left, right) => left.at - right.at);
  const failures: Problem[] = [];
  let next = 0;
  for (const due of expectations) {
    for (let moment = moments.value[next]; moment && moment.at <= due.at; moment = moments.value[next]) {
      await trial.read(moment);
      next += 1;
    }
    failures.push(...(await trial.compare(due.expected, due.at, due.path)));
  }
  return [...failures, ...trial.mishaps().map((message) => ({ code: 'rule-test', path, message }))];
}
