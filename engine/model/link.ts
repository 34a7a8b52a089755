// The link's contract: the one connection between a department's flows runtime and the core, as JSON frames over a WebSocket.
import { z } from 'zod';

import type { CommandState } from './command.ts';
import type { Decision } from './decision.ts';
import { flowsStateSchema, pointRequestSchema } from './input.ts';
import { qualitySchema, readingSchema } from './reading.ts';
import type { Problem } from './result.ts';
import type { ScheduleRun } from './schedule-run.ts';
import type { Value, ValueType } from './value.ts';

/** Where the core listens for flows runtimes; the token travels as `Authorization: Bearer`. */
export const LINK_PATH = '/link';
/** The most readings in one frame. */
export const LINK_BATCH_LIMIT = 500;
/** The most readings a runtime may have under way, not yet acknowledged. */
export const LINK_CREDIT = 5_000;
/** The largest frame, in bytes. */
export const LINK_FRAME_BYTES = 1_048_576;

/** A reading as a flow hands it over: the core adds when it came in and who brought it. */
export const flowReadingSchema = readingSchema
  .omit({ receivedAt: true, source: true })
  .extend({ quality: qualitySchema.default('good') });
export type FlowReading = z.infer<typeof flowReadingSchema>;

/** What a runtime says to the core. `seq` and `id` are the runtime's own and come back in the answer. */
export const linkRequestSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('readings'),
    seq: z.number().int().min(0),
    readings: z.array(z.unknown()).min(1).max(LINK_BATCH_LIMIT),
  }),
  z.strictObject({
    type: z.literal('request'),
    id: z.string().min(1).max(100),
    request: pointRequestSchema,
  }),
  z.strictObject({
    type: z.literal('watch'),
    decisions: z.boolean().default(false),
    commands: z.boolean().default(false),
    runs: z.boolean().default(false),
  }),
  /** How the runtime's flows fare; said again after each reconnection. */
  z.strictObject({ type: z.literal('flows'), state: flowsStateSchema.exclude(['lost']) }),
  /** An event of a schedule has been told to the flows: it is not sent again. */
  z.strictObject({ type: z.literal('taken'), run: z.string().min(1).max(200) }),
]);
export type LinkRequest = z.infer<typeof linkRequestSchema>;

/** An asset, as far as forms and nodes need to know it. */
export interface CatalogueAsset {
  id: string;
  type: string;
  title: string;
  zone?: string;
  /** Longitude, latitude; degrees. */
  location?: readonly [number, number];
  points: string[];
  /** What those of its points take that are not as its type declares them (`POINTS`). */
  own?: Record<string, ValueType>;
}

/** What the core says to a runtime. */
export type LinkAnswer =
  /** The batch is in the log and the log is on disk; refused readings are named by their place in the batch. One that is dated ahead is refused, and still makes its fact unknown. */
  | { type: 'ack'; seq: number; accepted: number; refused: { index: number; problem: Problem }[] }
  /** The whole batch is refused for now (no credit, the log is unavailable); it may be sent again after `retryMs`. */
  | { type: 'busy'; seq: number; retryMs: number; reason: string }
  | { type: 'result'; id: string; ok: true }
  | { type: 'result'; id: string; ok: false; problems: Problem[] }
  | { type: 'decision'; decision: Decision }
  /** An event of a schedule, again and again until the runtime says `taken`. */
  | { type: 'run'; run: ScheduleRun }
  | {
      type: 'command';
      commandId: string;
      point: string;
      state: CommandState;
      at: number;
      value?: Value;
      detail?: string;
      owner?: string;
      key?: string;
    }
  | {
      type: 'catalogue';
      department: string;
      assets: CatalogueAsset[];
    };
