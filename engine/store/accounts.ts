// People who sign in, their sessions, and the devices that may use the embedded broker.
import { toIso } from '../model/clock.ts';
import type { Account, AccountStore, Database, DeviceCredential, Session } from './ports.ts';
import { inMilliseconds, storableText } from './sql-text.ts';

/** The accounts of a database. Names and token hashes come from strangers: any text is looked up safely. */
export function createAccountStore(database: Database): AccountStore {
  return {
    count: async () => {
      const [row] = await database.query<{ count: number }>('select count(*)::int as count from accounts');
      return row?.count ?? 0;
    },
    find: async (name) => {
      const [account] = await database.query<Account>(
        'select name, password_hash as "passwordHash", roles from accounts where name = $1',
        [storableText(name)],
      );
      return account;
    },
    save: async ({ name, passwordHash, roles }) => {
      await database.query(
        `insert into accounts (name, password_hash, roles) values ($1, $2, $3::jsonb)
         on conflict (name) do update set password_hash = excluded.password_hash, roles = excluded.roles`,
        [name, passwordHash, JSON.stringify(roles)],
      );
    },
    openSession: async ({ tokenHash, account, expiresAt }) => {
      await database.query('insert into sessions (token_hash, account, expires_at) values ($1, $2, $3)', [
        tokenHash,
        account,
        toIso(expiresAt),
      ]);
    },
    findSession: (tokenHash, now) => findSession(database, tokenHash, now),
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

async function findSession(
  database: Database,
  tokenHash: string,
  now: number,
): Promise<{ session: Session; account: Account } | undefined> {
  const [row] = await database.query<Session & Account>(
    `select token_hash as "tokenHash", account, ${inMilliseconds('expires_at')} as "expiresAt",
            name, password_hash as "passwordHash", roles
     from sessions join accounts on accounts.name = sessions.account
     where token_hash = $1 and expires_at > $2`,
    [storableText(tokenHash), toIso(now)],
  );
  if (!row) return undefined;
  const { account, expiresAt, name, passwordHash, roles } = row;
  return { session: { tokenHash: row.tokenHash, account, expiresAt }, account: { name, passwordHash, roles } };
}
