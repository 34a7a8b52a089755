import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { SMTPServer } from 'smtp-server';
import { describe, expect, inject, it, onTestFinished } from 'vitest';

import { eventually } from '../../test/eventually.ts';
import { systemClock } from '../model/clock.ts';
import type { Message, MessageRecord } from '../model/one-shot.ts';
import { BullmqMessageQueue } from './message-queue.ts';
import { createMessageSender, type MessageSenderOptions } from './message-sender.ts';
import { signatureOf, type Target } from './post-webhook.ts';
import { createMailSender, mailIdOf } from './send-mail.ts';
import { ownKeys } from './test-support/commands.ts';

const message = (messageId: string, what: Message['what'], more: Partial<Message> = {}): Message => ({
  messageId,
  what,
  asset: 'urn:ngsi-ld:WasteContainer:b',
  department: 'waste',
  rule: 'waste/collect',
  ruleVersion: 1,
  title: 'Collect',
  decisionId: 'd1',
  at: Date.UTC(2026, 10, 22, 10),
  ...more,
});

/** Another system that answers with these statuses, one after another, the last one for ever. */
async function receiver(...statuses: number[]) {
  const taken: { headers: IncomingHttpHeaders; text: string; body: unknown }[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    taken.push({ headers: request.headers, text: body, body: JSON.parse(body) });
    response.writeHead(statuses[Math.min(taken.length, statuses.length) - 1] ?? 200, { location: '/elsewhere' }).end();
  };
  const server = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { taken, port, origin: `http://127.0.0.1:${port}` };
}

function setUp(
  options: Partial<MessageSenderOptions> & { allowed?: readonly string[]; near?: readonly string[] } = {},
) {
  const { keys } = ownKeys();
  const lines: string[] = [];
  const logger = pino({ base: null }, { write: (line) => lines.push(line) });
  const queue = new BullmqMessageQueue({
    redisUrl: inject('redisUrl'),
    keys,
    logger,
    firstPauseMs: 5,
    recordAgainMs: 5,
  });
  onTestFinished(() => queue.close());
  const records: MessageRecord[] = [];
  const { allowed = [], near = [], ...rest } = options;
  const webhooks = { allowed, private: near };
  const record = async (one: MessageRecord): Promise<void> => void records.push(one);
  queue.consume(createMessageSender({ webhooks, record, clock: systemClock, logger, ...rest }));
  return { queue, records, lines };
}

it('only notes a notification to somebody whose address nobody knows', async () => {
  const { queue, records } = setUp();
  const said = message('waste/tell|a|v1|1-0|0', { notify: { to: 'duty', text: 'Full' } });
  await queue.enqueue([said]);
  await eventually(() =>
    expect(records).toMatchObject([{ message: said, state: 'noted', detail: expect.stringContaining('no duty list') }]),
  );
});

describe('a webhook', () => {
  it('is posted once, however often its id comes, with what the rule says and who it is about', async () => {
    const { taken, origin } = await receiver(200);
    const { queue, records } = setUp({ near: [origin] });
    const call = message('a', { webhook: { url: `${origin}/hook?x=1`, body: { crew: 'north' } } });
    await queue.enqueue([call]);
    await queue.enqueue([call, message('b', call.what)]);
    await eventually(() => expect(records.map(({ state }) => state)).toEqual(['delivered', 'delivered']));
    expect(new Set(taken.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set(['a', 'b']));
    expect(taken).toHaveLength(2);
    expect(taken[0]?.body).toEqual({
      crew: 'north',
      signalbox: expect.objectContaining({
        rule: 'waste/collect',
        department: 'waste',
        at: '2026-11-22T10:00:00.000Z',
      }),
    });
    expect(taken[0]?.headers).not.toHaveProperty('webhook-signature');
  });

  it('is signed, so that the other side can tell that it is us; the secret is nowhere else', async () => {
    const { taken, origin } = await receiver(200);
    const secret = 'correct-horse-battery-staple';
    const { queue, records, lines } = setUp({ webhooks: { allowed: [], private: [origin], secret } });
    await queue.enqueue([message('a|b', { webhook: { url: `${origin}/path-is-ours` } })]);
    await eventually(() => expect(records).toMatchObject([{ state: 'delivered' }]));
    const { headers, text: body } = taken[0]!;
    const now = Number(headers['webhook-timestamp']) * 1_000;
    expect(headers).toMatchObject(signatureOf({ messageId: 'a|b', body, secret, now }));
    expect(headers['webhook-id']).toBe('a%7Cb');
    expect(Math.abs(now - systemClock.now())).toBeLessThan(60_000);
    expect(lines.join()).not.toContain('correct-horse');
    expect(lines.join()).not.toContain('path-is-ours');
    expect(JSON.stringify(records)).not.toContain('correct-horse');
  });

  it('has the signature that the Standard Webhooks convention says', () => {
    // Worked out with openssl: printf '%s' 'm1.1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret -binary | base64
    expect(signatureOf({ messageId: 'm1', body: '{"a":1}', secret: 'secret', now: 1_700_000_000_000 })).toEqual({
      'webhook-id': 'm1',
      'webhook-timestamp': '1700000000',
      'webhook-signature': 'v1,sfNnv6oUWd80GZlcui9gJn3e7ol8ektjwOGZT5DVvEA=',
    });
  });

  it('is refused where its origin is not on the list', async () => {
    const { taken, origin } = await receiver(200);
    const { queue, records } = setUp({ allowed: ['https://crews.example'] });
    await queue.enqueue([message('a', { webhook: { url: `${origin}/hook` } })]);
    await eventually(() =>
      expect(records).toMatchObject([{ state: 'refused', detail: expect.stringContaining(origin) }]),
    );
    expect(taken).toEqual([]);
  });

  it('is refused where a name on the list leads to an address that is not public, and never tried again', async () => {
    const { taken, port } = await receiver(200);
    const origin = `http://crews.example:${port}`;
    const looked: string[] = [];
    const lookUp = async (host: string): Promise<Target[]> => {
      looked.push(host);
      return [
        { address: '9.9.9.9', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ];
    };
    const { queue, records } = setUp({ allowed: [origin], lookUp });
    await queue.enqueue([message('a', { webhook: { url: origin } })]);
    await eventually(() =>
      expect(records).toMatchObject([
        { state: 'refused', detail: expect.stringContaining('127.0.0.1, which is not a public address') },
      ]),
    );
    expect(looked).toEqual(['crews.example']);
    expect(taken).toEqual([]);
  });

  it('goes to the address that was looked up once, under the name', async () => {
    const { taken, port } = await receiver(200);
    const origin = `http://crews.example:${port}`;
    const answers = [[{ address: '127.0.0.1', family: 4 }], [{ address: '9.9.9.9', family: 4 }]];
    const lookUp = async (): Promise<Target[]> => answers.shift() ?? [];
    const { queue, records } = setUp({ near: [origin], lookUp });
    await queue.enqueue([message('a', { webhook: { url: origin } })]);
    await eventually(() => expect(records).toMatchObject([{ state: 'delivered' }]));
    expect(answers).toHaveLength(1);
    expect(taken[0]?.headers.host).toBe(`crews.example:${port}`);
  });

  it('is tried again while the other side is in trouble', async () => {
    const { taken, origin } = await receiver(503, 429, 200);
    const { queue, records } = setUp({ near: [origin] });
    await queue.enqueue([message('a', { webhook: { url: origin } })]);
    await eventually(() => expect(records).toMatchObject([{ state: 'delivered' }]));
    expect(taken).toHaveLength(3);
  });

  it.each([[404], [302]])('is given up at once when the answer is %s', async (status) => {
    const { taken, origin } = await receiver(status);
    const { queue, records } = setUp({ near: [origin] });
    await queue.enqueue([message('a', { webhook: { url: origin } })]);
    await eventually(() => expect(records).toMatchObject([{ state: 'failed', detail: `it answered ${status}` }]));
    expect(taken).toHaveLength(1);
  });

  it('fails with the reason when the last try has failed', async () => {
    const { taken, origin } = await receiver(500);
    const { queue, records } = setUp({ near: [origin] });
    await queue.enqueue([message('a', { webhook: { url: origin } })]);
    await eventually(() => expect(records).toMatchObject([{ state: 'failed', detail: 'it answered 500' }]));
    expect(taken).toHaveLength(8);
  });

  it('is not posted again because its end could not be recorded', async () => {
    const { taken, origin } = await receiver(200);
    const records: MessageRecord[] = [];
    let away = 12;
    const record = async (one: MessageRecord): Promise<void> => {
      if ((away -= 1) > 0) throw new Error('the database is away');
      records.push(one);
    };
    const { queue } = setUp({ near: [origin], record });
    await queue.enqueue([message('a', { webhook: { url: origin } })]);
    await eventually(() => expect(records).toMatchObject([{ state: 'delivered' }]));
    expect(taken).toHaveLength(1);
  });
});

/** A mail server, not quite on this machine, that answers `RCPT TO` with these codes, one after another, the last one for ever. */
async function mailServer(...codes: number[]) {
  const taken: { to: string[]; text: string }[] = [];
  const passwords: unknown[] = [];
  let asked = 0;
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    onAuth({ password }, _session, done) {
      passwords.push(password);
      done(null, { user: 'ann' });
    },
    disabledCommands: ['STARTTLS'],
    onRcptTo(_address, _session, done) {
      const code = codes[Math.min((asked += 1), codes.length) - 1] ?? 250;
      done(code === 250 ? null : Object.assign(new Error('no'), { responseCode: code }));
    },
    onData(stream, session, done) {
      stream.once('end', () => done());
      void keep(stream, session.envelope.rcptTo);
    },
  });
  const keep = async (stream: Readable, to: readonly { address: string }[]): Promise<void> => {
    const mail = await text(stream);
    taken.push({ to: to.map(({ address }) => address), text: mail });
  };
  const listening = server.listen(0, '127.0.0.2');
  await once(listening, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = listening.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const url = `smtp://127.0.0.2:${port}`;
  const mail = createMailSender({ url, from: 'Signalbox <box@city.example>' });
  return { taken, mail, url, passwords, asked: () => asked };
}

describe('mail', () => {
  const told = message('m|1', { notify: { to: 'desk@city.example', text: 'Bin 7 is full.' } });

  it('goes through a real mail server once, under a name that does not change, and says that a program wrote it', async () => {
    const { taken, mail } = await mailServer(250);
    const { queue, records } = setUp({ mail });
    await queue.enqueue([told]);
    await queue.enqueue([told]);
    await eventually(() => expect(records).toMatchObject([{ state: 'delivered' }]));
    expect(taken).toMatchObject([{ to: ['desk@city.example'] }]);
    const [{ text: sent } = { text: '' }] = taken;
    expect(sent).toContain(`Message-ID: ${mailIdOf('m|1', 'box@city.example')}`);
    expect(sent).toContain('Subject: [waste] Collect');
    expect(sent).toContain('Auto-Submitted: auto-generated');
    expect(sent).toContain('Bin 7 is full.');
    expect(sent).toContain('Rule: waste/collect');
  });

  it('goes where a duty list says', async () => {
    const { taken, mail } = await mailServer(250);
    const { queue, records } = setUp({ mail });
    const via = { name: 'Night duty', mail: 'night@city.example' };
    await queue.enqueue([message('m', { notify: { to: 'waste/duty', text: 'Full' } }, { via })]);
    await eventually(() => expect(records).toMatchObject([{ state: 'delivered' }]));
    expect(taken).toMatchObject([{ to: ['night@city.example'] }]);
  });

  it('is tried again while the server is in trouble, and given up at once where it refuses for good', async () => {
    const busy = await mailServer(451, 421, 250);
    const first = setUp({ mail: busy.mail });
    await first.queue.enqueue([told]);
    await eventually(() => expect(first.records).toMatchObject([{ state: 'delivered' }]));
    const never = await mailServer(550);
    const second = setUp({ mail: never.mail });
    await second.queue.enqueue([told]);
    await eventually(() => expect(second.records).toMatchObject([{ state: 'failed' }]));
    expect(never.asked()).toBe(1);
  });

  it('is noted only where no mail server is set', async () => {
    const { queue, records } = setUp();
    await queue.enqueue([told]);
    await eventually(() =>
      expect(records).toMatchObject([{ state: 'noted', detail: expect.stringContaining('SIGNALBOX_SMTP_URL') }]),
    );
  });

  it('gives no password to a server that does not encrypt', async () => {
    const { taken, url, passwords } = await mailServer(250);
    const mail = createMailSender({ url: url.replace('//', '//ann:hunter2@'), from: 'box@city.example' });
    const outcome = await mail({ messageId: 'm', to: 'desk@city.example', subject: 's', text: 't' });
    expect(outcome).toMatchObject({ isSent: false, isFinal: false, why: expect.stringContaining('TLS') });
    expect(passwords).toEqual([]);
    expect(taken).toEqual([]);
  });
});
