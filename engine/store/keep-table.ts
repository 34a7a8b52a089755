// How long single properties are kept, where that differs from the rest.
import { may } from '../model/actor.ts';
import { check } from '../model/check.ts';
import type { Clock } from '../model/clock.ts';
import { SignalboxError } from '../model/errors.ts';
import { keepSchema, type Keep } from '../model/history.ts';
import { appendAudit } from './audit.ts';
import type { Database, KeepTable } from './ports.ts';

type Change = Parameters<KeepTable['set']>[0];

const COLUMNS = 'raw_days as "rawDays", five_minute_days as "fiveMinuteDays", hourly_days as "hourlyDays"';

/** The table `retention` of a database; `clock` dates the entries in the book of writes. */
export const createKeepTable = (database: Database, clock: Clock): KeepTable => ({
  all: async () => {
    const rows = await database.query<Keep & { property: string }>(
      `select property, ${COLUMNS} from retention order by property`,
    );
    return new Map(rows.map(({ property, ...keep }) => [property, keep]));
  },
  set: (change) => set(database, clock, change),
});

async function set(database: Database, clock: Clock, { property, keep, actor }: Change): Promise<void> {
  const permission = may(actor, 'edit-asset', '*');
  if (!permission.allowed) throw new SignalboxError('forbidden', { reason: permission.reason });
  const checked = check(keepSchema.nullable(), keep);
  if (!checked.ok)
    throw new SignalboxError('invalid', { what: `The retention of ${property}`, problems: checked.problems });
  await database.transaction(async (transaction) => {
    const [before] = await transaction.query<Keep>(`delete from retention where property = $1 returning ${COLUMNS}`, [
      property,
    ]);
    if (keep !== null)
      await transaction.query(
        'insert into retention (property, raw_days, five_minute_days, hourly_days) values ($1, $2, $3, $4)',
        [property, keep.rawDays, keep.fiveMinuteDays, keep.hourlyDays],
      );
    await appendAudit(transaction, {
      at: clock.now(),
      actor: `${actor.kind}:${actor.id}`,
      department: '*',
      verb: 'edit-asset',
      subject: `retention ${property}`,
      before,
      after: keep,
    });
  });
}
