// The palette's way out: the link to the core, as the program that embeds Node-RED provides it.
import type { Decision } from '../../engine/model/decision.ts';
import type { PointRequest } from '../../engine/model/input.ts';
import type { FlowReading, LinkAnswer } from '../../engine/model/link.ts';
import type { ScheduleRun } from '../../engine/model/schedule-run.ts';
import type { Problem, Result } from '../../engine/model/result.ts';
import type { NodeApi } from './red.ts';

/** What became of the readings of one call. */
export interface SubmitOutcome {
  /** How many are in the core's log, on disk. */
  accepted: number;
  /** The others, by their place in the call, each with its reason. */
  refused: { index: number; problem: Problem }[];
}

/** A step of a command, as the core tells it. */
export type CommandEvent = Extract<LinkAnswer, { type: 'command' }>;

/** The department and its assets, as the core told them when the link came up. */
export type Catalogue = Omit<Extract<LinkAnswer, { type: 'catalogue' }>, 'type'>;

/** The link, as nodes see it. Every `on…` returns a function that ends the listening. */
export interface Link {
  /** Resolves when every reading is durable or refused; never rejects. Calls need not wait for each other. */
  submit(readings: readonly FlowReading[]): Promise<SubmitOutcome>;
  /** Resolves when the core has taken the request, or with the reasons why not; never rejects. */
  request(request: PointRequest): Promise<Result<void>>;
  onDecision(listener: (decision: Decision) => void): () => void;
  /** Events of the department's schedules, each once. */
  onRun(listener: (run: ScheduleRun) => void): () => void;
  onCommand(listener: (event: CommandEvent) => void): () => void;
  /** Tells whether the link is up: at once, and whenever that changes. */
  onUp(listener: (isUp: boolean) => void): () => void;
  /** Undefined until the link has been up once. */
  catalogue(): Catalogue | undefined;
}

/** The link of this Node-RED, or undefined when it runs without a Signalbox. */
export function linkOf(RED: NodeApi): Link | undefined {
  // Node-RED hands its settings on untyped; the key is ours alone, and the host sets it to a `Link`.
  return (RED.settings as { signalboxLink?: Link }).signalboxLink;
}
