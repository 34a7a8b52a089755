// Checks an export of the book of writes, without a database: names the first record that is not as it was sealed.
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { z } from 'zod';

import { ChainCheck } from '../../engine/index.ts';
import { auditHeadSchema, auditRecordSchema, type AuditHead } from '../../engine/model/audit.ts';
import { check } from '../../engine/model/check.ts';
import type { Result } from '../../engine/model/result.ts';
import type { AuditRequest } from './arguments.ts';
import { UnreadableError } from './read-documents.ts';

/** Where files are, and whom to tell. */
interface Place {
  folder: string;
  stdin: NodeJS.ReadableStream;
  print: (line: string) => void;
}

/**
 * Walks along an export, a line at a time, whatever its size.
 *
 * @returns true when nothing is broken
 * @throws UnreadableError when a file cannot be read, or a line of the heads is none
 */
export async function verifyAudit({ file, heads: headsFile, isPart }: AuditRequest, place: Place): Promise<boolean> {
  const heads = headsFile === undefined ? [] : await readHeads(headsFile, place);
  const chain = new ChainCheck({ heads, isPart });
  const name = file === '-' ? 'standard input' : file;
  for await (const { number, text } of linesOf(file, place)) {
    const record = parseLine(text, auditRecordSchema);
    const found = record.ok ? chain.take(record.value) : undefined;
    if (record.ok && !found) continue;
    const why = found ? `record ${found.sequence}: ${found.why}` : `record ${nextOf(chain)}: ${wordsOf(record)}`;
    place.print(`${name}:${number} ${why}`);
    return false;
  }
  const missing = chain.end();
  if (missing) {
    place.print(`${name} record ${missing.sequence}: ${missing.why}`);
    return false;
  }
  const { first, last } = chain;
  place.print(
    first && last
      ? `${name}: records ${first.sequence} to ${last.sequence} are as they were sealed; the last has hash ${last.hash}`
      : `${name}: there is no record`,
  );
  if (heads.length === 0) place.print('without --heads a missing end, or a book that was sealed anew, does not show');
  return true;
}

const nextOf = ({ last }: ChainCheck): number => (last?.sequence ?? 0) + 1;

async function readHeads(file: string, place: Place): Promise<AuditHead[]> {
  const heads: AuditHead[] = [];
  for await (const { number, text } of linesOf(file, place)) {
    const head = parseLine(text, auditHeadSchema);
    if (!head.ok) throw new UnreadableError(`${file}:${number} is no head: ${wordsOf(head)}`);
    heads.push(head.value);
  }
  return heads;
}

async function* linesOf(file: string, { folder, stdin }: Place): AsyncGenerator<{ number: number; text: string }> {
  const input = file === '-' ? stdin : createReadStream(resolve(folder, file));
  let number = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      if (text !== '') yield { number, text };
    }
  } catch (error) {
    throw new UnreadableError(`${file} cannot be read: ${error instanceof Error ? error.message : 'no reason given'}`, {
      cause: error,
    });
  }
}

function parseLine<T>(text: string, schema: z.ZodType<T>): Result<T> {
  try {
    return check(schema, JSON.parse(text));
  } catch {
    return { ok: false, problems: [{ code: 'json', path: '', message: 'the line is not JSON' }] };
  }
}

const wordsOf = (result: Result<unknown>): string =>
  result.ok
    ? ''
    : result.problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
