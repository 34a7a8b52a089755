import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from './ports.ts';
import { untilSilent } from './silence.ts';

const QUICK = { everyMs: 10, answerMs: 500, silentMs: 200, firstMs: 60_000 };
const SOON = { timeout: 30_000, interval: 10 };

it('takes any answer as a sign of life, and notices when none comes any more', async () => {
  let questions = 0;
  let isBlocked = false;
  const url = await serve((_request, response) => {
    questions += 1;
    if (!isBlocked) response.writeHead(503).end();
  });
  let isSilent = false;
  const silent = untilSilent(url, AbortSignal.timeout(30_000), QUICK).then(() => (isSilent = true));
  const until = performance.now() + 3 * QUICK.silentMs;
  await expect.poll(() => performance.now() > until && questions >= 10, SOON).toBe(true);
  expect(isSilent).toBe(false);

  isBlocked = true;
  const answered = questions;
  await silent;
  expect(questions - answered).toBeGreaterThanOrEqual(3);
});

it('waits for three questions without an answer, however much time has passed', async () => {
  let questions = 0;
  const url = await serve((_request, response) => {
    questions += 1;
    // Two of three find nobody.
    if (questions % 3 === 0) response.end();
    else response.destroy();
  });
  const watch = new AbortController();
  let isSilent = false;
  const silent = untilSilent(url, watch.signal, { ...QUICK, silentMs: 0, firstMs: 0 }).then(() => (isSilent = true));
  await expect.poll(() => isSilent || questions > 30, SOON).toBe(true);
  expect(isSilent).toBe(false);
  watch.abort();
  await expect(silent).rejects.toThrow('aborted');
});

it('waits longer for a first answer, and ends with its signal', async () => {
  const nobody = `http://127.0.0.1:${await freePort()}/`;
  await untilSilent(nobody, new AbortController().signal, { ...QUICK, firstMs: 50 });
  await expect(untilSilent(nobody, AbortSignal.timeout(500), QUICK)).rejects.toThrow('aborted');
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
}
