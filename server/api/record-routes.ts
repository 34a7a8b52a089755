// /api/commands and /api/decisions: what happened, and the trace from a command back to the readings behind it.
import { Router } from 'express';

import type { RecordReader } from '../../engine/index.ts';
import type { CommandRecord } from '../../engine/model/command.ts';
import type { Decision } from '../../engine/model/decision.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import type { Reading } from '../../engine/model/reading.ts';
import { demandOf, type Authentication } from '../http/authentication.ts';
import type { LiveHub } from '../live.ts';
import { mayRead } from '../visibility.ts';
import { readPage } from './query.ts';

/** What these routes need. */
export interface RecordParts {
  authentication: Authentication;
  records: RecordReader;
  live: Pick<LiveHub, 'snapshot'>;
}

/** A command with everything that led to it, newest last in `steps`. */
export interface CommandTrace extends CommandRecord {
  /** The decision that changed the claims, if a rule did. */
  decision?: Decision;
  /** The readings that the decision's conditions used. */
  readings: Reading[];
}

/** Lists and traces. Lists are newest first; `next` is the `before` of the following page, absent at the end. */
export function recordRoutes({ authentication, records, live }: RecordParts): Router {
  const router = Router();
  router.get('/commands', async (request, response) => {
    const { actor } = authentication.signedIn(request);
    const { limit, before } = readPage(request);
    const found = await records.recentCommands(limit, before);
    const commands = found.filter(({ command }) => mayRead(actor, command.department));
    response.json({ commands, ...next(found.length === limit, found.at(-1)?.command.issuedAt) });
  });
  router.get('/commands/:id', async (request, response) => {
    const { actor } = authentication.signedIn(request);
    const record = await findCommand(request.params.id, { records, live });
    const what = `command ${request.params.id}`;
    if (!record) throw new SignalboxError('not-found', { what });
    demandOf(actor, 'read', { department: record.command.department, what });
    response.json(await trace(record, { records, live }));
  });
  router.get('/decisions', async (request, response) => {
    const { actor } = authentication.signedIn(request);
    const { limit, before } = readPage(request);
    const found = await records.recentDecisions(limit, before);
    const decisions = found.filter(({ department }) => mayRead(actor, department));
    response.json({ decisions, ...next(found.length === limit, found.at(-1)?.at) });
  });
  return router;
}

type Sources = Pick<RecordParts, 'records' | 'live'>;

/** The record is written within a second; until then the live plane knows the command already, and often more steps. */
async function findCommand(id: string, { records, live }: Sources): Promise<CommandRecord | undefined> {
  return (
    (await records.command(id)) ?? (await live.snapshot()).commands.find(({ command }) => command.commandId === id)
  );
}

async function trace(record: CommandRecord, { records, live }: Sources): Promise<CommandTrace> {
  const { decisionId } = record.command.cause;
  if (decisionId === undefined) return { ...record, readings: [] };
  const decision =
    (await records.decision(decisionId)) ??
    (await live.snapshot()).decisions.find((each) => each.decisionId === decisionId);
  if (!decision) return { ...record, readings: [] };
  const ids = [...new Set(decision.trace.flatMap(({ readings }) => readings ?? []))];
  return { ...record, decision, readings: ids.length === 0 ? [] : await records.readings(ids) };
}

const next = (isFull: boolean, before: number | undefined): { next?: number } =>
  isFull && before !== undefined ? { next: before } : {};
