// Sends notifications by mail or webhook, calls of other systems by webhook, and writes down what became of each.
import type { Logger } from 'pino';

import { toIso, type Clock } from '../model/clock.ts';
import { addressOf, type Message, type MessageEnd, type MessageRecord } from '../model/one-shot.ts';
import type { MessageHandler } from './message-queue.ts';
import { postWebhook, type LookUp } from './post-webhook.ts';
import type { SendMail } from './send-mail.ts';

/** What other systems may be called, and how they can tell that it is us. */
export interface WebhookSettings {
  /** Origins that may be called, such as `https://crews.example`; none by default. */
  allowed: readonly string[];
  /** Origins that may be called though they lead to addresses that are not public. */
  private: readonly string[];
  /** Signs every call, where there is one. */
  secret?: string | undefined;
}

/** What sending needs. */
export interface MessageSenderOptions {
  webhooks: WebhookSettings;
  /** Without it nobody gets mail: notifications are noted only. */
  mail?: SendMail | undefined;
  /** Resolves when the record is durable. */
  record: (record: MessageRecord) => Promise<void>;
  clock: Clock;
  logger: Logger;
  /** How names of other systems are looked up; the system's own way by default. */
  lookUp?: LookUp;
}

/** How one try ended; without a state it is worth another. */
type Try = MessageEnd | { detail: string };

/** What the queue works with: at the end every message is noted, delivered, refused or failed, with the reason. */
export function createMessageSender(options: MessageSenderOptions): MessageHandler {
  const { record, clock, logger } = options;
  return {
    async send(message, { isLast }) {
      const tried = await send(message, options);
      if (!('state' in tried) && !isLast) throw new Error(tried.detail);
      const end: MessageEnd = 'state' in tried ? tried : { state: 'failed', detail: tried.detail };
      logEnd(logger, message, end);
      return end;
    },
    record: (message, end) => record({ message, ...end, at: clock.now() }),
  };
}

/** Neither what is said nor the path of an address goes into the log: either may hold what is nobody's business. */
function logEnd(logger: Logger, message: Message, { state, detail }: MessageEnd): void {
  const { messageId, department, rule, asset, what } = message;
  const address = addressOf(message);
  const to =
    address && 'webhook' in address ? originOf(address.webhook) : 'notify' in what ? what.notify.to : undefined;
  const line = { messageId, department, rule, asset, to, state };
  if (state === 'failed' || state === 'refused') logger.warn({ ...line, why: detail }, 'a message did not get through');
  else logger.info(line, 'a message got through');
}

function send(message: Message, options: MessageSenderOptions): Promise<Try> {
  const address = addressOf(message);
  if (!address)
    return Promise.resolve({
      state: 'noted',
      detail: 'no duty list and no address of this name; it is in the record only',
    });
  return 'webhook' in address ? call(message, address.webhook, options) : mailTo(message, address.mail, options);
}

async function call(message: Message, url: string, options: MessageSenderOptions): Promise<Try> {
  const { webhooks, clock, lookUp } = options;
  const origin = originOf(url);
  const mayBePrivate = webhooks.private.includes(origin);
  if (!mayBePrivate && !webhooks.allowed.includes(origin))
    return { state: 'refused', detail: `${origin} is not on this box’s list of webhooks (SIGNALBOX_WEBHOOKS)` };
  const outcome = await postWebhook({
    url,
    messageId: message.messageId,
    body: JSON.stringify(bodyOf(message)),
    mayBePrivate,
    secret: webhooks.secret,
    now: clock.now(),
    ...(lookUp ? { lookUp } : {}),
  });
  if ('status' in outcome) return tryOf(outcome.status);
  const hint = outcome.isForbidden ? ' (SIGNALBOX_PRIVATE_WEBHOOKS)' : '';
  return { ...(outcome.isForbidden ? { state: 'refused' as const } : {}), detail: `${outcome.why}${hint}` };
}

function tryOf(status: number): Try {
  if (status >= 200 && status < 300) return { state: 'delivered' };
  const detail = `it answered ${status}`;
  // RFC 9110: what the other side refuses will be refused again, but for "too early", "too many" and a timeout.
  const isFinal = status < 500 && ![408, 425, 429].includes(status);
  return isFinal ? { state: 'failed', detail } : { detail };
}

async function mailTo(message: Message, to: string, { mail }: MessageSenderOptions): Promise<Try> {
  if (!mail) return { state: 'noted', detail: 'no mail server is set (SIGNALBOX_SMTP_URL); it is in the record only' };
  const { messageId, department, title } = message;
  const outcome = await mail({ messageId, to, subject: `[${department}] ${title}`, text: textOf(message) });
  if (outcome.isSent) return { state: 'delivered' };
  return { ...(outcome.isFinal ? { state: 'failed' as const } : {}), detail: outcome.why };
}

function textOf({ what, rule, asset, related, at }: Message): string {
  const about = [
    ...(rule === undefined ? [] : [`Rule: ${rule}`]),
    ...(asset === undefined ? [] : [`Asset: ${asset}${related === undefined ? '' : `, ${related}`}`]),
    `Time: ${toIso(at)}`,
  ];
  return `${'notify' in what ? what.notify.text : ''}\n\n${about.join('\n')}\n`;
}

function bodyOf(message: Message): Record<string, unknown> {
  const { messageId, rule, title, asset, related, department, at, what, alarms } = message;
  const about = { messageId, rule, title, asset, related, department, at: toIso(at), alarms };
  return {
    ...('webhook' in what ? what.webhook.body : { to: what.notify.to, text: what.notify.text }),
    signalbox: about,
  };
}

const originOf = (url: string): string => new URL(url).origin;
