// What is wrong with a document, judged by the engine's own checks against what exists now.
import {
  checkCalendar,
  checkInterlock,
  checkNamedCondition,
  checkRule,
  checkSchedule,
  pointsByType,
  type DocumentKind,
  type DocumentStore,
  type RuleCatalogue,
} from '../../engine/index.ts';
import type { DocumentCheck } from '../api/document-routes.ts';
import { StoredRuleCatalogue } from './rule-catalogue.ts';

/** A check that asks the stored documents what rules may name. */
export function documentCheck(documents: DocumentStore): DocumentCheck {
  const stored = new StoredRuleCatalogue(documents);
  return async (kind, body) => {
    if (kind === 'asset' || kind === 'duty' || kind === 'restraint') return { problems: [], warnings: [] };
    const checked = await checkOf(kind, body, stored);
    return { problems: checked.ok ? [] : checked.problems, warnings: checked.warnings };
  };
}

async function checkOf(
  kind: Exclude<DocumentKind, 'asset' | 'duty' | 'restraint'>,
  body: unknown,
  stored: StoredRuleCatalogue,
) {
  if (kind === 'calendar') return checkCalendar(body, await stored.calendars());
  if (kind !== 'schedule') return CHECKS[kind](body, await stored.current());
  const calendars = await stored.calendars();
  return checkSchedule(body, { calendars, ...pointsByType(await stored.current()) });
}

type Checks = (
  body: unknown,
  catalogue: RuleCatalogue,
) => ReturnType<typeof checkRule | typeof checkNamedCondition | typeof checkInterlock>;

const CHECKS: Readonly<
  Record<Exclude<DocumentKind, 'asset' | 'calendar' | 'duty' | 'schedule' | 'restraint'>, Checks>
> = {
  rule: checkRule,
  condition: checkNamedCondition,
  interlock: checkInterlock,
};
