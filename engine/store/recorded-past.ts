// The record plane as an explanation needs it: documents in force at an instant, what was known, what was decided.
import type { InForce, Past, RuleVersion } from '../fold/past-port.ts';
import { documentInputSchema, type DocumentInput } from '../model/input.ts';
import type { DocumentKind, DocumentStore, RecordReader, StoredDocument } from './ports.ts';

/** Decisions about one asset that an explanation looks at; only the newest of each row matters, and those of the last minutes. */
const MOST_DECISIONS = 200;

/**
 * The past of a record plane. Documents that an older program wrote and this one cannot read are left out.
 *
 * @param settings what the city's engine runs with: its time zone
 */
export function createRecordedPast(
  documents: Pick<DocumentStore, 'inForce' | 'versions'>,
  records: Pick<RecordReader, 'readingsKnown' | 'decisionsAbout' | 'haltsOf' | 'pointAt'>,
  settings: Past['settings'] = {},
): Past {
  const inForce = async (of: { kind: DocumentKind; ids?: readonly string[]; type?: string }, at: number) =>
    (await documents.inForce(of, at)).flatMap(toInput);
  return {
    settings,
    ruleVersions: async (id) =>
      (await documents.versions('rule', id)).flatMap((stored): RuleVersion[] =>
        toInput(stored).flatMap((input) =>
          input.of === 'rule' ? [{ id, version: input.version, at: stored.changedAt, body: input.body }] : [],
        ),
      ),
    assets: async (of, at) =>
      (await inForce({ kind: 'asset', ...of }, at)).flatMap((input) => (input.of === 'asset' ? present(input) : [])),
    conditions: async (at) =>
      (await inForce({ kind: 'condition' }, at)).flatMap((input) => (input.of === 'condition' ? present(input) : [])),
    calendars: async (at) =>
      (await inForce({ kind: 'calendar' }, at)).flatMap((input) => (input.of === 'calendar' ? present(input) : [])),
    readings: (asked) => records.readingsKnown(asked),
    decisions: (about, until) => records.decisionsAbout(about, until, MOST_DECISIONS),
    halts: (rule, from, to) => records.haltsOf(rule, from, to),
    point: (point, at) => records.pointAt(point, at),
  };
}

function toInput({ kind, id, version, body }: StoredDocument): DocumentInput[] {
  const parsed = documentInputSchema.safeParse({ of: kind, id, version, body });
  return parsed.success ? [parsed.data] : [];
}

const present = <Body>({ id, version, body }: { id: string; version: number; body: Body | null }): InForce<Body>[] =>
  body === null ? [] : [{ id, version, body }];
