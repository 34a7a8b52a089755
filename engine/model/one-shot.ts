// What a rule does once, as it becomes active: an order for people, a notification, a call of another system.
import { z } from 'zod';

import { conditionSchema } from './condition.ts';
import { nameSchema } from './names.ts';
import { mailSchema, webhookUrlSchema, type Address } from './address.ts';
import { timeOfDaySchema } from './rule-timing.ts';

/** A task for people. */
export const orderActionSchema = z
  .strictObject({
    order: nameSchema.describe('What kind of task: collection, repair.'),
    dueBy: timeOfDaySchema.optional().describe('Due when the clock next shows this. Default: no date.'),
    done: conditionSchema
      .optional()
      .describe('A reading that makes this true closes the order; without it a person does.'),
  })
  .meta({
    title: 'Order',
    description: 'Opens a task for people as the rule becomes active; at most one of a kind is open per asset.',
    examples: [
      { order: 'collection', dueBy: '05:00', done: { fact: 'fillingLevel', operator: 'lessThan', value: 0.2 } },
    ],
  });
export type OrderAction = z.infer<typeof orderActionSchema>;

/** A word to somebody. */
export const notifyActionSchema = z
  .strictObject({
    notify: z
      .strictObject({
        to: z
          .string()
          .min(1)
          .max(200)
          .describe(
            'Who is told: a duty list of the department by its name, or a mail address. Another name goes into the record only.',
          ),
        text: z.string().min(1).max(1_000).describe('What is said; rule, asset and moment go with it.'),
      })
      .describe('Who is told, and what.'),
  })
  .meta({
    title: 'Notification',
    description: 'Tells somebody, once, as the rule becomes active.',
    examples: [{ notify: { to: 'duty', text: 'The queue at J4 is long.' } }],
  });

/** A call of another system. */
export const webhookActionSchema = z
  .strictObject({
    webhook: z
      .strictObject({
        url: webhookUrlSchema.describe(
          'Must be on the box’s own list (SIGNALBOX_WEBHOOKS); without name and password.',
        ),
        body: z.record(z.string().max(64), z.json()).optional().describe('Sent along, beside rule, asset and moment.'),
      })
      .describe('Where to, and what is sent along.'),
  })
  .meta({
    title: 'Webhook',
    description: 'Posts JSON to another system, once, as the rule becomes active; tried again when it fails.',
    examples: [{ webhook: { url: 'https://crews.example/hooks/signalbox', body: { crew: 'north' } } }],
  });

/** What a rule does once. */
export const oneShotActionSchema = z.union([orderActionSchema, notifyActionSchema, webhookActionSchema]);
export type OneShotAction = z.infer<typeof oneShotActionSchema>;

/** Does this action happen once, as the rule becomes active? The others hold a point. */
export const isOneShot = (action: object): action is OneShotAction =>
  'order' in action || 'notify' in action || 'webhook' in action;

/** A task for people, from its opening to its end. */
export interface Order {
  /** Derives from rule, version, asset and the moment of its opening. */
  orderId: string;
  /** `collection`, `repair` */
  kind: string;
  asset: string;
  related?: string;
  department: string;
  rule: string;
  ruleVersion: number;
  title: string;
  /** The decision that opened it. */
  decisionId: string;
  state: 'open' | 'closed';
  /** Milliseconds since the epoch. */
  openedAt: number;
  dueAt?: number;
  closedAt?: number;
  /** Who or what closed it: `person:ann`, `reading`, `system`. */
  closedBy?: string;
  /** Why, in words. */
  reason?: string;
  /** The readings that proved that it is done. */
  readings?: string[];
}

/** A notification or a webhook on its way. */
export interface Message {
  /** Derives from rule, version, asset and the moment; whoever receives it twice can tell by it. */
  messageId: string;
  what:
    | { notify: { to: string; text: string } }
    | { webhook: { url: string; body?: Record<string, unknown> | undefined } };
  /** Where a notification goes, where a duty list has said so. */
  via?: Address;
  asset?: string;
  related?: string;
  department: string;
  /** The rule that said it, in which version and by which decision; a notice of alarms has none. */
  rule?: string;
  ruleVersion?: number;
  decisionId?: string;
  title: string;
  /** The alarms that it is about, at most 50. */
  alarms?: string[];
  /** Milliseconds since the epoch. */
  at: number;
}

/** Where a message goes; undefined where nobody of that name can be reached. */
export function addressOf({ what, via }: Message): Address | undefined {
  if ('webhook' in what) return { name: what.webhook.url, webhook: what.webhook.url };
  if (via) return via;
  const { to } = what.notify;
  return mailSchema.safeParse(to).success ? { name: to, mail: to } : undefined;
}

/** How a message ended: `noted` is in the record alone, `delivered` was taken by the mail server or the other system. */
export interface MessageEnd {
  state: 'noted' | 'delivered' | 'refused' | 'failed';
  /** Why it was noted only, refused or failed. */
  detail?: string;
}

/** What became of a message; `queued` until its end is known. */
export interface MessageRecord {
  message: Message;
  state: 'queued' | MessageEnd['state'];
  /** Milliseconds since the epoch. */
  at: number;
  detail?: string;
}
