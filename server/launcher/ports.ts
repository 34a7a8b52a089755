// Finds loopback ports that nobody uses.
import { createServer } from 'node:net';
import { once } from 'node:events';

/** A loopback TCP port (1024-65535) that was free a moment ago. Throws when the system has none. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system gave no TCP port');
  return address.port;
}

/** True when `port` can be listened on at `host` now. */
export async function isPortFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  const free = new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, host, () => resolve(true));
  });
  if (!(await free)) return false;
  server.close();
  await once(server, 'close');
  return true;
}
