// Who is asking: finds the session behind a request's cookie.
import type { IncomingMessage } from 'node:http';
import { parseCookie } from 'cookie';
import type { Request, RequestHandler, Response } from 'express';

import type { Account } from '../../engine/index.ts';
import type { Actor, Verb } from '../../engine/model/actor.ts';
import { may } from '../../engine/model/actor.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import { SESSION_MS, type Sessions } from '../accounts/sessions.ts';

/** The name of our cookie. No script can read it, no other site can make a browser send it. */
export const SESSION_COOKIE = 'signalbox_session';

/** A person with an open session. */
export interface SignedIn {
  account: Account;
  actor: Actor;
  token: string;
}

/** Finds out who asks, and asks whether they may. */
export class Authentication {
  readonly #sessions: Sessions;
  readonly #known = new WeakMap<IncomingMessage, SignedIn>();

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /** Who is signed in behind this request, or undefined. Works for websocket upgrades too. */
  async identify(request: IncomingMessage): Promise<SignedIn | undefined> {
    const known = this.#known.get(request);
    if (known) return known;
    const token = sessionToken(request);
    const account = token === undefined ? undefined : await this.#sessions.find(token);
    if (token === undefined || !account) return undefined;
    const actor: Actor = { kind: 'person', id: account.name, roles: account.roles };
    const signedIn = { account, actor, token };
    this.#known.set(request, signedIn);
    return signedIn;
  }

  /** Asks the store again: false once the session has ended or been closed. */
  async isStillSignedIn(token: string): Promise<boolean> {
    return (await this.#sessions.find(token)) !== undefined;
  }

  /** Lets only signed-in people pass; throws `not-signed-in` otherwise. */
  readonly required: RequestHandler = async (request, _response, next) => {
    if (!(await this.identify(request))) throw new SignalboxError('not-signed-in');
    next();
  };

  /** The person behind a request that passed `required`. Throws `not-signed-in` for any other. */
  signedIn(request: Request): SignedIn {
    const known = this.#known.get(request);
    if (!known) throw new SignalboxError('not-signed-in');
    return known;
  }
}

/** Throws `forbidden` with the reason unless the actor may. */
export function demand(actor: Actor, verb: Verb, department: string): void {
  const permission = may(actor, verb, department);
  if (!permission.allowed) throw new SignalboxError('forbidden', { reason: permission.reason });
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
