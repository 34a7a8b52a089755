// Pauses and parkings of the past: what kept a rule back at a moment, and the inputs that did so, to be folded again.
import type { HoldBack } from '../model/explanation.ts';
import type { Halt } from '../model/halt.ts';
import type { Input } from '../model/input.ts';
import type { RuleHalt } from '../model/live.ts';

/** An input of the past, and when it was folded, milliseconds since the epoch. */
export interface DatedInput {
  at: number;
  input: Input;
}

/** What kept a rule back at a moment, of what is recorded of it; pauses first. */
export function holdBacksAt(halts: readonly Halt[], at: number): HoldBack[] {
  const standing = halts.filter(({ since, ended }) => since <= at && (ended === undefined || ended.at > at));
  return [
    ...standing.filter(({ kind }) => kind === 'paused').map((halt) => pausedBy({ by: 'somebody', ...halt })),
    ...standing.filter(({ kind }) => kind === 'parked').map(parkedFor),
  ];
}

/** What keeps a rule back now, as pages are shown it. */
export function holdBacksNow({ paused, parked }: Pick<RuleHalt, 'paused' | 'parked'>): HoldBack[] {
  return [...(paused ? [pausedBy(paused)] : []), ...(parked ? [parkedFor(parked)] : [])];
}

/**
 * The inputs by which halts began and ended.
 *
 * A pause whose time was up and a parking that a new version ended need none: the fold ends them by itself. A pause that
 * gave way to another one needs none either.
 *
 * @param from what began earlier begins here, and ends when it did; milliseconds since the epoch
 */
export function inputsOf(halts: readonly Halt[], from: number): DatedInput[] {
  return halts.flatMap((halt) => {
    const { rule, department, kind, why, by = 'somebody', until = halt.since, ruleVersion, ended } = halt;
    const since = Math.max(halt.since, from);
    const asked = (request: Extract<Input, { kind: 'request' }>['request'], actor: string, at: number): DatedInput => ({
      at,
      input: {
        kind: 'request',
        id: `${halt.haltId}|${request.do}`,
        actor: { kind: 'person', id: actor, roles: { [department]: ['operator'] } },
        department,
        request,
      },
    });
    const begun: DatedInput =
      kind === 'paused'
        ? asked({ do: 'pause-rule', rule, reason: why, seconds: (until - since) / 1_000 }, by, since)
        : { at: since, input: { kind: 'park', rule, version: ruleVersion ?? 0, why } };
    const gaveWay = halts.some((other) => other !== halt && other.kind === kind && other.since === ended?.at);
    if (ended?.by === undefined || gaveWay) return [begun];
    return [begun, asked({ do: 'resume-rule', rule, reason: ended.why }, ended.by, ended.at)];
  });
}

const pausedBy = ({ by, why, since, until }: { by: string; why: string; since: number; until?: number }): HoldBack => ({
  reason: 'paused',
  since,
  ...(until === undefined ? {} : { until }),
  words: `${by}: ${why}`,
});

const parkedFor = ({ why, since }: { why: string; since: number }): HoldBack => ({
  reason: 'parked',
  since,
  words: why,
});
