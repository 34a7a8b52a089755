// Who is at the editor: the gateway says so in a short-lived signed assertion; this process never sees a session.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { jwtVerify } from 'jose';
import { z } from 'zod';

/** The header that carries the assertion. */
export const ASSERTION_HEADER = 'x-signalbox-assertion';

/** How far the two machines' clocks may differ, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** The longest an assertion may be good for, in seconds, whatever it says itself. */
const LONGEST_SECONDS = 300;

/** A person, as Node-RED wants it. */
export interface EditorUser {
  username: string;
  /** `*`, `read`, or Node-RED's own names of permissions. */
  permissions: string | string[];
}

/** Resolves with the person that an assertion names, or null when it is not valid here. */
export type ReadUser = (assertion: string) => Promise<EditorUser | null>;

const claimsSchema = z.object({
  sub: z.string().min(1).max(128),
  permissions: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
});

/**
 * Makes the function that checks assertions for one department: HS256 with the SHA-256 of the link token, issuer
 * `signalbox`, audience `flows:<department>`.
 *
 * @returns a function that resolves with the person, or null for anything that is not a valid assertion
 */
export function assertionReader(department: string, linkToken: string): ReadUser {
  const key = createHash('sha256').update(linkToken).digest();
  return async (assertion) => {
    try {
      const { payload } = await jwtVerify(assertion, key, {
        algorithms: ['HS256'],
        issuer: 'signalbox',
        audience: `flows:${department}`,
        requiredClaims: ['exp', 'iat'],
        maxTokenAge: LONGEST_SECONDS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      const claims = claimsSchema.parse(payload);
      return { username: claims.sub, permissions: claims.permissions };
    } catch {
      // Expired, forged or meant for somebody else: to Node-RED all are "nobody".
      return null;
    }
  };
}

/** The assertion of a request, which has it no longer; empty when there was none. */
export function takeAssertion(request: IncomingMessage): string {
  const { [ASSERTION_HEADER]: assertion } = request.headers;
  delete request.headers[ASSERTION_HEADER];
  const isAssertion = (index: number) => request.rawHeaders[index - (index % 2)]?.toLowerCase() === ASSERTION_HEADER;
  request.rawHeaders = request.rawHeaders.filter((_, index) => !isAssertion(index));
  return typeof assertion === 'string' ? assertion : '';
}
