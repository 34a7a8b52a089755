// Who is asking: finds the session behind a request's cookie, or the token in its Authorization header.
import type { IncomingMessage } from 'node:http';
import { parseCookie } from 'cookie';
import type { Request, RequestHandler, Response } from 'express';

import type { TokenStore } from '../../engine/index.ts';
import type { Actor, Verb } from '../../engine/model/actor.ts';
import { may } from '../../engine/model/actor.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import { hashSecret } from '../accounts/secrets.ts';
import { SESSION_MS, type Sessions } from '../accounts/sessions.ts';

/** The name of our cookie. No script can read it, no other site can make a browser send it. */
export const SESSION_COOKIE = 'signalbox_session';

/** How a machine's secret begins, so that scanners of published code know it: `sbx_` and 43 characters. */
export const TOKEN_PREFIX = 'sbx_';

/** How long ago the password was given at most when somebody does what is dangerous, in minutes. */
const CONFIRMED_MINUTES = 15;

/** A person with an open session, or a machine with a token. */
export interface SignedIn {
  actor: Actor;
  /** The session's token; undefined for a machine. */
  session: string | undefined;
  /** When the person gave the password last; milliseconds since the epoch. */
  confirmedAt: number;
  /** Asks the store again: false once the session or the token has ended. */
  isStillWelcome: () => Promise<boolean>;
}

/** What is needed to find out who asks. */
export interface AuthenticationParts {
  sessions: Sessions;
  tokens: Pick<TokenStore, 'find'>;
  clock: Clock;
}

/** Finds out who asks, and asks whether they may. */
export class Authentication {
  readonly #sessions: Sessions;
  readonly #tokens: Pick<TokenStore, 'find'>;
  readonly #clock: Clock;
  readonly #known = new WeakMap<IncomingMessage, SignedIn>();

  constructor({ sessions, tokens, clock }: AuthenticationParts) {
    this.#sessions = sessions;
    this.#tokens = tokens;
    this.#clock = clock;
  }

  /** Who is signed in behind this request, or undefined. Works for websocket upgrades too. */
  async identify(request: IncomingMessage): Promise<SignedIn | undefined> {
    const known = this.#known.get(request);
    if (known) return known;
    const secret = bearerSecret(request);
    const signedIn = secret === undefined ? await this.#findPerson(request) : await this.#findMachine(secret);
    if (signedIn) this.#known.set(request, signedIn);
    return signedIn;
  }

  /** Lets only people who signed in and machines with a token pass; throws `not-signed-in` otherwise. */
  readonly required: RequestHandler = async (request, _response, next) => {
    if (!(await this.identify(request))) throw new SignalboxError('not-signed-in');
    next();
  };

  /** Whoever is behind a request that passed `required`. Throws `not-signed-in` for any other. */
  signedIn(request: Request): SignedIn {
    const known = this.#known.get(request);
    if (!known) throw new SignalboxError('not-signed-in');
    return known;
  }

  /**
   * The person behind a request, with the session. Throws `forbidden` for a machine, whatever its token is for.
   *
   * @param what what only a person may do, in words: `a password of one's own`
   */
  person(request: Request, what: string): SignedIn & { session: string } {
    const signedIn = this.signedIn(request);
    if (signedIn.session === undefined) throw new SignalboxError('forbidden', { reason: `${what} is for people only` });
    return { ...signedIn, session: signedIn.session };
  }

  /**
   * The person behind a dangerous request, who gave the password within the last 15 minutes.
   * Throws `confirm-first` when that is longer ago, and `forbidden` for a machine.
   *
   * @param what what is dangerous, in words: `giving roles`
   */
  confirmed(request: Request, what: string): SignedIn & { session: string } {
    const person = this.person(request, what);
    if (this.#clock.now() - person.confirmedAt > CONFIRMED_MINUTES * 60_000)
      throw new SignalboxError('confirm-first', { what, minutes: CONFIRMED_MINUTES });
    return person;
  }

  async #findPerson(request: IncomingMessage): Promise<SignedIn | undefined> {
    const session = sessionToken(request);
    const found = session === undefined ? undefined : await this.#sessions.find(session);
    if (session === undefined || !found) return undefined;
    const { account, confirmedAt } = found;
    return {
      actor: { kind: 'person', id: account.name, roles: account.roles },
      session,
      confirmedAt,
      isStillWelcome: async () => (await this.#sessions.find(session)) !== undefined,
    };
  }

  async #findMachine(secret: string): Promise<SignedIn | undefined> {
    const find = () => this.#tokens.find(hashSecret(secret), this.#clock.now());
    const token = await find();
    if (!token) return undefined;
    return {
      actor: { kind: 'token', id: token.id, roles: {}, verbs: token.verbs },
      session: undefined,
      confirmedAt: 0,
      isStillWelcome: async () => (await find()) !== undefined,
    };
  }
}

/**
 * Throws unless the actor may do this to a thing that was looked up: `forbidden` where they may read the department,
 * `not-found` elsewhere, as if it did not exist.
 *
 * @param thing.what as the same route says it of what does not exist: `order 17`
 */
export function demandOf(actor: Actor, verb: Verb, { department, what }: { department: string; what: string }): void {
  if (!may(actor, 'read', department).allowed) throw new SignalboxError('not-found', { what });
  demand(actor, verb, department);
}

/** Throws `forbidden` with the reason unless the actor may. */
export function demand(actor: Actor, verb: Verb, department: string): void {
  const permission = may(actor, verb, department);
  if (!permission.allowed) throw new SignalboxError('forbidden', { reason: permission.reason });
}

/**
 * The secret of ours in a request's Authorization header (RFC 6750), an empty one where it is not whole.
 * What others put there, Node-RED's editor for one, is not ours to judge.
 */
function bearerSecret(request: IncomingMessage): string | undefined {
  const [, secret] = /^Bearer (sbx_.*)$/i.exec(request.headers.authorization ?? '') ?? [];
  return secret === undefined || /^sbx_[\w-]{43}$/.test(secret) ? secret : '';
}

/** The session's token in the request's cookies, or undefined. */
function sessionToken(request: IncomingMessage): string | undefined {
  const token = parseCookie(request.headers.cookie ?? '')[SESSION_COOKIE];
  return token !== undefined && /^[\w-]{43}$/.test(token) ? token : undefined;
}

/** Hands the browser its session, or takes it back when `token` is undefined. */
export function setSessionCookie(request: Request, response: Response, token: string | undefined): void {
  const options = { httpOnly: true, sameSite: 'strict', path: '/', secure: request.secure } as const;
  if (token === undefined) response.clearCookie(SESSION_COOKIE, options);
  else response.cookie(SESSION_COOKIE, token, { ...options, maxAge: SESSION_MS });
}
