import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { auditHeadSchema, auditRecordSchema, type AuditEntry } from '../../engine/model/audit.ts';
import { ChainCheck } from '../../engine/store/audit-chain.ts';
import { startGateway, type GatewayRun } from '../../test/gateway-run.ts';

const START = Date.UTC(2026, 10, 26, 3);

let run: GatewayRun;
let auditor: string;
beforeEach(async () => {
  run = await startGateway();
  run.audit.records.length = 0;
  auditor = await run.cookieOf('aud', { '*': ['auditor'] });
});

async function write(...entries: Partial<AuditEntry>[]): Promise<void> {
  const usual = { at: START, actor: 'person:ann', department: 'traffic', verb: 'edit-rule' };
  for (const [index, entry] of entries.entries())
    await run.audit.append({ ...usual, subject: `rule traffic/r${index + 1}`, ...entry });
}

const listSchema = z.strictObject({ records: z.array(auditRecordSchema), next: z.int().optional() });
const sequences = (list: z.infer<typeof listSchema>) => list.records.map(({ sequence }) => sequence);

async function listOf(cookie: string, query = '') {
  return listSchema.parse((await run.call(cookie, 'GET', `/api/audit${query}`)).body);
}

async function download(query: string): Promise<{ headers: Headers; text: string }> {
  const response = await fetch(`${run.url}/api/audit/export${query}`, { headers: { cookie: auditor } });
  return { headers: response.headers, text: await response.text() };
}

describe('the list of the book of writes', () => {
  it('comes newest first, page by page, by what is asked', async () => {
    await write({}, { actor: 'flow:traffic' }, { verb: 'override' }, { department: 'waste', at: START + 9 });
    const first = await listOf(auditor, '?limit=3');
    expect([sequences(first), first.next]).toEqual([[4, 3, 2], 2]);
    const second = await listOf(auditor, '?limit=3&before=2');
    expect([sequences(second), second.next]).toEqual([[1], undefined]);
    expect(sequences(await listOf(auditor, '?actor=flow:traffic'))).toEqual([2]);
    expect(sequences(await listOf(auditor, '?verb=override&subject=rule%20traffic/r3'))).toEqual([3]);
    expect(sequences(await listOf(auditor, `?department=waste&from=${START + 1}&to=${START + 10}`))).toEqual([4]);
  });

  it('shows to a department’s auditor that department alone, and nothing to who is none', async () => {
    await write({}, { department: 'waste' }, { department: '*' });
    const own = await run.cookieOf('bea', { waste: ['auditor'], traffic: ['operator'] });
    expect(sequences(await listOf(own))).toEqual([2]);
    const exported = await fetch(`${run.url}/api/audit/export`, { headers: { cookie: own } });
    expect((await exported.text()).split('\n')).toHaveLength(2);
    for (const path of ['/api/audit?department=traffic', '/api/audit?department=*', '/api/audit/head'])
      expect((await run.call(own, 'GET', path)).status).toBe(403);
    const operator = await run.cookieOf('cem', { '*': ['operator'] });
    for (const path of ['/api/audit', '/api/audit/export', '/api/audit/head'])
      expect((await run.call(operator, 'GET', path)).status).toBe(403);
    expect((await run.call('', 'GET', '/api/audit')).status).toBe(401);
  });

  it('refuses a query that means nothing, with all that is wrong', async () => {
    const list = await run.call(auditor, 'GET', '/api/audit?limit=0&before=x&department=No!');
    expect(list).toMatchObject({
      status: 422,
      body: { code: 'invalid', problems: [{ path: '/department' }, { path: '/limit' }, { path: '/before' }] },
    });
    expect((await run.call(auditor, 'GET', '/api/audit/export?format=xml&after=-1')).status).toBe(422);
  });
});

describe('an export', () => {
  it('is the whole chain as JSON lines, however long, and follows on from where one stopped', async () => {
    await write(...Array.from({ length: 2_003 }, () => ({})));
    const { headers, text } = await download('');
    expect(headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="signalbox-audit.jsonl"');
    const records = text.split('\n').slice(0, -1);
    const head = auditHeadSchema.parse((await run.call(auditor, 'GET', '/api/audit/head')).body);
    const chain = new ChainCheck({ heads: [head] });
    const breaks = records.map((line) => chain.take(JSON.parse(line))).filter((found) => found !== undefined);
    expect([...breaks, chain.end(), chain.last?.sequence]).toEqual([undefined, 2_003]);
    expect((await download('?after=2000')).text).toBe(`${records.slice(2_000).join('\n')}\n`);
    expect((await download('?after=2003')).text).toBe('');
  });

  it('is CSV for spreadsheets, in which nothing runs', async () => {
    await write({ subject: '=1+1', before: { a: 'b"c' }, reason: 'two\nlines', after: 0 });
    const { headers, text } = await download('?format=csv');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const { previous, hash } = run.audit.records[0]!;
    expect(text).toBe(
      'sequence,at,actor,department,verb,subject,before,after,reason,origin,detail,previous,hash\r\n' +
        `1,2026-11-26T03:00:00.000Z,person:ann,traffic,edit-rule,'=1+1,"{""a"":""b\\""c""}",0,"two\nlines",,,${previous},${hash}\r\n`,
    );
  });

  it('that fails halfway ends its connection instead of looking whole', async () => {
    await write(...Array.from({ length: 1_500 }, () => ({})));
    const after = run.audit.after.bind(run.audit);
    run.audit.after = (sequence, ...rest) =>
      sequence === 0 ? after(sequence, ...rest) : Promise.reject(new Error('the database is away'));
    await expect(download('')).rejects.toThrow('terminated');
  });
});
