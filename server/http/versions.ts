// Versions over HTTP: an ETag says which version was read, If-Match which one was changed (RFC 9110, section 13).
import type { Request } from 'express';

import { SignalboxError } from '../../engine/model/errors.ts';
import { invalid } from './problems.ts';

/** A version as a strong ETag: `"3"`. */
export const etagOf = (version: number): string => `"${version}"`;

/**
 * The version that a change was based on: 0 for a new document (`If-None-Match: *`).
 *
 * @throws SignalboxError `version-missing` without either header, `invalid` for one that cannot be read
 */
export function expectedVersion(request: Request): number {
  const match = request.get('if-match');
  const noneMatch = request.get('if-none-match');
  if (match === undefined && noneMatch === undefined) throw new SignalboxError('version-missing');
  if (match === undefined && noneMatch?.trim() === '*') return 0;
  const version = /^"([1-9]\d{0,8})"$/.exec(match?.trim() ?? '')?.[1];
  if (version !== undefined && noneMatch === undefined) return Number(version);
  throw invalid('The request', [
    {
      code: 'if-match',
      path: '',
      message: 'allowed is If-Match: "<version>" for a change, or If-None-Match: * for a new document; one of them',
    },
  ]);
}

/** True when the reader already has this version (`If-None-Match: "3"`, weak or strong, one or several). */
export const isKnownToReader = (request: Request, version: number): boolean =>
  (request.get('if-none-match') ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etagOf(version));
