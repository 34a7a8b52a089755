// Commands: one effort to bring one point to its desired value, and every step of it.
import type { Value } from './value.ts';

/** What the arbiter wants of a point: a value, or nothing (the device's own programme). */
export type Want = { value: Value; rampSeconds: number } | { release: true };

/** The ways in which a command can be over; each reaches exactly one of them. */
export const COMMAND_ENDS = ['verified', 'refused', 'superseded', 'expired', 'unverified', 'failed'] as const;
export type CommandEnd = (typeof COMMAND_ENDS)[number];

/** Where a command stands. */
export type CommandState = 'queued' | 'sent' | 'accepted' | CommandEnd;

/** One order to one point. */
export interface Command {
  /** Derives from the point and the sequence: `<asset>#<point>:<sequence>`. */
  commandId: string;
  /** `<asset id>#<point>` */
  point: string;
  department: string;
  /** The device that obeys. */
  device: string;
  /** Per point, growing by one. */
  sequence: number;
  /** The engine's epoch when it was issued. */
  fence: number;
  /** Milliseconds since the epoch, the log's clock. */
  issuedAt: number;
  /** Worthless after this instant; milliseconds since the epoch. */
  notAfter: number;
  /** The winning claim's slot, 1 to 16; 16 for a release. */
  slot: number;
  want: Want;
  /** The device returns by itself at this instant unless told again; absent for a release. */
  leaseUntil?: number;
  cause: CommandCause;
}

/** Why a command exists: the decision and the claims behind it. */
export interface CommandCause {
  /** The decision that changed the claims, if a rule did. */
  decisionId?: string;
  /** The arbiter's answer in full. */
  arbitration: Arbitration;
}

/** The arbiter's answer for one point: what is wanted, who won, what bounded it, who lost and why. */
export interface Arbitration {
  want: Want;
  /** The claim whose value holds, if any does. */
  winner?: ClaimBrief;
  /** Bounds that changed the winner's value. */
  bounds: ClaimBrief[];
  losers: (ClaimBrief & { why: string })[];
}

/** A claim as an explanation names it. */
export interface ClaimBrief {
  claimId: string;
  owner: string;
  slot: number;
  effect: string;
  value: Value;
  reason: string;
  leaseUntil: number;
  /** The second person, where the value needs two. */
  confirmedBy?: string;
}

/** One step of a command's way, in the log's time. */
export interface CommandStep {
  state: CommandState;
  /** Milliseconds since the epoch. */
  at: number;
  /** Who or what says so, in words: an interlock's reason, the proof's reading. */
  detail?: string;
  /** At `refused` by a wear budget: it may be asked again from then on, milliseconds since the epoch. */
  until?: number;
  /** At `verified`: whether the device's own read-back or another instrument proved it. */
  proof?: 'device' | 'instrument';
}

/** A command with its way so far; what `/api/commands/<id>` shows. */
export interface CommandRecord {
  command: Command;
  steps: CommandStep[];
}
