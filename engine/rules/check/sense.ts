// Conditions that can work and are hardly meant: true whatever their facts are, or a clear that meets the conditions.
import type { Checking } from './findings.ts';
import { canHold, factsIn, inWords, waysIn, type Formula } from './formula.ts';

/** So many combinations of alternatives are looked through; what has more is taken to make sense. */
const MOST_WAYS = 200;

/** Warns of conditions that nothing known can make false. `opposite` is what must hold for them to be false. */
export function warnOfAlways(opposite: Formula, path: string, { findings }: Checking): void {
  if (waysIn(opposite) > MOST_WAYS || canHold(opposite)) return;
  const allowed = 'it is true whatever these facts are, as long as they are known';
  findings.warn({ code: 'rule-always', path, found: `not (${inWords(opposite)})`, allowed });
}

/** Warns of a `clear` that may be true while the conditions are: the rule would end as soon as it begins, again and again. */
export function warnOfMeeting(conditions: Formula, clear: Formula, { findings }: Checking): void {
  const compared = factsIn(conditions);
  const facts = [...factsIn(clear)];
  // What else it looks at may well be otherwise whenever the conditions are true; nobody but the author knows.
  if (facts.length === 0 || facts.some((fact) => !compared.has(fact))) return;
  const together = {
    demands: [...conditions.demands, ...clear.demands],
    choices: [...conditions.choices, ...clear.choices],
  };
  if (waysIn(together) > MOST_WAYS || !canHold(together)) return;
  const allowed = 'it can be true while the conditions are: the rule would end as soon as it begins';
  findings.warn({ code: 'rule-clear', path: '/clear', found: inWords(clear), allowed });
}
