// Errors as HTTP answers: application/problem+json (RFC 9457), never a stack trace.
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';

import { SignalboxError } from '../../engine/model/errors.ts';
import type { Problem } from '../../engine/model/result.ts';

/** The largest request body, in bytes. */
export const BODY_LIMIT_BYTES = 1_048_576;

/** The body of an error's answer. */
export interface ProblemAnswer {
  /** `urn:signalbox:error:<code>`; docs/errors.md explains each code. */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  /** All problems of a document, where there are some. */
  problems?: Problem[];
  /** With `version-conflict`: the newest version and the one the change was based on. */
  found?: number;
  expected?: number;
}

/** A rejected document with all its problems: answered as 422. */
export const invalid = (what: string, problems: readonly Problem[]): SignalboxError =>
  new SignalboxError('invalid', { what, problems });

/** The answer's body for an error of the catalogue. */
export function problemAnswer(error: SignalboxError): ProblemAnswer {
  const { problems, found, expected } = error.details;
  return {
    type: `urn:signalbox:error:${error.code}`,
    title: error.code.replaceAll('-', ' '),
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error.code === 'invalid' && Array.isArray(problems) ? { problems } : {}),
    ...(error.code === 'version-conflict' ? { found: Number(found), expected: Number(expected) } : {}),
  };
}

/** Headers that go with an error: when to come back. */
export function problemHeaders(error: SignalboxError): Record<string, string> {
  const seconds = error.code === 'too-many-attempts' ? Number(error.details['seconds'] ?? 1) : 1;
  return {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    ...(error.status === 503 || error.status === 429 ? { 'retry-after': String(seconds) } : {}),
    ...(error.status === 401 ? { 'www-authenticate': 'Cookie' } : {}),
  };
}

/** Turns whatever was thrown into an error of the catalogue; what nobody foresaw becomes `internal`. */
export function toSignalboxError(thrown: unknown): SignalboxError {
  // Texts of the other 500s name files and internals of this machine.
  if (thrown instanceof SignalboxError)
    return thrown.status === 500 ? new SignalboxError('internal', {}, { cause: thrown }) : thrown;
  const { status, type } = readHttpError(thrown);
  if (type === 'entity.too.large') return new SignalboxError('too-large', { limit: BODY_LIMIT_BYTES });
  if (type === 'entity.parse.failed')
    return invalid('The request', [{ code: 'json', path: '', message: 'the body is not JSON' }]);
  if (status !== undefined && status >= 400 && status < 500)
    return invalid('The request', [{ code: 'request', path: '', message: 'the request cannot be read' }]);
  return new SignalboxError('internal', {}, { cause: thrown });
}

/** The last route: nothing here. */
export const notFound: RequestHandler = (request) => {
  throw new SignalboxError('not-found', { what: `${request.method} ${request.path.slice(0, 200)}` });
};

/** Express's error handler: logs what is ours to mend, answers everything. */
export const answerErrors =
  (log: Logger): ErrorRequestHandler =>
  (thrown: unknown, request, response, next) => {
    const error = toSignalboxError(thrown);
    if (error.status >= 500)
      log.error({ err: error.cause ?? error, method: request.method, path: request.path }, 'request failed');
    if (response.headersSent) return next(thrown);
    response
      .status(error.status)
      .set(problemHeaders(error))
      .end(JSON.stringify(problemAnswer(error)));
  };

/** What body-parser and Express's router attach to their errors (package http-errors). */
function readHttpError(thrown: unknown): { status?: number; type?: string } {
  if (!(thrown instanceof Error)) return {};
  return {
    ...('status' in thrown && typeof thrown.status === 'number' ? { status: thrown.status } : {}),
    ...('type' in thrown && typeof thrown.type === 'string' ? { type: thrown.type } : {}),
  };
}
