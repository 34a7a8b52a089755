// The demo city's documents, files under examples/, go into the database at the first start.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';

import type { DocumentKind, DocumentStore } from '../../engine/index.ts';
import { systemActor } from '../../engine/model/actor.ts';
import { assetSchema } from '../../engine/model/asset.ts';
import { calendarSchema } from '../../engine/model/calendar.ts';
import { dutyListSchema } from '../../engine/model/duty.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import { interlockSchema } from '../../engine/model/interlock.ts';
import { scheduleSchema } from '../../engine/model/schedule.ts';
import { departmentOf, namedConditionSchema, ruleSchema } from '../../engine/model/rule.ts';

interface Seed {
  kind: DocumentKind;
  id: string;
  department: string;
  body: unknown;
}

/** Where each kind of document lies below the examples' folder; a file holds one document or a list of them. */
const SOURCES = [
  { folder: 'harbourton/assets', kind: 'asset', schema: assetSchema },
  { folder: 'conditions', kind: 'condition', schema: namedConditionSchema },
  { folder: 'interlocks', kind: 'interlock', schema: interlockSchema },
  { folder: 'calendars', kind: 'calendar', schema: calendarSchema },
  { folder: 'duties', kind: 'duty', schema: dutyListSchema },
  { folder: 'schedules', kind: 'schedule', schema: scheduleSchema },
  { folder: 'rules', kind: 'rule', schema: ruleSchema },
] as const;

/**
 * Stores the demo city's documents that the database has never had: what people changed or removed stays theirs, and a
 * first start that was cut short is completed by the next. Two that do this at the same time share the work.
 *
 * @param examples the folder `examples/`
 * @returns how many documents were stored
 */
export async function seedDemo(documents: DocumentStore, examples: string, log: Logger): Promise<number> {
  const known = new Set((await documents.newest()).map(({ kind, id }) => `${kind} ${id}`));
  const seeds = (await Promise.all(SOURCES.map((source) => readSource(examples, source)))).flat();
  const missing = seeds.filter(({ kind, id }) => !known.has(`${kind} ${id}`));
  let stored = 0;
  for (const seed of missing) if (await storeFirst(documents, seed)) stored += 1;
  if (stored > 0) log.info({ documents: stored }, 'the demo city is stored');
  return stored;
}

/** False when somebody else has stored it meanwhile: two engines may start on one empty database. */
async function storeFirst(documents: DocumentStore, seed: Seed): Promise<boolean> {
  try {
    await documents.put({ ...seed, expected: 0, actor: systemActor('first-start') });
    return true;
  } catch (error) {
    if (error instanceof SignalboxError && error.code === 'version-conflict') return false;
    throw error;
  }
}

async function readSource(examples: string, { folder, kind, schema }: (typeof SOURCES)[number]): Promise<Seed[]> {
  const root = join(examples, folder);
  const files = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.json')).toSorted();
  const documents = await Promise.all(files.map(async (name) => readDocuments(join(root, name))));
  return documents.flat().map((document): Seed => {
    const body = schema.parse(document);
    const department = 'department' in body ? body.department : departmentOf(body.id);
    return { kind, id: body.id, department, body: document };
  });
}

async function readDocuments(file: string): Promise<unknown[]> {
  const content: unknown = JSON.parse(await readFile(file, 'utf8'));
  return z.array(z.unknown()).safeParse(content).data ?? [content];
}
