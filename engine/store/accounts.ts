// People who sign in, their sessions, and the devices that may use the embedded broker.
import { toIso } from '../model/clock.ts';
import { SignalboxError } from '../model/errors.ts';
import { appendAudit } from './audit.ts';
import type { Account, AccountChange, AccountStore, Database, DeviceCredential, Session } from './ports.ts';
import { inMilliseconds, storableText } from './sql-text.ts';

const COLUMNS = 'name, password_hash as "passwordHash", roles';

/** The accounts of a database. Names and token hashes come from strangers: any text is looked up safely. */
export function createAccountStore(database: Database): AccountStore {
  return {
    count: async () => {
      const [row] = await database.query<{ count: number }>('select count(*)::int as count from accounts');
      return row?.count ?? 0;
    },
    list: () => database.query<Account>(`select ${COLUMNS} from accounts order by name`),
    find: (name) => findAccount(database, name),
    save: (account) => saveAccount(database, account),
    change: (change) => database.transaction((transaction) => changeAccount(transaction, change)),
    openSession: async ({ tokenHash, account, expiresAt, confirmedAt }) => {
      await database.query(
        'insert into sessions (token_hash, account, expires_at, confirmed_at) values ($1, $2, $3, $4)',
        [tokenHash, account, toIso(expiresAt), toIso(confirmedAt)],
      );
    },
    findSession: (tokenHash, now) => findSession(database, tokenHash, now),
    confirmSession: async (tokenHash, at) => {
      await database.query('update sessions set confirmed_at = $2 where token_hash = $1', [
        storableText(tokenHash),
        toIso(at),
      ]);
    },
    closeSession: async (tokenHash) => {
      await database.query('delete from sessions where token_hash = $1', [storableText(tokenHash)]);
    },
    saveDevice: async ({ department, device, secretHash }) => {
      await database.query(
        `insert into device_credentials (department, device, secret_hash) values ($1, $2, $3)
         on conflict (department, device) do update set secret_hash = excluded.secret_hash`,
        [department, device, secretHash],
      );
    },
    findDevice: async (department, device) => {
      const [credential] = await database.query<DeviceCredential>(
        `select department, device, secret_hash as "secretHash" from device_credentials
         where department = $1 and device = $2`,
        [storableText(department), storableText(device)],
      );
      return credential;
    },
  };
}

async function findAccount(database: Database, name: string): Promise<Account | undefined> {
  const [account] = await database.query<Account>(`select ${COLUMNS} from accounts where name = $1`, [
    storableText(name),
  ]);
  return account;
}

async function saveAccount(database: Database, { name, passwordHash, roles }: Account): Promise<void> {
  await database.query(
    `insert into accounts (name, password_hash, roles) values ($1, $2, $3::jsonb)
     on conflict (name) do update set password_hash = excluded.password_hash, roles = excluded.roles`,
    [name, passwordHash, JSON.stringify(roles)],
  );
}

async function changeAccount(database: Database, { name, alter, endSessions, entry }: AccountChange): Promise<void> {
  // One change at a time: two administrators who remove each other would both see the other one still there.
  await database.query('lock table accounts in share row exclusive mode');
  const before = await findAccount(database, name);
  const after = alter(before);
  if (after) await saveAccount(database, after);
  else await database.query('delete from accounts where name = $1', [storableText(name)]);
  if (endSessions)
    await database.query('delete from sessions where account = $1 and token_hash is distinct from $2', [
      storableText(name),
      endSessions.keep ?? null,
    ]);
  if (administersAll(before) && !administersAll(after)) {
    const [left] = await database.query(
      `select 1 from accounts where coalesce(roles -> '*', '[]'::jsonb) ? 'administrator' limit 1`,
    );
    if (!left) throw new SignalboxError('last-administrator', { name });
  }
  await appendAudit(database, entry);
}

/** Does the account administer the whole city? */
export const administersAll = (account: Account | null | undefined): boolean =>
  account?.roles['*']?.includes('administrator') ?? false;

async function findSession(
  database: Database,
  tokenHash: string,
  now: number,
): Promise<{ session: Session; account: Account } | undefined> {
  const [row] = await database.query<Session & Account>(
    `select token_hash as "tokenHash", account, ${inMilliseconds('expires_at')} as "expiresAt",
            coalesce(${inMilliseconds('confirmed_at')}, 0) as "confirmedAt", name, password_hash as "passwordHash", roles
     from sessions join accounts on accounts.name = sessions.account
     where token_hash = $1 and expires_at > $2`,
    [storableText(tokenHash), toIso(now)],
  );
  if (!row) return undefined;
  const { account, expiresAt, confirmedAt, name, passwordHash, roles } = row;
  return {
    session: { tokenHash: row.tokenHash, account, expiresAt, confirmedAt },
    account: { name, passwordHash, roles },
  };
}
