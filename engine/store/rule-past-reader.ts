// Reads what became of a rule and of what it reads: decisions about an asset, when the rule was kept back, what points were.
import { toIso } from '../model/clock.ts';
import type { Decision } from '../model/decision.ts';
import type { Halt } from '../model/halt.ts';
import type { PointChange } from '../model/point-change.ts';
import { LONGEST_LIST, requireLimit } from './list-limit.ts';
import type { Database, RecordReader } from './ports.ts';
import { storableText } from './sql-text.ts';

/** The recorded past of rules. */
export function createRulePastReader(database: Database): Pick<RecordReader, 'decisionsAbout' | 'haltsOf' | 'pointAt'> {
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
    pointAt: async (point, at) => {
      const [row] = await database.query<{ body: PointChange }>(
        'select body from point_changes where point = $1 and at <= $2 order by at desc, change_id desc limit 1',
        [storableText(point), toIso(at)],
      );
      return row?.body;
    },
  };
}
