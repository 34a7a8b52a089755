// What the fold needs of the world, and what the world gets from it: interfaces between pure code and infrastructure.
import type { Alarm } from '../model/alarm.ts';
import type { Command, CommandRecord } from '../model/command.ts';
import type { Decision } from '../model/decision.ts';
import type { Halt } from '../model/halt.ts';
import type { Input, LogEntry } from '../model/input.ts';
import type { LiveEvent } from '../model/live.ts';
import type { Message, Order } from '../model/one-shot.ts';
import type { PointChange } from '../model/point-change.ts';
import type { Reading } from '../model/reading.ts';
import type { ScheduleRun } from '../model/schedule-run.ts';
import type { CheckpointChange } from './tables.ts';

/** The one ordered, durable log of inputs. */
export interface InputLog {
  /**
   * Appends inputs in order and resolves with their ids once they are on disk.
   * Rejects with `log-unavailable` or `log-full` when they are not; then nothing may be acknowledged to the sender.
   */
  append(inputs: readonly Input[]): Promise<string[]>;
  /** Entries after `afterId` (`'0-0'` from the start), at most `count`; waits up to `blockMs` for the first. */
  read(afterId: string, count: number, blockMs: number): Promise<LogEntry[]>;
  /** Forgets entries up to and including `id`: they are covered by a checkpoint. */
  trim(id: string): Promise<void>;
  /** The log's own clock, milliseconds since the epoch. */
  now(): Promise<number>;
  close(): Promise<void>;
}

/** Keeps the engine's state, written only by the engine of the newest epoch. */
export interface CheckpointStore {
  /** All cells and the last log id they include; `'0-0'` and nothing at the very start. */
  load(): Promise<{ lastId: string; cells: Map<string, string> }>;
  /** Writes the change in one transaction. Rejects with `deposed` when a newer epoch exists; then nothing is written. */
  save(epoch: number, change: CheckpointChange): Promise<void>;
}

/** The right to be the one active engine. */
export interface Lease {
  /** Takes the lease if it is free, with a new and higher epoch; otherwise undefined. */
  acquire(): Promise<number | undefined>;
  /** Prolongs it; false when another holds it now. */
  renew(epoch: number): Promise<boolean>;
  release(epoch: number): Promise<void>;
}

/** What the fold wants done. Every output has a deterministic id: replaying the log makes the same ones. */
export type Output =
  | { kind: 'command'; command: Command }
  | { kind: 'command-record'; record: CommandRecord }
  | { kind: 'decision'; decision: Decision }
  /** An order was opened or closed. */
  | { kind: 'order'; order: Order }
  /** A notification or a webhook to be sent, once. */
  | { kind: 'message'; message: Message }
  /** An alarm began, changed or is over. */
  | { kind: 'alarm'; alarm: Alarm }
  /** An event of a schedule came due: flows learn of it, once. */
  | { kind: 'run'; run: ScheduleRun }
  /** A rule was paused or parked, or goes on. */
  | { kind: 'halt'; halt: Halt }
  /** What a device reports of a point, or what is wanted of it, is another value than before the entry. */
  | { kind: 'point-change'; change: PointChange }
  /** A reading that was taken; `isNewest` unless one of a later instant was known already. */
  | { kind: 'reading'; reading: Reading; isNewest: boolean }
  | { kind: 'live'; event: LiveEvent }
  | { kind: 'interlock-facts'; asset: string; facts: Record<string, InterlockFact> };

/** The newest value that an adapter observed, as interlocks read it right before the wire. */
export interface InterlockFact {
  value: number | string | boolean;
  /** Milliseconds since the epoch. */
  observedAt: number;
  /** Unknown from this instant on, unless it reports again; milliseconds since the epoch. */
  staleAt?: number;
}

/** Takes outputs and carries them out. Delivering the same output twice has the effect of once. */
export interface OutputSink {
  /**
   * Resolves when commands, facts for interlocks and views are with their receivers; records follow by themselves.
   * Rejects with `deposed` when a newer epoch exists.
   */
  deliver(outputs: readonly Output[], epoch: number): Promise<void>;
  /** Resolves when every record delivered so far is durable: only then may a checkpoint cover what caused it. */
  recorded(): Promise<void>;
}
