// Inputs: everything that can change the engine's mind. They enter one log, and the log alone moves the engine.
import { z } from 'zod';

import { actorSchema } from './actor.ts';
import { assetSchema } from './asset.ts';
import { calendarSchema } from './calendar.ts';
import { actorOwner, effectSchema, slotSchema, type Claim } from './claim.ts';
import { ackSchema, reportSchema, statusSchema } from './field.ts';
import { departmentSchema, documentIdSchema, nameSchema } from './names.ts';
import { dutyListSchema } from './duty.ts';
import { interlockSchema } from './interlock.ts';
import { restraintSchema } from './restraint.ts';
import { readingSchema } from './reading.ts';
import { namedConditionSchema, ruleSchema } from './rule.ts';
import { scheduleSchema } from './schedule.ts';
import { valueSchema } from './value.ts';

/** A person's, flow's or program's wish for a point, or its end. */
export const pointRequestSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('claim'),
    point: z.string().min(3).max(200).describe('<asset id>#<point>'),
    effect: effectSchema,
    value: valueSchema,
    slot: slotSchema,
    rampSeconds: z.number().min(0).max(3_600).default(0),
    leaseSeconds: z.number().min(1).max(86_400).describe('How long it holds unless renewed; at most a day.'),
    /** Distinguishes several wishes of one owner for one point: a node's id. */
    key: z.string().max(64).default(''),
    reason: z.string().min(1).max(300),
  }),
  z.strictObject({
    do: z.literal('release'),
    point: z.string().min(3).max(200),
    key: z.string().max(64).default(''),
    reason: z.string().min(1).max(300),
    /** The account whose override ends; without it, one's own wish does. Only a person can end another's. */
    owner: z.string().min(1).max(128).optional(),
  }),
]);
export type PointRequest = z.infer<typeof pointRequestSchema>;

/** Whose claim a request is about: the asker's own, or, where a person gives back another's override, that operator's. */
export function requestOwner(actor: z.infer<typeof actorSchema>, request: PointRequest): Claim['owner'] {
  const isOfAnother = request.do === 'release' && request.owner !== undefined && actor.kind === 'person';
  return isOfAnother ? actorOwner({ kind: 'person', id: request.owner ?? '' }) : actorOwner(actor);
}

/** An alarm's name: `<kind>|<subject>|<log entry>`. */
const alarmIdSchema = z.string().min(3).max(400);

/** The most alarms that are acknowledged in one go: those of a large cabinet. */
const MOST_ALARMS = 1_000;

/** What people may ask of alarms. */
const alarmRequestSchemas = [
  z.strictObject({
    do: z.literal('acknowledge-alarms'),
    alarms: z.array(alarmIdSchema).min(1).max(MOST_ALARMS),
    note: z.string().min(1).max(300).optional(),
  }),
  z.strictObject({
    do: z.literal('shelve-alarm'),
    alarm: alarmIdSchema,
    seconds: z.number().min(60).max(86_400).describe('How long; a minute to a day.'),
    reason: z.string().min(1).max(300),
  }),
  z.strictObject({
    do: z.literal('unshelve-alarm'),
    alarm: alarmIdSchema,
    reason: z.string().min(1).max(300),
  }),
] as const;

/** What people may ask of orders and of rules. */
const personRequestSchemas = [
  z.strictObject({
    do: z.literal('close-order'),
    orderId: z.string().min(1).max(400),
    reason: z.string().min(1).max(300),
  }),
  z.strictObject({
    do: z.literal('pause-rule'),
    rule: documentIdSchema,
    seconds: z.number().min(1).max(86_400).describe('How long; at most a day.'),
    reason: z.string().min(1).max(300),
  }),
  z.strictObject({
    do: z.literal('resume-rule'),
    rule: documentIdSchema,
    reason: z.string().min(1).max(300),
  }),
] as const;

const confirmationIdSchema = z
  .string()
  .min(1)
  .max(100)
  .describe('The id of the request that waits for a second person.');

/** What a second person says to a wish that needs two. */
const confirmationRequestSchemas = [
  z.strictObject({ do: z.literal('confirm'), confirmation: confirmationIdSchema }),
  z.strictObject({
    do: z.literal('decline'),
    confirmation: confirmationIdSchema,
    reason: z.string().min(1).max(300),
  }),
] as const;

/** Everything that may be asked of the engine. */
export const requestSchema = z.discriminatedUnion('do', [
  ...pointRequestSchema.options,
  ...personRequestSchemas,
  ...alarmRequestSchemas,
  ...confirmationRequestSchemas,
]);
export type Request = z.infer<typeof requestSchema>;

/** A versioned document that the engine works by. `body: null` means it was removed. */
export const documentInputSchema = z.discriminatedUnion('of', [
  z.strictObject({
    of: z.literal('asset'),
    id: z.string(),
    version: z.number().int().min(1),
    body: assetSchema.nullable(),
  }),
  z.strictObject({
    of: z.literal('rule'),
    id: z.string(),
    version: z.number().int().min(1),
    body: ruleSchema.nullable(),
  }),
  z.strictObject({
    of: z.literal('condition'),
    id: z.string(),
    version: z.number().int().min(1),
    body: namedConditionSchema.nullable(),
  }),
  z.strictObject({
    of: z.literal('duty'),
    id: z.string(),
    version: z.number().int().min(1),
    body: dutyListSchema.nullable(),
  }),
  z.strictObject({
    of: z.literal('interlock'),
    id: z.string(),
    version: z.number().int().min(1),
    body: interlockSchema.nullable(),
  }),
  z.strictObject({
    of: z.literal('calendar'),
    id: z.string(),
    version: z.number().int().min(1),
    body: calendarSchema.nullable(),
  }),
  z.strictObject({
    of: z.literal('schedule'),
    id: z.string(),
    version: z.number().int().min(1),
    body: scheduleSchema.nullable(),
  }),
  z.strictObject({
    of: z.literal('restraint'),
    id: z.string(),
    version: z.number().int().min(1),
    body: restraintSchema.nullable(),
  }),
]);
export type DocumentInput = z.infer<typeof documentInputSchema>;

/** What became of a command in the worker's hands. */
const progressSchema = z.strictObject({
  kind: z.literal('progress'),
  commandId: z.string(),
  state: z.enum(['sent', 'refused', 'superseded', 'expired', 'failed']),
  detail: z.string().max(300).optional(),
  until: z.number().int().optional().describe('Refused by a wear budget: it may be asked again from then on.'),
});

/**
 * How a department's flows fare: they run, their runtime keeps them from running until somebody deploys, or it was lost
 * without a goodbye.
 */
export const flowsStateSchema = z.enum(['started', 'safe-mode', 'lost']);
export type FlowsState = z.infer<typeof flowsStateSchema>;

/** One entry of the log. Its time is the log's own clock, never the sender's. */
export const inputSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('readings'), readings: z.array(readingSchema).min(1) }),
  z.strictObject({
    kind: z.literal('report'),
    department: departmentSchema,
    device: nameSchema,
    report: reportSchema,
  }),
  z.strictObject({
    kind: z.literal('ack'),
    department: departmentSchema,
    device: nameSchema,
    ack: ackSchema,
  }),
  z.strictObject({
    kind: z.literal('status'),
    department: departmentSchema,
    device: nameSchema,
    status: statusSchema,
  }),
  z.strictObject({
    kind: z.literal('request'),
    id: z.string().min(1).max(100),
    actor: actorSchema,
    department: departmentSchema,
    request: requestSchema,
  }),
  z.strictObject({ kind: z.literal('document'), document: documentInputSchema }),
  z.strictObject({ kind: z.literal('flows'), department: departmentSchema, state: flowsStateSchema }),
  /** A rule took too long: time that the engine measured, and that the log must say for replay to agree. */
  z.strictObject({
    kind: z.literal('park'),
    rule: documentIdSchema,
    version: z.number().int().min(1),
    why: z.string().min(1).max(500),
  }),
  progressSchema,
  /** Time has passed; carries nothing, the entry's own time says it. */
  z.strictObject({ kind: z.literal('tick') }),
]);
export type Input = z.infer<typeof inputSchema>;

/** An input with its place in the log. */
export interface LogEntry {
  /** Grows; `<milliseconds>-<n>` of the log's clock, as Redis streams write ids. */
  id: string;
  /** The milliseconds of the id. */
  at: number;
  input: Input;
}

/**
 * What is still taken as Redis's memory runs full: readings (0) are refused first, then flows' claims (1); what people ask,
 * what gives something back, and what devices and workers say (2) is always taken.
 */
export function importanceOf(input: Input): 0 | 1 | 2 {
  if (input.kind === 'readings') return 0;
  const isWishOfFlow = input.kind === 'request' && input.actor.kind === 'flow' && input.request.do === 'claim';
  return isWishOfFlow ? 1 : 2;
}
