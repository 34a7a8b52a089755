// Records commands, and puts each step that one has taken into the book of writes: both in one transaction, each step once.
import type { AuditEntry } from '../model/audit.ts';
import type { Command, CommandRecord, CommandStep, Want } from '../model/command.ts';
import { appendBehind, lockHead } from './audit.ts';
import type { Database } from './ports.ts';
import { COMMANDS } from './record-rows.ts';
import { toStorableJson } from './sql-text.ts';

/** What the record knows of a command already. */
interface Known {
  command_id: string;
  steps: number;
  want: Want;
}

/** Commands per transaction: with their steps some hundred rows, so that readers of the embedded database get their turn. */
export const MOST_COMMANDS = 200;

/**
 * Records these commands, of each command one record. Whoever records a step first puts it into the book: engines that
 * replay the same log, or replace each other, add nothing.
 *
 * @param records at most `MOST_COMMANDS`
 */
export async function recordCommands(database: Database, records: readonly CommandRecord[]): Promise<void> {
  await database.transaction(async (transaction) => {
    // The lock comes first: what is known is true until the transaction is over.
    const head = await lockHead(transaction);
    const known = await readKnown(transaction, records);
    const wants = new Map(records.map(({ command }) => [command.commandId, command.want]));
    const entries = records.flatMap(({ command, steps }) => {
      const sealed = known.get(command.commandId)?.steps ?? 0;
      const before = commandBefore(command);
      return steps
        .slice(sealed)
        .map((step) => entryOf(command, step, { before: wants.get(before) ?? known.get(before)?.want }));
    });
    await appendBehind(
      transaction,
      entries.toSorted((left, right) => left.at - right.at),
      head,
    );
    await transaction.query(COMMANDS.upsert, [toStorableJson(records.map((record) => COMMANDS.toRow(record)))]);
  });
}

/** The commands that are recorded already, and those before them. */
async function readKnown(transaction: Database, records: readonly CommandRecord[]): Promise<Map<string, Known>> {
  const ids = records.flatMap(({ command }) => [command.commandId, commandBefore(command)]);
  const rows = await transaction.query<Known>(
    `select command_id, steps, body #> '{command,want}' as want from commands
     where command_id in (select jsonb_array_elements_text($1::jsonb))`,
    [toStorableJson(ids)],
  );
  return new Map(rows.map((row) => [row.command_id, row]));
}

const commandBefore = ({ point, sequence }: Command): string => `${point}:${sequence - 1}`;

/** The first step says all about the command; the later ones what has become of it. */
function entryOf(command: Command, step: CommandStep, { before }: { before: Want | undefined }): AuditEntry {
  const { state, at, ...said } = step;
  const { commandId, point, department, slot, fence, want, cause } = command;
  const about = {
    at,
    actor: actorOf(command),
    department,
    verb: `command-${state}`,
    subject: point,
    origin: `engine epoch ${fence}`,
  };
  if (state !== 'queued') return { ...about, detail: { command: commandId, ...said } };
  const { winner, bounds } = cause.arbitration;
  return {
    ...about,
    before,
    after: want,
    reason: winner?.reason ?? bounds[0]?.reason,
    detail: {
      command: commandId,
      slot,
      ...(cause.decisionId === undefined ? {} : { decision: cause.decisionId }),
      claims: [...(winner ? [winner.claimId] : []), ...bounds.map(({ claimId }) => claimId)],
      ...said,
    },
  };
}

/** Whose claim it was, a rule with the version that decided; the arbiter itself where nobody claims any more. */
function actorOf({ cause: { decisionId, arbitration } }: Command): string {
  const owner = arbitration.winner?.owner ?? arbitration.bounds[0]?.owner;
  if (owner === undefined) return 'system:arbiter';
  const [kind = '', ...id] = owner.split(' ');
  const rule = id.join(' ');
  const version =
    kind === 'rule' && decisionId?.startsWith(`${rule}|`) ? /\|v(\d+)\|\w+$/.exec(decisionId)?.[1] : undefined;
  return `${kind}:${rule}${version === undefined ? '' : `@${version}`}`;
}
