// What machines may do: tokens for the API, kept as hashes.
import { toIso } from '../model/clock.ts';
import { SignalboxError } from '../model/errors.ts';
import { appendAudit } from './audit.ts';
import type { Database, Token, TokenStore } from './ports.ts';
import { isUniqueViolation } from './sql-error.ts';
import { inMilliseconds, storableText } from './sql-text.ts';

const COLUMNS = `id, department, title, token_hash as "tokenHash", verbs, created_by as "createdBy",
  ${inMilliseconds('created_at')} as "createdAt", ${inMilliseconds('expires_at')} as "expiresAt"`;

/** The tokens of a database. Hashes come from strangers: any text is looked up safely. */
export const createTokenStore = (database: Database): TokenStore => ({
  list: () => database.query<Token>(`select ${COLUMNS} from tokens order by id`),
  add: async (token, entry) => {
    try {
      await database.transaction(async (transaction) => {
        await insertToken(transaction, token);
        await appendAudit(transaction, entry);
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw new SignalboxError('name-taken', { what: `token ${token.id}` });
      throw error;
    }
  },
  remove: (id, entry) =>
    database.transaction(async (transaction) => {
      const removed = await transaction.query('delete from tokens where id = $1 returning id', [storableText(id)]);
      if (removed.length > 0) await appendAudit(transaction, entry);
      return removed.length > 0;
    }),
  find: async (tokenHash, now) => {
    const [token] = await database.query<Token>(
      `select ${COLUMNS} from tokens where token_hash = $1 and expires_at > $2`,
      [storableText(tokenHash), toIso(now)],
    );
    return token;
  },
});

async function insertToken(database: Database, token: Token): Promise<void> {
  await database.query(
    `insert into tokens (id, department, title, token_hash, verbs, created_by, created_at, expires_at)
     values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8)`,
    [
      token.id,
      token.department,
      token.title,
      token.tokenHash,
      JSON.stringify(token.verbs),
      token.createdBy,
      toIso(token.createdAt),
      toIso(token.expiresAt),
    ],
  );
}
