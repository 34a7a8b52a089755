// Refuses requests that another site's page makes a browser send: every change, and every websocket.
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';

import { SignalboxError } from '../../engine/model/errors.ts';
import type { TrustProxy } from './trusted-proxies.ts';

/** Methods that change nothing (RFC 9110, section 9.2.1). OPTIONS is left out: no other site has anything to ask. */
const SAFE_METHODS = new Set(['GET', 'HEAD']);

/**
 * Where a request says it comes from, when that is not this site.
 *
 * @returns the foreign origin, or undefined when the request is our own page's or no browser's
 */
export function foreignOrigin(request: IncomingMessage, trust: TrustProxy): string | undefined {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== ownHost(request, trust)))
    return origin.slice(0, 100);
  // Browsers set Sec-Fetch-Site themselves; `none` is the address bar (https://www.w3.org/TR/fetch-metadata/).
  return site === 'cross-site' || site === 'same-site' ? `a ${site} page` : undefined;
}

/** Throws `foreign-origin` for a change that another site's page asked for. */
export const refuseForeignOrigins =
  (trust: TrustProxy): RequestHandler =>
  (request, _response, next) => {
    const origin = SAFE_METHODS.has(request.method) ? undefined : foreignOrigin(request, trust);
    if (origin !== undefined) throw new SignalboxError('foreign-origin', { origin });
    next();
  };

/** The host that the browser asked for; as a trusted proxy says, if there is one. */
function ownHost(request: IncomingMessage, trust: TrustProxy): string | undefined {
  const forwarded = request.headers['x-forwarded-host'];
  const trusted = forwarded !== undefined && trust(request.socket.remoteAddress ?? '', 0);
  const host = trusted ? String(forwarded).split(',')[0]?.trim() : request.headers.host;
  // Through URL, as the origin went, so that a default port is left out on both sides.
  const read = `http://${host ?? ''}`;
  return URL.canParse(read) ? new URL(read).host : undefined;
}
