// `signalbox audit verify`: what an auditor runs on a machine without the box.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeEach, expect, onTestFinished, test } from 'vitest';

import { BEFORE_FIRST, type AuditRecord } from '../../engine/model/audit.ts';
import { sealEntries } from '../../engine/store/audit-chain.ts';
import { makeTempFolder } from '../../test/temp-folder.ts';
import { runCommand } from './run-command.ts';

const usual = { at: 1_795_000_000_000, actor: 'person:ann', department: 'traffic', verb: 'edit-rule' };
const BOOK = sealEntries(
  [1, 2, 3, 4].map((number) => ({ ...usual, subject: `rule traffic/r${number}`, after: { number } })),
  BEFORE_FIRST,
);
const LAST = BOOK[3]!;
const lines = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const HEADS = lines([
  { sequence: 2, hash: BOOK[1]?.hash },
  { sequence: 4, hash: LAST.hash, at: usual.at },
]);

let folder: string;
beforeEach(async () => {
  const made = await makeTempFolder();
  onTestFinished(() => made.remove());
  folder = made.path;
});

async function verify(book: string, more: string[] = [], file = 'book.jsonl') {
  await writeFile(join(folder, 'book.jsonl'), book);
  await writeFile(join(folder, 'heads.jsonl'), HEADS);
  const [out, err]: [string[], string[]] = [[], []];
  const talk = { print: (line: string) => out.push(line), complain: (line: string) => err.push(line) };
  const surroundings = { folder, examples: folder, stdin: Readable.from([book]), ...talk };
  const code = await runCommand(['audit', 'verify', file, ...more], surroundings);
  return { code, out, err };
}

test('says of a whole export that it is as it was sealed, and what cannot be known without heads', async () => {
  const fine = `records 1 to 4 are as they were sealed; the last has hash ${LAST.hash}`;
  expect(await verify(lines(BOOK), ['--heads', 'heads.jsonl'])).toEqual({
    code: 0,
    out: [`book.jsonl: ${fine}`],
    err: [],
  });
  const { code, out } = await verify(lines(BOOK), [], '-');
  expect([code, out[0], out[1]]).toEqual([0, `standard input: ${fine}`, expect.stringContaining('without --heads')]);
});

test('names the first broken record, by line and number', async () => {
  const changed = BOOK.map((record): AuditRecord => (record.sequence === 2 ? { ...record, actor: 'x' } : record));
  expect(await verify(lines(changed))).toMatchObject({
    code: 1,
    out: ['book.jsonl:2 record 2: its content does not match its hash'],
  });
  expect((await verify(lines(BOOK.toSpliced(1, 1)))).out).toEqual([
    'book.jsonl:2 record 2: records 2 to 2 are missing',
  ]);
  const half = lines(BOOK).slice(0, -20);
  expect((await verify(half)).out).toEqual(['book.jsonl:4 record 4: the line is not JSON']);
  expect((await verify(lines([BOOK[0], { sequence: 2 }]))).out[0]).toMatch(/^book\.jsonl:2 record 2: \/at: /);
});

test('shows with a head that the end is missing, or that everything was sealed anew', async () => {
  const short = lines(BOOK.slice(0, 3));
  expect((await verify(short)).code).toBe(0);
  expect(await verify(short, ['--heads', 'heads.jsonl'])).toMatchObject({
    code: 1,
    out: [expect.stringMatching(/^book\.jsonl record 4: the chain ends with record 3, and went up to 4 on 2026-/)],
  });
  const anew = lines(
    sealEntries(
      [1, 2, 3, 4].map((n) => ({ ...usual, subject: `forged ${n}` })),
      BEFORE_FIRST,
    ),
  );
  expect((await verify(anew)).code).toBe(0);
  expect((await verify(anew, ['--heads', 'heads.jsonl'])).out[0]).toMatch(/^book\.jsonl:2 record 2: /);
});

test('takes a part only as a part', async () => {
  const part = lines(BOOK.slice(1, 3));
  expect((await verify(part)).out).toEqual([
    'book.jsonl record 1: records 1 to 1 are missing, and no record says that they were pruned',
  ]);
  expect((await verify(part, ['--part', '--heads', 'heads.jsonl'])).code).toBe(0);
});

test('ends with 2 where it cannot read, or is asked for what it does not know', async () => {
  expect(await verify('', [], 'none.jsonl')).toMatchObject({
    code: 2,
    err: [expect.stringMatching(/^signalbox: none\.jsonl cannot be read: ENOENT/)],
  });
  await writeFile(join(folder, 'bad.jsonl'), '{"sequence": 1}');
  expect(await verify(lines(BOOK), ['--heads', 'bad.jsonl'])).toMatchObject({
    code: 2,
    err: [expect.stringMatching(/^signalbox: bad\.jsonl:1 is no head: \/hash: /)],
  });
  expect((await verify('', ['another'])).err[0]).toContain('needs one file');
});
