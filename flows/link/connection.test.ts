import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { eventually } from '../../test/eventually.ts';
import { ManualClock } from '../../test/manual-clock.ts';
import { Connection } from './connection.ts';

it('leaves a core that answers no ping, and comes back', async () => {
  const { clock, events } = await pingedOnce({ autoPong: false });
  clock.advance(10_000);
  await eventually(() => {
    clock.advance(100);
    expect(events).toEqual(['open', 'echo', 'close', 'open']);
  });
});

it('stays with a core that answers, and asks again', async () => {
  const { clock, events, pings } = await pingedOnce({ autoPong: true });
  clock.advance(10_000);
  await eventually(() => expect(pings()).toBe(2));
  expect(events).toEqual(['open', 'echo']);
});

it('leaves no timer behind when it is stopped', async () => {
  const { url } = await startServer(true);
  const { clock, events, connection } = connect(url);
  await eventually(() => expect(events).toEqual(['open']));
  await connection.stop();
  await connection.stop();
  expect([events, clock.waiting]).toEqual([['open', 'close'], 0]);
});

/** A connection on which the first ping, and its answer if there is one, have travelled. */
async function pingedOnce({ autoPong }: { autoPong: boolean }) {
  const { url, pings } = await startServer(autoPong);
  const { clock, events, connection } = connect(url);
  await eventually(() => expect(events).toEqual(['open']));
  clock.advance(10_000);
  await eventually(() => expect(pings()).toBe(1));
  // Frames keep their order, so the pong is here before the echo.
  connection.send('are you there?');
  await eventually(() => expect(events.at(-1)).toBe('echo'));
  return { clock, events, pings };
}

async function startServer(autoPong: boolean): Promise<{ url: string; pings: () => number }> {
  const http = createServer().listen(0, '127.0.0.1');
  const server = new WebSocketServer({ server: http, autoPong });
  let pings = 0;
  server.on('connection', (socket) => {
    socket.on('ping', () => (pings += 1));
    socket.on('message', () => socket.send('yes'));
  });
  await once(http, 'listening');
  onTestFinished(async () => {
    for (const client of server.clients) client.terminate();
    http.close();
    await once(http, 'close');
  });
  const address = http.address();
  return { url: `ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, pings: () => pings };
}

function connect(url: string): { clock: ManualClock; events: string[]; connection: Connection } {
  const clock = new ManualClock();
  const events: string[] = [];
  const connection = new Connection({
    url,
    token: 'a-token-for-tests',
    clock,
    random: () => 0,
    onOpen: () => events.push('open'),
    onClose: () => events.push('close'),
    onText: () => events.push('echo'),
    onTrouble: () => undefined,
  });
  connection.start();
  onTestFinished(() => connection.stop());
  return { clock, events, connection };
}
