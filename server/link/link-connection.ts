// One link: what one flows runtime says, checked, taken into the log and answered.
import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';

import { pointsOf, type Asset } from '../../engine/model/asset.ts';
import { check } from '../../engine/model/check.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import type { FlowsState } from '../../engine/model/input.ts';
import type { LiveEvent } from '../../engine/model/live.ts';
import {
  LINK_CREDIT,
  linkRequestSchema,
  type CatalogueAsset,
  type LinkAnswer,
  type LinkRequest,
} from '../../engine/model/link.ts';
import type { Reading } from '../../engine/model/reading.ts';
import { describeProblems, problem, type Problem } from '../../engine/model/result.ts';
import type { ScheduleRun } from '../../engine/model/schedule-run.ts';
import { checkReading, isProblem, whyAhead } from './check-reading.ts';
import { checkRequest, flowActor } from './check-request.ts';
import { linkEvents } from './link-events.ts';
import type { LinkParts } from '../link-server.ts';

/** The most requests under way on one link. */
const MOST_REQUESTS = 200;
/** When a refused batch may be sent again, in milliseconds. */
const RETRY_MS = 500;
/** What may wait for a runtime that does not read, in bytes; then the link is cut. */
const MOST_WAITING_BYTES = 4_194_304;
/** How long a runtime may take to say that it has an event, in milliseconds. */
const TAKEN_WITHIN_MS = 5_000;
/** WebSocket close codes (RFC 6455, section 7.4.1). */
const POLICY_VIOLATION = 1_008;
const INTERNAL_ERROR = 1_011;

/** The core's end of one link. */
export class LinkConnection {
  readonly department: string;
  readonly #socket: WebSocket;
  readonly #onFlows: (state: FlowsState) => void;
  readonly #parts: LinkParts;
  #watched = { decisions: false, commands: false, runs: false };
  /** Events of schedules that the runtime has not taken yet. */
  readonly #untaken = new Map<string, () => void>();
  /** Readings that are not acknowledged yet, at most `LINK_CREDIT`. */
  #underWay = 0;
  #requests = 0;

  /** @param link `onFlows` is told how the runtime's flows fare, as the runtime says */
  constructor(link: { department: string; socket: WebSocket; onFlows: (state: FlowsState) => void }, parts: LinkParts) {
    this.department = link.department;
    this.#socket = link.socket;
    this.#onFlows = link.onFlows;
    this.#parts = parts;
  }

  /** Takes one frame. What breaks the contract ends the link with the reason. */
  receive(frame: string): void {
    this.#guard(() => this.#read(frame));
  }

  #read(frame: string): void {
    const raw = parseJson(frame);
    // A request with an id gets its answer, whatever is wrong with its content: a flow's author must read it.
    const id = requestId(raw);
    if (id !== undefined) return this.#guard(() => this.#takeRequest(id, Reflect.get(Object(raw), 'request')));
    const request = check(linkRequestSchema, raw);
    if (!request.ok) return this.#socket.close(POLICY_VIOLATION, closeReason(request.problems));
    this.#take(request.value);
  }

  /** Whatever a frame makes us stumble over costs this link, never the process: the other end is not trusted. */
  #guard(work: () => void | Promise<void>): void {
    const stumbled = (error: unknown): void => {
      this.#parts.log.error({ err: error, department: this.department }, 'a frame could not be handled');
      this.#socket.close(INTERNAL_ERROR, 'internal');
    };
    try {
      void Promise.resolve(work()).catch(stumbled);
    } catch (error) {
      stumbled(error);
    }
  }

  /** Tells the runtime which assets and points its department has. */
  sendCatalogue(): void {
    const assets = this.#parts.directory.ofDepartment(this.department).map(catalogueAsset);
    this.#send({ type: 'catalogue', department: this.department, assets });
  }

  /** Passes on what the runtime watches and its department may know. */
  push(events: readonly LiveEvent[]): void {
    for (const answer of linkEvents(events, this.department, this.#parts.directory)) {
      const isWatched = answer.type === 'decision' ? this.#watched.decisions : this.#watched.commands;
      if (isWatched) this.#send(answer);
    }
  }

  /** Sends an event of a schedule; resolves with whether the runtime has taken it within five seconds. */
  deliver(run: ScheduleRun): Promise<boolean> {
    if (!this.#watched.runs) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (isTaken: boolean): void => {
        cancel();
        this.#untaken.delete(run.runId);
        resolve(isTaken);
      };
      const cancel = this.#parts.clock.after(TAKEN_WITHIN_MS, () => end(false));
      this.#untaken.set(run.runId, () => end(true));
      this.#send({ type: 'run', run });
    });
  }

  #take(request: LinkRequest): void {
    switch (request.type) {
      case 'readings':
        return this.#guard(() => this.#takeReadings(request.seq, request.readings));
      case 'watch':
        this.#watched = { decisions: request.decisions, commands: request.commands, runs: request.runs };
        return;
      case 'flows':
        return this.#onFlows(request.state);
      case 'taken':
        return this.#untaken.get(request.run)?.();
      case 'request':
        return this.#guard(() => this.#takeRequest(request.id, request.request));
    }
  }

  async #takeReadings(seq: number, raw: readonly unknown[]): Promise<void> {
    if (this.#underWay + raw.length > LINK_CREDIT)
      return this.#refuseBatch(seq, raw.length, `more than ${LINK_CREDIT} readings are under way`);
    const { taken, refused } = this.#checkReadings(raw);
    this.#underWay += raw.length;
    try {
      if (taken.length > 0) await this.#parts.inputs.append({ kind: 'readings', readings: taken });
    } catch (error) {
      return this.#refuseBatch(seq, raw.length, error instanceof Error ? error.message : 'the log is unavailable');
    } finally {
      this.#underWay -= raw.length;
    }
    const { readingsAccepted, readingsRefused } = this.#parts.metrics;
    const accepted = raw.length - refused.length;
    readingsAccepted.inc({ department: this.department }, accepted);
    for (const { problem: why } of refused) readingsRefused.inc({ department: this.department, reason: why.code });
    this.#send({ type: 'ack', seq, accepted, refused });
  }

  #checkReadings(raw: readonly unknown[]): {
    taken: Reading[];
    refused: { index: number; problem: Problem }[];
  } {
    const context = { department: this.department, directory: this.#parts.directory, now: this.#parts.clock.now() };
    const taken: Reading[] = [];
    const refused: { index: number; problem: Problem }[] = [];
    for (const [index, each] of raw.entries()) {
      const outcome = checkReading(each, context);
      const why = isProblem(outcome) ? outcome : whyAhead(outcome);
      if (why) refused.push({ index, problem: why });
      if (!isProblem(outcome)) taken.push(outcome);
    }
    return { taken, refused };
  }

  #refuseBatch(seq: number, count: number, reason: string): void {
    this.#parts.metrics.readingsRefused.inc({ department: this.department, reason: 'busy' }, count);
    this.#send({ type: 'busy', seq, retryMs: RETRY_MS, reason });
  }

  async #takeRequest(id: string, raw: unknown): Promise<void> {
    const problems = await this.#askFor(raw);
    const outcome = problems[0]?.code ?? 'accepted';
    this.#parts.metrics.flowRequests.inc({ department: this.department, outcome });
    this.#send(problems.length === 0 ? { type: 'result', id, ok: true } : { type: 'result', id, ok: false, problems });
  }

  /** Resolves with the problems, or with none once the request is in the log. */
  async #askFor(raw: unknown): Promise<Problem[]> {
    const { department } = this;
    const checked = checkRequest(raw, { department, directory: this.#parts.directory });
    if (!checked.ok) return checked.problems;
    if (this.#requests >= MOST_REQUESTS)
      return [problem('busy', '', this.#requests, `allowed are ${MOST_REQUESTS} requests at once; ask again later`)];
    this.#requests += 1;
    try {
      const actor = flowActor(department);
      await this.#parts.inputs.append({ kind: 'request', id: randomUUID(), actor, department, request: checked.value });
      return [];
    } catch (error) {
      if (!(error instanceof SignalboxError)) this.#parts.log.error({ err: error }, 'a request was not taken');
      const code = error instanceof SignalboxError ? error.code : 'log-unavailable';
      return [
        { code, path: '', message: error instanceof SignalboxError ? error.message : 'the request was not taken' },
      ];
    } finally {
      this.#requests -= 1;
    }
  }

  #send(answer: LinkAnswer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(JSON.stringify(answer));
    if (this.#socket.bufferedAmount <= MOST_WAITING_BYTES) return;
    this.#parts.log.warn({ department: this.department }, 'a flows runtime does not read its link; it was cut');
    this.#socket.terminate();
  }
}

function catalogueAsset(asset: Asset): CatalogueAsset {
  const { id, type, title, zone, location } = asset;
  const points = Object.entries(pointsOf(asset));
  const own = points
    .filter(([name]) => asset.points[name]?.value !== undefined)
    .map(([name, { value }]) => [name, value]);
  return {
    id,
    type,
    title,
    ...(zone === undefined ? {} : { zone }),
    ...(location === undefined ? {} : { location: location.coordinates }),
    points: points.map(([name]) => name),
    ...(own.length === 0 ? {} : { own: Object.fromEntries(own) }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is not JSON is nothing that the schema takes.
    return undefined;
  }
}

/** The id of a frame that means to be a request, if it has one that an answer can carry. */
function requestId(raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null || Reflect.get(raw, 'type') !== 'request') return undefined;
  const id: unknown = Reflect.get(raw, 'id');
  return typeof id === 'string' && id.length >= 1 && id.length <= 100 ? id : undefined;
}

/** A close frame carries at most 123 bytes of reason (RFC 6455, section 5.5.1). */
const closeReason = (problems: readonly Problem[]): string =>
  Buffer.from(`frame: ${describeProblems(problems)}`)
    .subarray(0, 120)
    .toString()
    .replace(/\uFFFD$/, '');
