import { readFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../../test/manual-clock.ts';
import { MemoryAudit } from '../../test/memory-audit.ts';
import { MemoryAccounts } from '../../test/memory-store.ts';
import { makeTempFolder } from '../../test/temp-folder.ts';
import { Attempts } from './attempts.ts';
import { ensureFirstAccount, firstSignInFile } from './first-account.ts';
import { generatePassword, hashPassword, verifyPassword } from './passwords.ts';
import { Sessions } from './sessions.ts';
import { SignIn } from './sign-in.ts';

describe('a password', () => {
  it('is kept as argon2id with 19 MiB, two passes and its own salt', async () => {
    const [one, two] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await verifyPassword('correct horse', one)).toBe(true);
    expect(await verifyPassword('correct hors', one)).toBe(false);
  });

  it('is checked against hashes of others too (reference argon2id vector)', async () => {
    // phc-winner-argon2, test.c: argon2id, v=19, t=2, m=2^16, p=1, password "password", salt "somesalt".
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await verifyPassword('password', reference)).toBe(true);
  });

  it('matches nothing that is no such hash, nor one that would cost too much', async () => {
    const broken = [
      '',
      'correct horse',
      '$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$AAAA',
      '$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$AAAA',
    ];
    for (const hash of broken) expect(await verifyPassword('correct horse', hash)).toBe(false);
    expect(await verifyPassword('x'.repeat(1_025), await hashPassword('x'))).toBe(false);
  });

  it('is easy to read aloud when generated', () => {
    expect(generatePassword()).toMatch(/^([0-9a-hjkmnp-tv-z]{5}-){4}[0-9a-hjkmnp-tv-z]{5}$/);
  });
});

describe('guessing', () => {
  it('costs more with each failure, from where it comes and nowhere else', () => {
    const clock = new ManualClock();
    const attempts = new Attempts(clock);
    for (let failures = 0; failures < 5; failures += 1) expect(attempts.begin('ann', '10.0.0.1')).toBe(0);
    const waits = Array.from({ length: 12 }, () => {
      const wait = attempts.begin('ann', '10.0.0.1');
      clock.advance(wait * 1_000);
      attempts.begin('ann', '10.0.0.1');
      return wait;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    expect(attempts.begin('ann', '10.0.0.2')).toBe(0);
    expect(attempts.begin('bob', '10.0.0.1')).toBe(0);
  });

  it('is forgiven by a good sign-in, and forgotten after an hour', () => {
    const clock = new ManualClock();
    const attempts = new Attempts(clock);
    for (let failures = 0; failures < 5; failures += 1) attempts.begin('ann', '10.0.0.1');
    attempts.succeeded('ann', '10.0.0.1');
    expect(attempts.begin('ann', '10.0.0.1')).toBe(0);
    for (let failures = 0; failures < 20; failures += 1) {
      attempts.begin('ann', '10.0.0.1');
      clock.advance(1_000);
    }
    clock.advance(3_600_001);
    expect(attempts.begin('ann', '10.0.0.1')).toBe(0);
  });

  it('many names from one address counts too, and a whole IPv6 network is one address', () => {
    const clock = new ManualClock();
    const attempts = new Attempts(clock);
    for (let failures = 0; failures < 30; failures += 1)
      expect(attempts.begin(`name-${failures}`, `2001:db8:1:2::${failures.toString(16)}`)).toBe(0);
    expect(attempts.begin('ann', '2001:db8:1:2:ffff:1:2:3')).toBe(1);
    expect(attempts.begin('ann', '2001:db8:1:3::1')).toBe(0);
    expect(attempts.begin('ann', '10.0.0.1')).toBe(0);
    expect(attempts.begin('ann', '::ffff:10.0.0.1')).toBe(0);
  });

  it('gains nothing by doing it all at once', async () => {
    const clock = new ManualClock();
    const { accounts, signIn } = await start(clock);
    await accounts.save({ name: 'ann', passwordHash: await hashPassword('right'), roles: {} });
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, () => signIn.signIn({ name: 'ann', password: 'wrong', address: '10.0.0.1' })),
    );
    const codes = tries.map((each) => (each.status === 'rejected' ? String(each.reason.code) : 'in'));
    expect(codes.filter((code) => code === 'wrong-credentials')).toHaveLength(5);
    expect(codes.filter((code) => code === 'too-many-attempts')).toHaveLength(7);
    const elsewhere = await signIn.signIn({ name: 'ann', password: 'right', address: '10.0.0.2' });
    expect(elsewhere.account.name).toBe('ann');
  });
});

describe('the first account', () => {
  it('is made with the given password and no note', async () => {
    const { parts, accounts, signIn, audit, note } = await start();
    expect(await ensureFirstAccount({ ...parts, password: 'from the operator' })).toBe('created');
    expect(await ensureFirstAccount({ ...parts, password: 'from the operator' })).toBe('unchanged');
    await expect(note()).rejects.toThrow('ENOENT');
    const { account } = await signIn.signIn({ name: 'admin', password: 'from the operator', address: '::1' });
    expect(account.roles).toEqual({ '*': ['administrator', 'safety'] });
    expect([await accounts.count(), audit.entries]).toEqual([1, []]);
  });

  it('takes a password that is given at a later start; who is signed in stays so, and the book shows it', async () => {
    const { parts, accounts, sessions, signIn, audit, note } = await start();
    await ensureFirstAccount(parts);
    const [, generated = ''] = /^password: (.+)$/m.exec(await note()) ?? [];
    await accounts.save({ ...(await accounts.find('admin'))!, roles: { '*': ['administrator'], waste: ['safety'] } });
    const { token } = await sessions.open('admin');
    expect(await ensureFirstAccount({ ...parts, password: 'a lost one replaced' })).toBe('password-set');
    await expect(note()).rejects.toThrow('ENOENT');
    const { account } = await signIn.signIn({ name: 'admin', password: 'a lost one replaced', address: '::1' });
    expect(account.roles).toEqual({ '*': ['administrator'], waste: ['safety'] });
    const old = signIn.signIn({ name: 'admin', password: generated, address: '::1' });
    await expect(old).rejects.toMatchObject({ code: 'wrong-credentials' });
    expect((await sessions.find(token))?.account.name).toBe('admin');
    expect(audit.entries).toMatchObject([{ actor: 'system:start', verb: 'set-password', subject: 'admin' }]);
    expect(JSON.stringify(audit.entries)).not.toContain('a lost one replaced');
  });

  it('comes back with a given password when it was removed, and leaves the others alone', async () => {
    const { parts, accounts, signIn } = await start();
    const ann = { name: 'ann', passwordHash: await hashPassword('right'), roles: {} };
    await accounts.save(ann);
    expect(await ensureFirstAccount(parts)).toBe('unchanged');
    expect(await ensureFirstAccount({ ...parts, password: 'from the operator' })).toBe('password-set');
    const { account } = await signIn.signIn({ name: 'admin', password: 'from the operator', address: '::1' });
    expect(account.roles).toEqual({ '*': ['administrator', 'safety'] });
    expect(await accounts.find('ann')).toEqual(ann);
  });

  it('leaves no note when another gateway on the same database was first', async () => {
    const { parts, accounts, note } = await start();
    const save = accounts.save.bind(accounts);
    accounts.save = async (account) => {
      await save(account);
      await save({ ...account, passwordHash: 'of the other gateway' });
    };
    expect(await ensureFirstAccount(parts)).toBe('unchanged');
    await expect(note()).rejects.toThrow('ENOENT');
  });
});

async function start(clock = new ManualClock()) {
  const folder = await makeTempFolder();
  onTestFinished(() => folder.remove());
  const accounts = new MemoryAccounts();
  const sessions = new Sessions(accounts, clock);
  const attempts = new Attempts(clock);
  const signIn = new SignIn({ accounts, sessions, attempts, firstSignInFile: firstSignInFile(folder.path) });
  const audit = new MemoryAudit();
  const parts = { accounts, audit, clock, dataFolder: folder.path };
  return { parts, accounts, audit, sessions, signIn, note: () => readFile(firstSignInFile(folder.path), 'utf8') };
}
