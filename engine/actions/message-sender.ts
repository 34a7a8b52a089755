// Sends notifications and webhooks, and writes down what became of each.
import type { Logger } from 'pino';

import { toIso, type Clock } from '../model/clock.ts';
import type { Message, MessageRecord } from '../model/one-shot.ts';
import type { MessageHandler } from './message-queue.ts';

/** How long another system may take to answer, in milliseconds. */
const ANSWER_LIMIT_MS = 10_000;

/** What sending needs. */
export interface MessageSenderOptions {
  /** Origins that webhooks may call, such as `https://crews.example`; none by default. */
  allowed: readonly string[];
  /** Resolves when the record is durable. */
  record: (record: MessageRecord) => Promise<void>;
  clock: Clock;
  logger: Logger;
}

/** How an effort ended; undefined state: worth another try. */
interface Outcome {
  state?: Exclude<MessageRecord['state'], 'queued'>;
  detail?: string;
}

/** A handler for the queue: at the end of it every message is noted, delivered, refused or failed, with the reason. */
export function createMessageSender(options: MessageSenderOptions): MessageHandler {
  const { record, clock, logger } = options;
  return async (message, { isLast }) => {
    const outcome = await send(message, options);
    if (outcome.state === undefined && !isLast) throw new Error(outcome.detail);
    const { state = 'failed', detail } = outcome;
    const { messageId, rule, asset, what } = message;
    const line = {
      messageId,
      rule,
      asset,
      state,
      ...('notify' in what ? { notify: what.notify } : { url: what.webhook.url }),
    };
    if (state === 'failed' || state === 'refused')
      logger.warn({ ...line, why: detail }, 'a message did not get through');
    else logger.info(line, 'a message got through');
    await record({ message, state, at: clock.now(), ...(detail === undefined ? {} : { detail }) });
  };
}

/** A notification is in the record and in the log; that is all for now. */
async function send(message: Message, { allowed }: MessageSenderOptions): Promise<Outcome> {
  if ('notify' in message.what) return { state: 'noted' };
  const { url } = message.what.webhook;
  const { origin } = new URL(url);
  if (!allowed.includes(origin))
    return { state: 'refused', detail: `${origin} is not on this box’s list of webhooks (SIGNALBOX_WEBHOOKS)` };
  return post(message, url);
}

async function post(message: Message, url: string): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': encodeURIComponent(message.messageId) },
      body: JSON.stringify(bodyOf(message)),
      // A redirect could lead to where the list does not.
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    await response.body?.cancel();
    return outcomeOf(response.status);
  } catch (error) {
    return { detail: error instanceof Error ? `${error.message}${causeOf(error)}` : String(error) };
  }
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { state: 'delivered' };
  const detail = `it answered ${status}`;
  // RFC 9110: what the other side refuses will be refused again, but for "too early", "too many" and a timeout.
  const isFinal = status < 500 && ![408, 425, 429].includes(status);
  return isFinal ? { state: 'failed', detail } : { detail };
}

function bodyOf(message: Message): Record<string, unknown> {
  const { messageId, rule, title, asset, related, department, at, what } = message;
  return {
    ...('webhook' in what ? what.webhook.body : {}),
    signalbox: {
      messageId,
      rule,
      title,
      asset,
      ...(related === undefined ? {} : { related }),
      department,
      at: toIso(at),
    },
  };
}

const causeOf = ({ cause }: Error): string => (cause instanceof Error ? `: ${cause.message}` : '');
