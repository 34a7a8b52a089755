// Talks to the box's own API and turns every answer into a value or a failure that views can show.
import type { Role } from '../../engine/model/actor.ts';
import type { CommandRecord } from '../../engine/model/command.ts';
import type { Decision } from '../../engine/model/decision.ts';
import type { MessageRecord } from '../../engine/model/one-shot.ts';
import type { Reading } from '../../engine/model/reading.ts';
import type { StandDownScope } from '../../engine/model/restraint.ts';
import type { Problem } from '../../engine/model/result.ts';

/** What went wrong. `status` 0 means that nobody answered. */
export interface Failure {
  status: number;
  /** The answer's own words, in English; empty when there are none. */
  detail: string;
  /** All problems of a refused document. */
  problems: Problem[];
  /** Seconds after which another try makes sense, from Retry-After. */
  retrySeconds?: number;
}

/** An answer, or what went wrong. */
export type Answer<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** Who is signed in, and what the box says about itself. */
export interface SessionView {
  name: string;
  roles: Record<string, Role[]>;
  /** True while the city is simulated. */
  demo?: boolean;
  /** The city's name. */
  city?: string;
  /** The city's time zone, an IANA name. */
  timeZone?: string;
}

/** One version of a rule as the API lists it. */
export interface RuleDocument {
  id: string;
  department: string;
  version: number;
  body: unknown;
  /** Milliseconds since the epoch. */
  changedAt: number;
  changedBy: string;
}

/** One command with everything that stands behind it. */
export interface CommandTrace extends CommandRecord {
  decision?: Decision | null;
  readings: Reading[];
}

const listeners = new Set<() => void>();

/** Calls the listener whenever an answer says that nobody is signed in (any more). Returns a function that ends it. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Who am I? */
export const readSession = (): Promise<Answer<SessionView>> => ask('GET', '/api/session');
/** Opens a session. */
export const openSession = (name: string, password: string): Promise<Answer<SessionView>> =>
  ask('POST', '/api/session', { body: { name, password } });
/** Ends the session. */
export const closeSession = (): Promise<Answer<undefined>> => ask('DELETE', '/api/session');

/** Confirms, as another person, what one has asked for that needs two. */
export const confirmWish = (id: string): Promise<Answer<unknown>> =>
  ask('POST', `/api/confirmations/${encodeURIComponent(id)}/confirm`, { body: {} });
/** Declines it, or takes it back. */
export const declineWish = (id: string, reason: string): Promise<Answer<unknown>> =>
  ask('POST', `/api/confirmations/${encodeURIComponent(id)}/decline`, { body: { reason } });

/** Stands a part of the city down; `recorded` is false while the record plane is away. */
export const standDown = (scope: StandDownScope, reason: string): Promise<Answer<{ recorded: boolean }>> =>
  ask('POST', '/api/stand-downs', { body: { scope, reason } });
/** Takes an asset out of service, with all that hangs on it. */
export const takeOutOfService = (asset: string, reason: string): Promise<Answer<unknown>> =>
  ask('POST', `/api/assets/${encodeURIComponent(asset)}/out-of-service`, { body: { reason } });
/** Asks for the end of one of them. */
export const endRestraint = (id: string, reason: string): Promise<Answer<{ ended: boolean }>> =>
  ask('POST', `/api/restraints/${id.split('/').map(encodeURIComponent).join('/')}/end`, { body: { reason } });

/** A command's whole trace. */
export const readCommand = (commandId: string): Promise<Answer<CommandTrace>> =>
  ask('GET', `/api/commands/${encodeURIComponent(commandId)}`);

/** All rules that one may read, newest versions. */
export const listRules = (): Promise<Answer<{ documents: RuleDocument[] }>> => ask('GET', '/api/rules');
/** One rule's newest version. */
export const readRule = (id: string): Promise<Answer<RuleDocument>> => ask('GET', rulePath(id));
/** Saves a rule over `version`; 409 when another version came in between, 422 with all problems. */
export const saveRule = (id: string, version: number, body: unknown): Promise<Answer<RuleDocument>> =>
  ask('PUT', rulePath(id), { body, version });

/** Says that one has seen these alarms, at most 1,000. */
export const acknowledgeAlarms = (alarms: readonly string[]): Promise<Answer<{ gone: string[] }>> =>
  ask('POST', '/api/alarms/acknowledge', { body: { alarms } });
/** Puts an alarm aside. `duration` from 1 min to 24 h. */
export const shelveAlarm = (
  alarm: string,
  body: { duration: string; reason: string },
): Promise<Answer<{ request: string }>> => ask('POST', `${alarmPath(alarm)}/shelf`, { body });
/** Takes an alarm back from the shelf. */
export const unshelveAlarm = (alarm: string): Promise<Answer<{ request: string }>> =>
  ask('DELETE', `${alarmPath(alarm)}/shelf`);
/** What became of the messages that told of an alarm. */
export const readAlarmMessages = (alarm: string): Promise<Answer<{ messages: MessageRecord[] }>> =>
  ask('GET', `${alarmPath(alarm)}/messages`);

const alarmPath = (alarm: string): string => `/api/alarms/${encodeURIComponent(alarm)}`;
const rulePath = (id: string): string => `/api/rules/${id.split('/').map(encodeURIComponent).join('/')}`;

async function ask<T>(
  method: string,
  path: string,
  { body, version }: { body?: unknown; version?: number } = {},
): Promise<Answer<T>> {
  const headers = new Headers({ accept: 'application/json' });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (version !== undefined) headers.set('if-match', `"${version}"`);
  try {
    const response = await fetch(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 401 && path !== '/api/session') for (const listener of listeners) listener();
    if (!response.ok) return { ok: false, failure: await failureOf(response) };
    // The server is ours and of the same release: its answers have the declared shape.
    const value: T = response.status === 204 ? undefined : await response.json();
    return { ok: true, value };
  } catch {
    return { ok: false, failure: { status: 0, detail: '', problems: [] } };
  }
}

async function failureOf(response: Response): Promise<Failure> {
  const answer: unknown = await response.json().catch(() => undefined);
  const retrySeconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    status: response.status,
    detail: textAt(answer, 'detail'),
    problems: problemsIn(answer),
    ...(Number.isFinite(retrySeconds) ? { retrySeconds } : {}),
  };
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

function textAt(value: unknown, name: string): string {
  const found = fieldOf(value, name);
  return typeof found === 'string' ? found : '';
}

function problemsIn(answer: unknown): Problem[] {
  const problems = fieldOf(answer, 'problems');
  if (!Array.isArray(problems)) return [];
  return problems.map((problem: unknown) => ({
    code: textAt(problem, 'code'),
    path: textAt(problem, 'path'),
    message: textAt(problem, 'message'),
  }));
}
