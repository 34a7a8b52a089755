import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';

import { isPublicAddress, postWebhook } from './post-webhook.ts';

const post = { url: 'http://crews.example/', messageId: 'm', body: '{}', mayBePrivate: false, now: 0 };

const NOT_PUBLIC =
  `127.0.0.1 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1
  255.255.255.255 198.18.0.1 192.0.2.1 ::1 :: fe80::1 fd00::1 ff02::1 ::ffff:127.0.0.1 ::ffff:9.9.9.9 64:ff9b::7f00:1
  2002:7f00:1:: 2001:db8::1 2001:0::1 crews.example`.split(/\s+/);

it.each(NOT_PUBLIC)('%s is not a public address', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

it.each(['9.9.9.9', '172.32.0.1', '100.63.255.255', '2620:fe::fe', '2a00:1450:4001::1'])(
  '%s is a public address',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

it.each(['http://127.0.0.1:1/', 'http://[::1]:1/', 'http://2130706433/', 'http://0x7f.1/', 'http://localhost/'])(
  '%s is refused without a connection, however it is written',
  async (url) => {
    expect(await postWebhook({ ...post, url })).toMatchObject({
      isForbidden: true,
      why: expect.stringContaining('not a public address'),
    });
  },
);

it('says what went wrong on the way to the other system, and that it may be tried again', async () => {
  expect(await postWebhook({ ...post, lookUp: async () => [] })).toEqual({
    why: 'crews.example has no address',
    isForbidden: false,
  });
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const address = gone.address();
  const port = typeof address === 'object' ? address?.port : 0;
  await new Promise((resolve) => gone.close(resolve));
  expect(await postWebhook({ ...post, url: `http://127.0.0.1:${port}`, mayBePrivate: true })).toMatchObject({
    why: expect.stringContaining('ECONNREFUSED'),
    isForbidden: false,
  });
});

it('does not wait for an answer without end', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n');
    const pour = (): void => void socket.write('x'.repeat(32_768), () => !socket.destroyed && pour());
    pour();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  expect(await postWebhook({ ...post, url: `http://127.0.0.1:${port}`, mayBePrivate: true })).toEqual({ status: 200 });
});
