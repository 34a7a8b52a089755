// Reads what became of a rule: what was decided about an asset, and when the rule was kept back.
import { toIso } from '../model/clock.ts';
import type { Decision } from '../model/decision.ts';
import type { Halt } from '../model/halt.ts';
import { LONGEST_LIST, requireLimit } from './list-limit.ts';
import type { Database, RecordReader } from './ports.ts';
import { storableText } from './sql-text.ts';

/** The recorded past of rules. */
export function createRulePastReader(database: Database): Pick<RecordReader, 'decisionsAbout' | 'haltsOf'> {
  return {
    decisionsAbout: async ({ rule, asset, related }, until, limit) => {
      const rows = await database.query<{ body: Decision }>(
        `select body from decisions
         where rule = $1 and asset = $2 and at <= $3 and ($4::text is null or body ->> 'related' = $4)
         order by at desc, decision_id desc limit $5`,
        [storableText(rule), storableText(asset), toIso(until), related ?? null, requireLimit(limit)],
      );
      return rows.map(({ body }) => body);
    },
    haltsOf: async (rule, from, to) => {
      const rows = await database.query<{ body: Halt }>(
        `select body from halts where rule = $1 and since <= $3 and (ended_at is null or ended_at > $2)
         order by since, halt_id limit ${LONGEST_LIST}`,
        [storableText(rule), toIso(from), toIso(to)],
      );
      return rows.map(({ body }) => body);
    },
  };
}
