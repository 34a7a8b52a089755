// Posts to another system: to an address that was looked up and checked, signed, in limited time, and never any further.
import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP } from 'node:net';

/** How long another system may take, from the look-up of its name to the end of its answer, in milliseconds. */
const ANSWER_LIMIT_MS = 10_000;
/** Of an answer so much is waited for, in bytes: only its status counts. */
const LONGEST_ANSWER_BYTES = 65_536;

/** Networks that are nobody's outside: this machine, private, link-local and shared ones, and what is set aside for other uses. */
const NOT_PUBLIC = {
  ipv4: `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
    192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`,
  // All beside the global unicast 2000::/3, and of that documentation, Teredo and 6to4 (IPv4 in disguise).
  ipv6: '::/3 4000::/2 8000::/1 2001::/32 2001:db8::/32 2002::/16 3fff::/20',
};

/** One list for each family: Node would look for an IPv4 address among the IPv6 networks too. */
const BLOCKED = { ipv4: listOf('ipv4'), ipv6: listOf('ipv6') };

function listOf(family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of NOT_PUBLIC[family].split(/\s+/)) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** Is this an address of the public Internet? IPv4 written as IPv6 never is: nobody needs it. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return !BLOCKED[family].check(address, family);
}

/** One name or address to connect to. */
export interface Target {
  address: string;
  family: number;
}

/** Finds the addresses of a host name; the system's own way by default. */
export type LookUp = (host: string) => Promise<readonly Target[]>;

/** What is posted, and how. */
export interface Post {
  url: string;
  /** Names the message: whoever gets it twice can tell. */
  messageId: string;
  body: string;
  /** May it lead to addresses that are not public? */
  mayBePrivate: boolean;
  /** Signs the message, where there is one. */
  secret?: string | undefined;
  /** Milliseconds since the epoch. */
  now: number;
  lookUp?: LookUp;
}

/** How it ended: a status, or why nothing was posted. `isForbidden`: it must not be tried again. */
export type PostOutcome = { status: number } | { why: string; isForbidden: boolean };

/**
 * Posts JSON. The host's name is looked up once, each of its addresses is checked, and the connection goes to one of
 * those: a name that means something else a moment later leads nowhere else. Redirects are not followed. Never rejects.
 */
export async function postWebhook(post: Post): Promise<PostOutcome> {
  const deadline = AbortSignal.timeout(ANSWER_LIMIT_MS);
  try {
    const url = new URL(post.url);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const found = await within(deadline, (post.lookUp ?? lookUpAll)(host));
    const forbidden = post.mayBePrivate ? undefined : found.find(({ address }) => !isPublicAddress(address));
    if (forbidden)
      return { why: `${host} leads to ${forbidden.address}, which is not a public address`, isForbidden: true };
    const [target] = found;
    if (!target) return { why: `${host} has no address`, isForbidden: false };
    return { status: await send(url, target, { post, deadline }) };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error), isForbidden: false };
  }
}

/**
 * The signature's headers, by the Standard Webhooks convention: HMAC-SHA256 over `<id>.<seconds>.<body>`, in Base64. A
 * receiver compares it, and refuses what is older than a few minutes.
 */
export function signatureOf({ messageId, body, secret, now }: Pick<Post, 'messageId' | 'body' | 'secret' | 'now'>) {
  const id = encodeURIComponent(messageId);
  const seconds = String(Math.floor(now / 1_000));
  const named = { 'webhook-id': id, 'webhook-timestamp': seconds };
  if (secret === undefined) return named;
  const digest = createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64');
  return { ...named, 'webhook-signature': `v1,${digest}` };
}

const lookUpAll: LookUp = (host) => lookup(host, { all: true });

async function send(
  url: URL,
  { address, family }: Target,
  { post, deadline }: { post: Post; deadline: AbortSignal },
): Promise<number> {
  const options: RequestOptions = {
    method: 'POST',
    // No connection is kept: the next message is looked up and checked anew.
    agent: false,
    signal: deadline,
    // The name stays in the Host header and in TLS; the connection goes to the address that was checked.
    lookup: (_host, wanted, done) =>
      wanted.all === true ? done(null, [{ address, family }]) : done(null, address, family),
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(post.body),
      'idempotency-key': encodeURIComponent(post.messageId),
      ...signatureOf(post),
    },
  };
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
    request.once('error', reject);
    request.once('response', (response) => {
      drain(response);
      response.once('error', reject);
      response.once('close', () => resolve(response.statusCode ?? 0));
    });
    request.end(post.body);
  });
}

/** Lets an answer come to its end, and cuts one that does not. */
function drain(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LONGEST_ANSWER_BYTES) response.destroy();
  });
}

/** A look-up cannot be stopped; it is waited for no longer. */
function within<Outcome>(deadline: AbortSignal, work: Promise<Outcome>): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    deadline.addEventListener('abort', () => reject(new Error('it did not answer in time')), { once: true });
    work.then(resolve, reject);
  });
}
