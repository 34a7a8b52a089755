// A rule's page as a state: read, edited, saving, refused, overtaken.
import { useCallback, useState } from 'react';

import type { Problem } from '../../../engine/model/result.ts';
import { readRule, saveRule, type Failure, type RuleDocument } from '../api.ts';
import { useAnswer } from '../ui/use-answer.ts';
import { ruleText } from './rule-text.ts';

/** What came of the last attempt to save. */
export type Outcome =
  | { is: 'none' }
  | { is: 'saving' }
  /** `text` is what was saved; more may have been typed since. */
  | { is: 'saved'; version: number; text: string }
  | { is: 'not-json' }
  | { is: 'refused'; problems: readonly Problem[] }
  | { is: 'failed'; failure: Failure }
  /** Another version came in between; `yours` is the text that was not saved. */
  | { is: 'conflict'; theirs: RuleDocument; yours: string };

/** The rule and what can be done with it. */
export interface RuleControl {
  /** Undefined while it is being read. */
  document: RuleDocument | undefined;
  /** Why it could not be read. */
  failure: Failure | undefined;
  outcome: Outcome;
  /** Saves over the version that was read, or over `version`. */
  save: (text: string, version?: number) => Promise<void>;
  /** Takes the newest version as the base of further changes. */
  rebase: (document: RuleDocument) => void;
  /** Forgets the outcome of the last attempt. */
  settle: () => void;
}

/** A document as an author reads it. */
export const textOfRule = (document: RuleDocument): string => ruleText(document.body);

/** A rule's title from its document. */
export function ruleTitle({ body, id }: Pick<RuleDocument, 'body' | 'id'>): string {
  const title: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'title') : undefined;
  return typeof title === 'string' ? title : id;
}

/** Reads a rule and saves its changes. */
export function useRule(id: string): RuleControl {
  const read = useAnswer(useCallback(() => readRule(id), [id]));
  const [newer, setNewer] = useState<RuleDocument>();
  const [outcome, setOutcome] = useState<Outcome>({ is: 'none' });
  const document = newer ?? (read?.ok ? read.value : undefined);
  const failure = read?.ok === false ? read.failure : undefined;
  const save = useCallback(
    async (text: string, version?: number) => {
      const body = parse(text);
      if (body === undefined) return setOutcome({ is: 'not-json' });
      setOutcome({ is: 'saving' });
      const answer = await saveRule(id, version ?? document?.version ?? 0, body.value);
      if (answer.ok) {
        setNewer(answer.value);
        setOutcome({ is: 'saved', version: answer.value.version, text });
      } else setOutcome(await outcomeOf(id, answer.failure, text));
    },
    [id, document],
  );
  const rebase = useCallback((newest: RuleDocument) => {
    setNewer(newest);
    setOutcome({ is: 'none' });
  }, []);
  const settle = useCallback(() => setOutcome({ is: 'none' }), []);
  return { document, failure, outcome, save, rebase, settle };
}

async function outcomeOf(id: string, failure: Failure, yours: string): Promise<Outcome> {
  if (failure.status === 422) return { is: 'refused', problems: failure.problems };
  if (failure.status !== 409) return { is: 'failed', failure };
  const newest = await readRule(id);
  return newest.ok ? { is: 'conflict', theirs: newest.value, yours } : { is: 'failed', failure };
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
