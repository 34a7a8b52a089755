// "Why did it?" and "why did it not?": gathers what the record knows of one rule and one asset, folds it again, and says what decided.
import type { Subject } from '../facts/directory.ts';
import type { Asset } from '../model/asset.ts';
import { toIso } from '../model/clock.ts';
import type { Activation, Decision } from '../model/decision.ts';
import { parseDuration } from '../model/duration.ts';
import { SignalboxError } from '../model/errors.ts';
import type { Explanation, HoldBack } from '../model/explanation.ts';
import { problem } from '../model/result.ts';
import type { Rule, RuleDocument } from '../model/rule.ts';
import { explain } from '../rules/explain.ts';
import { outOfScope } from '../rules/out-of-scope.ts';
import { expandTable, rowOf } from '../rules/table.ts';
import type { Examination } from './activations.ts';
import { instanceKey } from './ready-rule.ts';
import { gatherFacts, Scene, type Gathered, type LiveState } from './gather-past.ts';
import type { Past, RuleVersion } from './past-port.ts';
import { holdBacksAt, holdBacksNow, inputsOf } from './past-halts.ts';
import { recount, type DatedDocument } from './past.ts';
import { wishesOf } from './wishes.ts';

/** What is asked. */
export interface Question {
  /** A rule document's id. */
  rule: string;
  asset: string;
  /** With `each`: the related asset; may be left out where there is only one. */
  related?: string;
  /** With a table: which row, counted from 1; by default the one that was active, else the first. */
  row?: number;
  /** The version that the asker means; by default the one in force. */
  version?: number;
  /** Milliseconds since the epoch. */
  at: number;
  /** Of the present: what is shown live, which is ahead of the record. */
  live?: LiveState;
}

/** The parts of a rule that count nothing from one moment to the next. */
const READ_ELSEWHERE = ['id', 'title', 'scope', 'conditions', 'clear', 'actions'];
/** The fold is begun this long before what it has to see, at most; milliseconds. */
const LONGEST_LOOK_BACK_MS = 48 * 3_600_000;

/**
 * Answers a question about one moment, the present or a recorded one.
 *
 * Rejects with `not-found` when there never was such a rule or row, and with `invalid` when it must be said which related
 * asset is meant.
 */
export async function explainPast(past: Past, question: Question): Promise<Explanation> {
  const { at } = question;
  const versions = await past.ruleVersions(question.rule);
  if (versions.length === 0) throw new SignalboxError('not-found', { what: `rule ${question.rule}` });
  const inForce = versions.find((version) => version.at <= at);
  if (!inForce?.body) return stopped(question, { reason: 'no-rule', path: '', sentence: noRule(question, inForce) });
  const head = { version: inForce.version, title: inForce.body.title };
  if (question.version !== undefined && question.version !== inForce.version)
    return stopped(question, {
      ...head,
      reason: 'other-version',
      path: '',
      sentence: `Version ${question.version} was not in force; version ${inForce.version} was, since ${toIso(inForce.at)}`,
    });
  const scene = new Scene(past, at);
  await scene.load([question.asset]);
  const asset = scene.directory.get(question.asset);
  if (!asset)
    return stopped(question, {
      ...head,
      reason: 'no-asset',
      path: '',
      sentence: `There was no asset ${question.asset}`,
    });
  const outside = outOfScope(inForce.body.scope, asset);
  if (outside) return stopped(question, { ...head, reason: 'out-of-scope', ...outside });
  const { each } = inForce.body.scope;
  const related = each === undefined ? undefined : await findRelated(scene, question, each);
  if (each !== undefined && !related)
    return stopped(question, {
      ...head,
      reason: 'out-of-scope',
      path: '/scope/each',
      sentence: `${question.related} is not among the "${each}" of ${asset.id}`,
    });
  const subject = { asset, ...(each !== undefined && related ? { related: { relation: each, asset: related } } : {}) };
  return explainInstance(past, question, { versions, inForce: { ...inForce, body: inForce.body }, scene, subject });
}

interface Found {
  versions: readonly RuleVersion[];
  inForce: RuleVersion & { body: RuleDocument };
  scene: Scene;
  subject: Subject;
}

async function explainInstance(past: Past, question: Question, found: Found): Promise<Explanation> {
  const { at, asset } = question;
  const { inForce, scene, subject } = found;
  const related = subject.related?.asset.id;
  const about = { rule: question.rule, asset, ...(related === undefined ? {} : { related }) };
  const decisions = await past.decisions(about, at);
  const rule = pickRow(expandTable(inForce.body), question, decisions);
  const own = decisions.filter((decision) => decision.row === rowOf(rule.id));
  const from = at - lookBackMs(rule);
  const gathered = await gatherFacts(past, scene, {
    rule,
    subject,
    from,
    at,
    ...(question.live ? { live: question.live } : {}),
  });
  const before = own.find((decision) => decision.at <= from);
  const since = from - gathered.windowMs;
  const halts = await past.halts(question.rule, from, at);
  const examined = await recount({
    key: instanceKey(rule.id, subject),
    documents: [...gathered.documents, ...ruleDocuments(found, from)],
    halts: inputsOf(halts, since),
    readings: gathered.readings,
    settings: past.settings,
    beside: gathered.beside,
    ...(before?.kind === 'started' ? { activeBy: before } : {}),
    since,
    from,
    to: at,
  });
  if (!examined) throw new TypeError(`the recount of ${rule.id} for ${asset} does not know its own instance`);
  const holdBacks = question.live
    ? (question.live.halts ?? []).filter((halt) => halt.rule === question.rule).flatMap(holdBacksNow)
    : holdBacksAt(halts, at);
  return answer(question, { found, rule, own, gathered, examined, holdBacks });
}

/** What is known of an instance at the moment that was asked for. */
interface Known {
  found: Found;
  rule: Rule;
  /** Of this row, newest first. */
  own: readonly Decision[];
  gathered: Gathered;
  examined: Examination;
  holdBacks: readonly HoldBack[];
}

function answer(question: Question, known: Known): Explanation {
  const { found, rule, own, gathered, examined, holdBacks } = known;
  const identity = identityOf(question, found.subject.related?.asset.id, rowOf(rule.id));
  const activation = question.live
    ? question.live.activations.find((one) => isOf(one, identity))
    : activationAt(own[0], examined.activation);
  const decision = own.find(({ decisionId }) => decisionId === activation?.decisionId);
  const verdict = explain({
    ...(activation ? { activation } : {}),
    conditions: examined.conditions,
    ...(examined.clear && activation ? { clear: examined.clear } : {}),
    judged: examined.judged,
    ...(examined.stopped === undefined ? {} : { stopped: examined.stopped }),
    ...(examined.sightings ? { sightings: examined.sightings } : {}),
    holdBacks,
    ...(decision?.withheld ? { withheld: decision.withheld } : {}),
    isRecorded: gathered.isWhole,
  });
  return {
    ...identity,
    version: found.inForce.version,
    title: rule.title,
    ...verdict,
    ...(verdict.fired && decision ? { decision } : {}),
    ...(verdict.fired && question.live
      ? { wishes: wishesOf(instanceKey(rule.id, found.subject), question.live.points) }
      : {}),
  };
}

const isOf = (activation: Activation, { rule, asset, related, row }: Identity): boolean =>
  activation.rule === rule && activation.asset === asset && activation.related === related && activation.row === row;

/** What was decided counts; between two decisions only the fold knows whether it was counting or clearing. */
function activationAt(
  decided: Decision | undefined,
  seen: Activation | undefined,
): Pick<Activation, 'phase' | 'since' | 'activeSince' | 'until' | 'decisionId'> | undefined {
  if (decided?.kind !== 'started') return seen?.phase === 'pending' ? seen : undefined;
  const { at, decisionId } = decided;
  const isActive = seen !== undefined && seen.phase !== 'pending';
  return { ...(isActive ? seen : { phase: 'active', since: at }), activeSince: at, decisionId };
}

function pickRow(rules: readonly Rule[], { row, rule: id }: Question, decisions: readonly Decision[]): Rule {
  const isActive = (rule: Rule): boolean =>
    decisions.find((decision) => decision.row === rowOf(rule.id))?.kind === 'started';
  const picked = row === undefined ? (rules.find(isActive) ?? rules[0]) : rules.find((rule) => rowOf(rule.id) === row);
  if (!picked) throw new SignalboxError('not-found', { what: `row ${row ?? 1} of rule ${id}` });
  return picked;
}

/** The related asset that is meant; undefined when it is not related. */
async function findRelated(scene: Scene, question: Question, each: string): Promise<Asset | undefined> {
  const self = scene.directory.get(question.asset);
  if (!self) return undefined;
  await scene.follow({ asset: self }, each);
  const candidates = scene.directory.resolve({ asset: self }, each);
  if (question.related !== undefined) return candidates.find(({ id }) => id === question.related);
  const [only] = candidates;
  if (only && candidates.length === 1) return only;
  const ids = candidates.map(({ id }) => id).join(', ');
  throw new SignalboxError('invalid', {
    what: 'The question',
    problems: [problem('schema', '/related', undefined, `allowed is one of ${ids === '' ? 'none' : ids}`)],
  });
}

/** The rule as it was, for this one asset; a change in between is folded at its time. */
function ruleDocuments({ versions, subject }: Found, from: number): DatedDocument[] {
  const first = versions.find((version) => version.at <= from);
  return versions
    .filter((version) => version === first || version.at > from)
    .toReversed()
    .map((dated): DatedDocument => {
      const { id, version, at, body } = dated;
      const narrowed = body && { ...body, scope: { ...body.scope, ids: [subject.asset.id] } };
      return { at: dated === first ? 0 : at, document: { of: 'rule', id, version, body: narrowed } };
    });
}

/** As long as everything that the rule counts or waits for; its windows look back by themselves. */
function lookBackMs(rule: Rule): number {
  const overTime = Object.entries(rule).filter(([field]) => !READ_ELSEWHERE.includes(field));
  return Math.min(LONGEST_LOOK_BACK_MS, spansIn(Object.fromEntries(overTime)));
}

function spansIn(value: unknown): number {
  if (typeof value === 'string') {
    const span = parseDuration(value);
    return span.ok ? span.value : 0;
  }
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + spansIn(part), 0);
}

const noRule = ({ rule }: Question, inForce: RuleVersion | undefined): string =>
  inForce ? `${rule} was removed on ${toIso(inForce.at)}` : `There was no ${rule} yet`;

type Identity = Pick<Explanation, 'rule' | 'asset' | 'related' | 'row' | 'at'>;

const identityOf = ({ rule, asset, at }: Question, related?: string, row?: number): Identity => ({
  rule,
  asset,
  ...(related === undefined ? {} : { related }),
  ...(row === undefined ? {} : { row }),
  at,
});

const stopped = (
  question: Question,
  why: Pick<Explanation, 'reason' | 'path' | 'sentence' | 'version' | 'title'>,
): Explanation => ({ ...identityOf(question, question.related, question.row), ...why, fired: false, trace: [] });
