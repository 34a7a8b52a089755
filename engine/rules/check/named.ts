// Named conditions as a document uses them: do they exist, do they come back to themselves, how large is the whole?
import { MOST_LEVELS } from '../../model/condition.ts';
import type { Meaning, Names } from '../named-conditions.ts';
import type { Checking } from './findings.ts';
import { everyPart, readPart, type Part } from './part.ts';
import { nearest, oneOf } from '../../model/words.ts';

/** The most comparisons that conditions may have, those of named conditions included. */
export const MOST_COMPARISONS = 256;

/** How deep conditions are nested and how many comparisons they have, with everything that they name. */
interface Extent {
  levels: number;
  comparisons: number;
  /** The ids on the way from a named condition back to itself, if there is such a way. */
  circle?: string[] | undefined;
}

interface Measuring {
  /** By id. */
  known: Map<string, Extent>;
  /** The ids of the conditions that this place is inside of. */
  within: readonly string[];
}

/**
 * Refuses names that nobody or several have (`rule-condition`), circles (`rule-circle`), and what is too deep or too
 * large (`rule-depth`, `rule-size`), named conditions filled in.
 *
 * @param self the id of the named condition that is being checked, if it is one
 */
export function checkExtent(part: Part, checking: Checking, self?: string): void {
  const { findings, names } = checking;
  const measuring: Measuring = {
    known: new Map(),
    within: self === undefined ? [] : [self],
  };
  for (const one of everyPart(part)) {
    if (one.kind === 'named') checkReference(one, measuring, checking);
    if (one.kind === 'too deep')
      findings.refuse({ code: 'rule-depth', path: one.path, found: one.raw, allowed: TOO_DEEP });
  }
  const { comparisons } = extentOf(part, names, measuring);
  if (comparisons <= MOST_COMPARISONS) return;
  const allowed = `allowed is at most ${MOST_COMPARISONS}, those of named conditions included`;
  findings.refuse({ code: 'rule-size', path: part.path, found: `${comparisons} comparisons`, allowed });
}

const TOO_DEEP = `at most ${MOST_LEVELS} of all, any, not and named conditions may stand within one another`;

function checkReference(part: Part & { kind: 'named' }, measuring: Measuring, checking: Checking): void {
  const { name, path, level } = part;
  const { catalogue, findings } = checking;
  const place = { path: `${path}/condition`, found: name };
  const meant = checking.names.find(name);
  if (!meant.ok) {
    const names = catalogue.conditions.map((one) => (name.includes('/') ? one.id : one.name));
    const isAmbiguous = meant.candidates.length > 0;
    const allowed = isAmbiguous ? `several have this name: write one of ${meant.candidates.join(', ')}` : oneOf(names);
    const fix = isAmbiguous ? undefined : nearest(name, names);
    return findings.refuse({ ...place, code: 'rule-condition', allowed, fix });
  }
  const { levels, circle } = extentOfNamed(meant, measuring);
  if (circle) {
    const allowed = `it comes back to itself: ${circle.join(' → ')}`;
    findings.refuse({ ...place, code: 'rule-circle', allowed });
  } else if (level + 1 + levels > MOST_LEVELS) {
    findings.refuse({ ...place, code: 'rule-depth', allowed: TOO_DEEP });
  }
}

function extentOf(part: Part, names: Names, measuring: Measuring): Extent {
  switch (part.kind) {
    case 'all':
    case 'any':
      return oneDeeper(part.parts.map((inner) => extentOf(inner, names, measuring)));
    case 'not':
      return oneDeeper([extentOf(part.part, names, measuring)]);
    case 'named': {
      const meant = names.find(part.name);
      return meant.ok ? oneDeeper([extentOfNamed(meant, measuring)]) : { levels: 0, comparisons: 0 };
    }
    case 'comparison':
      return { levels: 0, comparisons: 1 };
    case 'too deep':
    case 'broken':
      return { levels: 0, comparisons: 0 };
  }
}

const oneDeeper = (parts: readonly Extent[]): Extent => ({
  levels: 1 + Math.max(0, ...parts.map(({ levels }) => levels)),
  comparisons: parts.reduce((sum, { comparisons }) => sum + comparisons, 0),
  circle: parts.find(({ circle }) => circle)?.circle,
});

function extentOfNamed(named: Meaning & { ok: true }, measuring: Measuring): Extent {
  const { within, known } = measuring;
  const before = known.get(named.id);
  if (before) return before;
  const begin = within.indexOf(named.id);
  if (begin >= 0) return { levels: 0, comparisons: 0, circle: [...within.slice(begin), named.id] };
  const inner = { ...measuring, within: [...within, named.id] };
  const extent = extentOf(readPart(named.conditions, ''), named.names, inner);
  known.set(named.id, extent);
  return extent;
}
