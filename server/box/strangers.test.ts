// Whoever may write functions in one department reaches no other department and not the platform: every process real, as root.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';

import { assertionFor, startFlows, type FlowsProcess } from '../../test/flows-process.ts';
import { findRedisServer } from '../../test/redis.ts';
import { ATTEMPTS, FUNCTION_NODE, type Attempt, type Target } from '../../test/stranger-attempts.ts';
import { makeTempFolder, type TempFolder } from '../../test/temp-folder.ts';
import { freePort } from '../launcher/ports.ts';

const ROOT = join(import.meta.dirname, '../..');
const SOON = { timeout: 60_000, interval: 500 };
const PASSWORD = 'harbourton-test-1';

const secretsSchema = z.object({
  redisPassword: z.string(),
  linkTokens: z.record(z.string(), z.string()),
  mqttPasswords: z.record(z.string(), z.string()),
});
const outcomeSchema = z.union([z.strictObject({ loot: z.string() }), z.strictObject({ error: z.string() })]);

/** A page that runs what it is sent, inside a function node. */
const page = (url: string, func: string) => [
  { id: 'tab', type: 'tab', label: 'Page', disabled: false, info: '' },
  { id: 'in', z: 'tab', type: 'http in', url, method: func === '' ? 'get' : 'post', wires: [['f']] },
  {
    id: 'f',
    z: 'tab',
    type: 'function',
    outputs: 1,
    func: func || 'msg.payload = "theirs"; return msg;',
    wires: [['out']],
  },
  { id: 'out', z: 'tab', type: 'http response', statusCode: '', headers: {}, wires: [] },
];

describe.runIf(process.getuid?.() === 0)('from inside a function node of one department', () => {
  let folder: TempFolder;
  let launcher: ChildProcess;
  let output = '';
  let cookie: string;
  let coreUrl: string;
  let confined: Target;
  let control: Target;
  let unprotected: FlowsProcess;
  let debuggee: ChildProcess;
  let controlFolder: TempFolder;

  beforeAll(async () => {
    folder = await makeTempFolder('signalbox-strangers-');
    controlFolder = await makeTempFolder('signalbox-strangers-');
    const port = await freePort();
    coreUrl = `http://127.0.0.1:${port}`;
    const { PATH = '', HOME = '' } = process.env;
    launcher = spawn(process.execPath, [join(ROOT, 'server/launcher/main.ts')], {
      env: {
        PATH,
        HOME,
        PORT: String(port),
        SIGNALBOX_DATA: folder.path,
        SIGNALBOX_ADMIN_PASSWORD: PASSWORD,
        SIGNALBOX_REDIS_SERVER: findRedisServer(),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [launcher.stdout, launcher.stderr])
      stream?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    await untilReady();
    cookie = await signIn();
    await prepareTargets();
  }, 180_000);

  afterAll(async () => {
    // First what is there even when the preparation failed half-way.
    launcher.kill('SIGTERM');
    if (launcher.exitCode === null && launcher.signalCode === null) await once(launcher, 'exit');
    debuggee.kill('SIGKILL');
    await unprotected.stop();
    await Promise.all([folder.remove(), controlFolder.remove()]);
  }, 30_000);

  it('runs each department under a user id of its own', async () => {
    expect(output).not.toContain('not isolated');
    const uids = await Promise.all([pidOf('core'), pidOf('flows:traffic'), pidOf('flows:waste')].map(uidOf));
    expect(uids[0]).toBe(0);
    expect(new Set(uids).size).toBe(3);
  });

  it('tries at least 25 things', () => {
    expect(new Set(ATTEMPTS.map(({ name }) => name)).size).toBe(ATTEMPTS.length);
    expect(ATTEMPTS.length).toBeGreaterThanOrEqual(25);
  });

  // Without user id, permission model and scrubbed environment, or with the credentials that it lacks, each comes through.
  it.each(ATTEMPTS.map((attempt) => [attempt.name, attempt] as const))('cannot %s', async (_name, attempt) => {
    expect(await inControl(attempt)).toEqual({ loot: expect.stringMatching(/./) });
    expect(await inDepartment(attempt)).toEqual({ error: expect.stringMatching(/./) });
  });

  it('leaves the core without a debugger even when root asks for one', async () => {
    process.kill(pidOf('core'), 'SIGUSR1');
    process.kill(pidOf('flows:waste'), 'SIGUSR1');
    expect((await fetch(`${coreUrl}/healthz`)).status).toBe(200);
    await expect(fetch('http://127.0.0.1:9229/json/list')).rejects.toThrow('fetch failed');
  });

  it('goes on working for its own department', async () => {
    const own = await inDepartment({
      name: 'work',
      code: `process.getBuiltinModule('fs').writeFileSync(t.ownFolder + '/notes.txt', 'x'); return process.getBuiltinModule('fs').readFileSync(t.ownFolder + '/notes.txt', 'utf8')`,
    });
    expect(own).toEqual({ loot: 'x' });
  });

  it('blocks its own department only when it blocks its runtime, which is killed, starts again, and leaves an alarm', async () => {
    const before = pidOf('flows:waste');
    await deploy('waste', page('/block', 'for (;;);'));
    // Until the page is there, which is shortly after the Deploy, it is not found.
    const blocked = vi.waitUntil(async () => {
      const answer = await fetch(`${coreUrl}/flows/waste/http/block`, { method: 'POST', headers: { cookie } });
      return answer.status !== 404;
    }, SOON);
    await vi.waitFor(async () => {
      expect(await inDepartment({ name: '', code: 'return 1' })).toEqual({ loot: '1' });
      expect(await statusOf(`${coreUrl}/`)).toBe(200);
      expect(pidOf('flows:waste')).not.toBe(before);
    }, SOON);
    await blocked;
    await vi.waitFor(() => deploy('waste', page('/page', '')), SOON);
    await vi.waitFor(async () => {
      const answer = await fetch(`${coreUrl}/api/alarms?kind=flows-stopped`, { headers: { cookie } });
      expect(await answer.json()).toEqual({
        alarms: [expect.objectContaining({ subject: 'waste', occurrences: 1, endedAt: expect.any(Number) })],
      });
    }, SOON);
  }, 200_000);

  async function untilReady(): Promise<void> {
    await vi.waitFor(async () => expect(await statusOf(`${coreUrl}/healthz`)).toBe(200), {
      timeout: 120_000,
      interval: 200,
    });
  }

  async function prepareTargets(): Promise<void> {
    const secrets = secretsSchema.parse(JSON.parse(await readFile(join(folder.path, 'secrets.json'), 'utf8')));
    const core = await environmentOf(pidOf('core'));
    const flows: Record<string, string> = JSON.parse(core['SIGNALBOX_FLOWS'] ?? '');
    const own = await environmentOf(pidOf('flows:traffic'));
    const inspectPort = await freePort();
    debuggee = spawn(
      process.execPath,
      [`--inspect-port=${inspectPort}`, '-e', 'setInterval(() => {}, 1e6); console.log(1)'],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    await once(debuggee.stdout!, 'data');
    confined = {
      data: folder.path,
      program: ROOT,
      ownFolder: join(folder.path, 'flows/traffic'),
      addon: createRequire(import.meta.url).resolve('@node-rs/bcrypt-linux-x64-gnu'),
      corePid: pidOf('core'),
      otherPid: pidOf('flows:waste'),
      debuggee: pidOf('core'),
      inspectPort: 9229,
      coreUrl,
      otherFlowsUrl: flows['waste'] ?? '',
      redisPort: Number(new URL(core['REDIS_URL'] ?? '').port),
      busUrl: own['FLOWS_MQTT_URL'] ?? '',
      linkToken: secrets.linkTokens['traffic'] ?? '',
      signingToken: secrets.linkTokens['traffic'] ?? '',
      unsigned: 'HS256',
      redisPassword: '',
      cookie: '',
      hearAs: `traffic ${secrets.mqttPasswords['traffic']}`,
      speakAs: `traffic ${secrets.mqttPasswords['traffic']}`,
      coreAs: `traffic ${secrets.mqttPasswords['traffic']}`,
      retain: true,
      asset: 'urn:ngsi-ld:WasteContainer:rp-1',
      property: 'fillingLevel',
      point: 'urn:ngsi-ld:Streetlight:market-square-1#level',
      value: 0.8,
      ownPoint: 'urn:ngsi-ld:TrafficController:J4#timePlan',
      ownValue: 3,
      slot: 8,
    };
    control = {
      ...confined,
      ownFolder: controlFolder.path,
      debuggee: debuggee.pid ?? 0,
      inspectPort,
      signingToken: secrets.linkTokens['waste'] ?? '',
      redisPassword: secrets.redisPassword,
      cookie,
      hearAs: `waste ${secrets.mqttPasswords['waste']}`,
      speakAs: `field ${secrets.mqttPasswords['field']}`,
      coreAs: `core ${secrets.mqttPasswords['core']}`,
      retain: false,
      asset: 'urn:ngsi-ld:Detector:J4-east-1',
      property: 'occupancy',
      point: confined.ownPoint,
      value: confined.ownValue,
      slot: 13,
    };
    await deploy('traffic', page('/attempt', FUNCTION_NODE));
    await deploy('waste', page('/page', ''));
    await startUnprotected({
      ...core,
      ...own,
      FLOWS_PORT: '0',
      SIGNALBOX_FLOWS_DIR: controlFolder.path,
      HOST: '',
      PORT: '',
    });
  }

  /** The same program as root, without the permission model, and with the core's whole environment. */
  async function startUnprotected(env: Record<string, string>): Promise<void> {
    unprotected = await startFlows(env);
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${unprotected.url}/flows/traffic/flows`, {
          method: 'POST',
          headers: { ...(await ownAssertion()), 'content-type': 'application/json' },
          body: JSON.stringify(page('/attempt', FUNCTION_NODE)),
        });
        expect(answer.status).toBe(204);
      },
      { timeout: 20_000, interval: 200 },
    );
  }

  async function inDepartment({ code }: Attempt) {
    const headers = { cookie, 'content-type': 'application/json' };
    return outcomeOf(`${coreUrl}/flows/traffic/http/attempt`, { code, t: confined }, headers);
  }

  async function inControl({ code }: Attempt) {
    const headers = { ...(await ownAssertion()), 'content-type': 'application/json' };
    return outcomeOf(`${unprotected.url}/flows/traffic/http/attempt`, { code, t: control }, headers);
  }

  async function ownAssertion(): Promise<Record<string, string>> {
    const token = confined.linkToken;
    return { 'x-signalbox-assertion': await assertionFor(token, 'traffic') };
  }

  async function deploy(department: string, flows: object[]): Promise<void> {
    const answer = await fetch(`${coreUrl}/flows/${department}/flows`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify(flows),
    });
    expect([department, answer.status]).toEqual([department, 204]);
  }

  async function signIn(): Promise<string> {
    const answer = await fetch(`${coreUrl}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'admin', password: PASSWORD }),
    });
    expect(answer.status).toBe(200);
    return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  /** By the launcher's own lines; the newest start counts. */
  function pidOf(service: string): number {
    const starts = [...output.matchAll(/"service":"([\w:]+)","pid":(\d+),"msg":"service starts"/g)];
    return Number(starts.findLast(([, name]) => name === service)?.[2]);
  }
});

async function outcomeOf(url: string, payload: object, headers: Record<string, string>) {
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(payload) });
  expect(answer.status).toBe(200);
  return outcomeSchema.parse(await answer.json());
}

async function environmentOf(pid: number): Promise<Record<string, string>> {
  const lines = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

const uidOf = async (pid: number): Promise<number> =>
  Number(/^Uid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;
