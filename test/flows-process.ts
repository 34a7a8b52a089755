// The program flows:<department> as a real process, with a broker that lets it hear its own department only.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Aedes } from 'aedes';
import { SignJWT } from 'jose';

const ROOT = join(import.meta.dirname, '..');

/** A running flows program. */
export interface FlowsProcess {
  url: string;
  child: ChildProcess;
  /** Everything it wrote, as parsed JSON lines; other lines as text. */
  log: unknown[];
  /** Ends it as the launcher does; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts the program with this environment and nothing else of ours; resolves when its editor can be reached. */
export async function startFlows(env: Record<string, string>): Promise<FlowsProcess> {
  buildPaletteIfStale();
  const child = spawn(process.execPath, [join(ROOT, 'flows/host/main.ts')], {
    env: { PATH: process.env['PATH'] ?? '', HOME: env['SIGNALBOX_FLOWS_DIR'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const log: unknown[] = [];
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = parseLine(line);
      log.push(entry);
      if (typeof entry === 'object' && entry !== null && 'port' in entry) resolve(Number(entry.port));
    });
    child.once('exit', () => reject(new Error(`the flows ended before they could be reached: ${JSON.stringify(log)}`)));
  });
  return { url: `http://127.0.0.1:${port}`, child, log, stop };
}

/** A broker, its address with the credentials that it takes, and its end. */
export interface TestBroker {
  url: string;
  broker: Aedes;
  /** Every topic that was subscribed to so far. */
  subscriptions: string[];
  stop(): Promise<void>;
}

/** An MQTT broker for one department's flows: `user` and `password` are needed, and only its telemetry may be heard. */
export async function startBroker(department: string, password: string): Promise<TestBroker> {
  const broker = await Aedes.createBroker({
    authenticate: (_client, user, given, done) => done(null, user === department && given?.toString() === password),
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, subscription.topic === `signalbox/v1/${department}/+/telemetry` ? subscription : null),
  });
  const subscriptions: string[] = [];
  broker.on('subscribe', (topics) => void subscriptions.push(...topics.map(({ topic }) => topic)));
  const server = createServer(broker.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `mqtt://${department}:${password}@127.0.0.1:${port}`,
    broker,
    subscriptions,
    async stop() {
      await new Promise<void>((resolve) => broker.close(resolve));
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What the gateway hands to a department's Node-RED with each request. */
export const assertionFor = (
  token: string,
  department: string,
  { permissions = '*', expires = '60 s' }: { permissions?: string; expires?: string } = {},
): Promise<string> =>
  new SignJWT({ permissions })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('signalbox')
    .setAudience(`flows:${department}`)
    .setSubject('ann')
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(createHash('sha256').update(token).digest());

/** `npm test` has built it; a test that is run alone builds it when a source is newer. */
function buildPaletteIfStale(): void {
  const folder = join(ROOT, 'nodes');
  if (newestIn(join(folder, 'dist')) >= Math.max(newestIn(folder), newestIn(join(ROOT, 'engine/model')))) return;
  const built = spawnSync('npm', ['run', 'build', '-w', 'nodes'], { cwd: ROOT, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the palette cannot be built: ${built.stdout}${built.stderr}`);
}

function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !(folder.endsWith('nodes') && entry.parentPath.includes('dist')),
  );
  return Math.max(0, ...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Some part of Node-RED wrote to the console by itself.
    return line;
  }
}
