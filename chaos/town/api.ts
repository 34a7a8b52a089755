// A person's way into a town: signed in, taking a point by hand.
import { HAND_DEVICE, pointOfDevice } from './assets.ts';

/** The password of the account `admin`. */
export const PASSWORD = 'chaos-password-1';

/** Longer than the API may take, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Signs in; resolves with the cookie. */
export async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'admin', password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`cannot sign in: ${answer.status}`);
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** Takes a point by hand; resolves with the status and the time until the answer. */
export async function askApi({
  url,
  cookie,
}: {
  url: string;
  cookie: string;
}): Promise<{ status: number; ms: number }> {
  const begun = performance.now();
  const answer = await fetch(`${url}/api/points/${encodeURIComponent(pointOfDevice(HAND_DEVICE))}/claims`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ value: 0, leaseSeconds: 1, reason: 'chaos' }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  await answer.body?.cancel();
  return { status: answer.status, ms: performance.now() - begun };
}
