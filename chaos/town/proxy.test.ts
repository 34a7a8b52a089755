import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';

import { Proxy } from './proxy.ts';

/** A server that answers every chunk in capitals, behind a proxy, with a client. */
async function aLine() {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      heard.push(chunk.toString());
      socket.write(chunk.toString().toUpperCase());
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const proxy = new Proxy(typeof address === 'object' ? (address?.port ?? 0) : 0);
  await proxy.start();
  const client = await join(proxy);
  onTestFinished(async () => {
    client.destroy();
    await proxy.stop();
    server.close();
  });
  return { heard, proxy, client };
}

async function join(proxy: Proxy): Promise<Socket> {
  const client = connect(proxy.port, '127.0.0.1');
  await once(client, 'connect');
  return client;
}

it('passes questions and answers on', async () => {
  const { client } = await aLine();
  client.write('hello');
  expect(String((await once(client, 'data'))[0])).toBe('HELLO');
});

it('delivers what is said while replies are lost, then breaks the connection', async () => {
  const { client, heard, proxy } = await aLine();
  const answers: string[] = [];
  client.on('data', (chunk) => answers.push(chunk.toString()));
  const closed = once(client, 'close');
  const cut = proxy.loseReplies(200);
  client.write('now');
  await vi.waitFor(() => expect(heard).toEqual(['now']));
  await cut;
  await closed;
  expect(answers).toEqual([]);
});

it('works for new connections after a cut', async () => {
  const { proxy } = await aLine();
  await proxy.loseReplies(1);
  const client = await join(proxy);
  client.write('again');
  expect(String((await once(client, 'data'))[0])).toBe('AGAIN');
  client.destroy();
});
