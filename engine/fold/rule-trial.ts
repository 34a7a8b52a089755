// One rule in a city of its own: readings go in, and what has become of the rule is compared with what was expected.
import type { Claim } from '../model/claim.ts';
import type { Activation, ConditionTrace } from '../model/decision.ts';
import type { Beginning } from '../model/moment.ts';
import type { Message, Order } from '../model/one-shot.ts';
import type { Problem } from '../model/result.ts';
import type { Expectation } from '../model/rule-expectation.ts';
import type { RuleTest } from '../model/rule-test.ts';
import type { RuleDocument } from '../model/rule.ts';
import { expandTable, rowOf } from '../rules/table.ts';
import type { Output } from './ports.ts';
import { compareDone, failure } from './rule-expectations.ts';
import type { Moment } from './rule-test-log.ts';
import type { TestCity } from './test-city.ts';
import { cellsOf } from './tables.ts';
import { TrialRun } from './trial-run.ts';
import { makerOf } from './work.ts';

/** Whom an expectation is about. */
type About = Pick<Expectation, 'asset' | 'related' | 'row'>;

/** The rule, the fold, and what the rule has done so far. */
export class RuleTrial {
  readonly #rule: RuleDocument;
  readonly #beginning: Beginning;
  readonly #start: number;
  readonly #run: TrialRun;
  readonly #activations = new Map<string, Activation>();
  readonly #claims = new Map<string, Claim>();
  readonly #orders = new Map<string, Order>();
  readonly #messages: Message[] = [];
  /** What the rule did not do as it started, and why; the newest last. */
  readonly #refusals: { key: string; words: string }[] = [];

  /** Nothing has been read yet; the clock stands at the test's start. */
  constructor(rule: RuleDocument, { start, timeZone, holidays }: Pick<RuleTest, 'start' | 'timeZone' | 'holidays'>) {
    this.#rule = rule;
    this.#beginning = { start, timeZone };
    this.#start = Date.parse(start);
    this.#run = new TrialRun(this.#start, { timeZone, ...(holidays === undefined ? {} : { holidays }) });
  }

  /** Puts the city and then the rule in force. */
  async settle({ assets, conditions, calendars = [] }: TestCity): Promise<void> {
    for (const body of assets)
      await this.#run.put({ kind: 'document', document: { of: 'asset', id: body.id, version: 1, body } });
    for (const body of calendars)
      await this.#run.put({ kind: 'document', document: { of: 'calendar', id: body.id, version: 1, body } });
    for (const body of conditions)
      await this.#run.put({ kind: 'document', document: { of: 'condition', id: body.id, version: 1, body } });
    const body = this.#rule;
    this.#note(await this.#run.put({ kind: 'document', document: { of: 'rule', id: body.id, version: 1, body } }));
  }

  /** Lets time pass up to a moment, and takes what is read then. */
  async read({ at, readings }: Moment): Promise<void> {
    this.#note(await this.#run.passTo(at));
    this.#note(await this.#run.put({ kind: 'readings', readings }));
  }

  /** Lets time pass, and compares what has become of the rule with what is expected. */
  async compare(expected: Expectation, at: number, path: string): Promise<Problem[]> {
    this.#note(await this.#run.passTo(at));
    this.#look();
    const when = `at ${this.#since(at)}`;
    const whyNot = await this.#whyNot(expected);
    const done = {
      claims: [...this.#claims.values()].filter(({ id }) => isAbout(expected, makerOf(id))),
      orders: [...this.#orders.values()].filter(({ orderId }) => isAbout(expected, orderId)),
      messages: this.#messages.filter(({ messageId }) => isAbout(expected, messageId)),
    };
    const refusal = this.#refusals.findLast(({ key }) => isAbout(expected, key));
    const why = refusal ? `; ${refusal.words}` : whyNot;
    return [
      ...this.#compareActivation(expected, `${path}/activation`, { when, whyNot }),
      ...compareDone(expected, done, { ...this.#beginning, path, when, why }),
    ];
  }

  /** What must not happen in any test: something threw, or json-rules-engine disagreed. */
  mishaps(): string[] {
    const { disagreements } = this.#run.fold.counts;
    const times = `the compiled conditions and json-rules-engine disagreed ${disagreements} times`;
    return [...this.#run.failures, ...(disagreements === 0 ? [] : [times])];
  }

  /** Orders and messages leave the engine as they are made. */
  #note(outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.kind === 'order') this.#orders.set(output.order.orderId, output.order);
      if (output.kind === 'message') this.#messages.push(output.message);
      if (output.kind !== 'decision') continue;
      const { decisionId: key, at, refusals = [] } = output.decision;
      if (refusals.length > 0) this.#refusals.push({ key, words: `at ${this.#since(at)}: ${refusals.join('; ')}` });
    }
  }

  /** The checkpoint's own words are what a standby would know: activations and claims. */
  #look(): void {
    for (const [cell, text] of cellsOf(this.#run.fold.drain())) {
      const [table] = cell.split(':', 1);
      if (table === 'activation') keepRow(this.#activations, cell, text);
      if (table === 'claim') keepRow(this.#claims, cell, text);
    }
  }

  #compareActivation(
    { activation, ...expected }: Expectation,
    path: string,
    { when, whyNot }: { when: string; whyNot: string },
  ): Problem[] {
    const found = [...this.#activations].filter(([key]) => isAbout(expected, key)).map(([, one]) => one);
    const isActive = found.some(({ phase }) => phase !== 'pending');
    const state = isActive ? 'active' : found.length > 0 ? 'pending' : 'none';
    if (activation === undefined || activation === state) return [];
    const why = activation === 'none' || isActive ? '' : whyNot;
    const words = found.length === 0 ? 'none' : found.map((one) => this.#describe(one)).join(' and ');
    return [failure(path, `${when}: expected ${activation}${describeAbout(expected)}; found ${words}${why}`)];
  }

  /** The first condition that is not true, if the expectation names one asset. */
  async #whyNot(about: About): Promise<string> {
    if (about.asset === undefined) return '';
    const ids = expandTable(this.#rule).filter(({ id }) => about.row === undefined || rowOf(id) === about.row);
    const keys = ids.map(({ id }) => `${id}|${about.asset}|${about.related ?? ''}`);
    const found = (await Promise.all(keys.map((key) => this.#run.fold.examine(key)))).filter(
      (one) => one !== undefined,
    );
    if (found.length === 0) return '; the rule does not stand for it';
    const stopped = found.flatMap(({ conditions }) => conditions.trace.find(isTelling) ?? []);
    return stopped[0] ? `; ${describeTrace(stopped[0])}` : '';
  }

  #describe({ phase, since, until, row }: Activation): string {
    const end = until === undefined ? '' : ` until ${this.#since(until)}`;
    return `${phase}${row === undefined ? '' : ` by row ${row}`} since ${this.#since(since)}${end}`;
  }

  #since(at: number): string {
    return `${(at - this.#start) / 1_000} s`;
  }
}

function keepRow<Row>(rows: Map<string, Row>, cell: string, text: string | undefined): void {
  const key = cell.slice(cell.indexOf(':') + 1);
  if (text === undefined) rows.delete(key);
  else rows.set(key, JSON.parse(text));
}

/** Is `<rule>|<asset>|<related>`, or an id that begins so, among those that an expectation is about? */
function isAbout({ asset, related, row }: About, key: string): boolean {
  const [rule = '', ofAsset, ofRelated] = key.split('|');
  return (
    (asset === undefined || asset === ofAsset) &&
    (related === undefined || related === ofRelated) &&
    (row === undefined || row === rowOf(rule))
  );
}

function describeAbout({ asset, related, row }: About): string {
  const whom = asset === undefined ? '' : ` for ${asset}${related === undefined ? '' : ` with ${related}`}`;
  return `${row === undefined ? '' : ` by row ${row}`}${whom}`;
}

const isTelling = ({ fact, outcome, why }: ConditionTrace): boolean =>
  outcome !== true && (fact !== undefined || why !== undefined);

/** A comparison that did not hold, in words: `occupancy greaterThan 0.35 is false: read 0.2`. */
function describeTrace({ fact, operator, wanted, found, outcome, why, path }: ConditionTrace): string {
  const said =
    fact === undefined ? path : [fact, operator, wanted === undefined ? '' : JSON.stringify(wanted)].join(' ');
  const because = why ?? (found === undefined ? '' : `read ${JSON.stringify(found)}`);
  return `${said.trimEnd()} is ${outcome}${because === '' ? '' : `: ${because}`}`;
}
