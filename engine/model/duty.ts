// Duty lists: whom a department's alarms and notifications reach, at which hours, and who is told when nobody reacts.
import { z } from 'zod';

import { ALARM_KINDS, SEVERITIES } from './alarm.ts';
import { mailSchema, webhookUrlSchema, type Address } from './address.ts';
import { durationMs, durationSchema, parseDuration } from './duration.ts';
import { documentIdSchema } from './names.ts';
import { whenSchema } from './rule-timing.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Somebody who can be told: by mail, or by a call of another system that tells them. */
const contactSchema = z
  .strictObject({
    name: z.string().min(1).max(80).describe('Who it is: a person or a desk.'),
    mail: mailSchema.optional().describe('Where mail goes.'),
    webhook: webhookUrlSchema
      .optional()
      .describe('Which system is called; must be on the box’s own list (SIGNALBOX_WEBHOOKS).'),
    when: whenSchema.optional().describe('When this contact is on duty. Default: always.'),
  })
  .refine(({ mail, webhook }) => (mail === undefined) !== (webhook === undefined), {
    path: ['mail'],
    message: 'allowed is either mail or webhook',
  });
export type Contact = z.infer<typeof contactSchema>;

/** What is no duration at all has been refused by then. */
const isWithin = (text: string, leastMs: number, mostMs: number): boolean => {
  const parsed = parseDuration(text);
  return !parsed.ok || (parsed.value >= leastMs && parsed.value <= mostMs);
};

/** A step of the list: who is told from when on. */
const levelSchema = z.strictObject({
  after: durationSchema
    .refine((text) => isWithin(text, MINUTE_MS, DAY_MS), 'allowed is 1 min to 24 h')
    .optional()
    .describe(
      'How long after the first message, if nobody has acknowledged the alarm by then. Grows from level to level; the first level has none.',
    ),
  contacts: z.array(contactSchema).min(1).max(20),
});
type Level = z.infer<typeof levelSchema>;

/** Why a level does not follow the one before; undefined where it does. */
function misplaced({ after }: Level, before: Level | undefined): string | undefined {
  if (!before) return after === undefined ? undefined : 'the first level is told at once: it has no "after"';
  if (after === undefined) return 'allowed is a duration: when this level is told';
  const [own, others] = [after, before.after ?? '1 ms'].map(parseDuration);
  const isLater = !own?.ok || !others?.ok || own.value > others.value;
  return isLater ? undefined : `allowed is longer than the level before, ${before.after ?? '0 s'}`;
}

/** One duty list. */
export const dutyListSchema = z
  .strictObject({
    id: documentIdSchema,
    title: z.string().min(1).max(120),
    from: z.enum(SEVERITIES).default('medium').describe('The least severity of the department’s alarms that is told.'),
    kinds: z
      .array(z.enum(ALARM_KINDS))
      .min(1)
      .max(ALARM_KINDS.length)
      .optional()
      .describe('Only these kinds. Default: every kind.'),
    levels: z
      .array(levelSchema)
      .min(1)
      .max(5)
      .describe('The first is told at once; the next ones when nobody acknowledges.'),
    repeatEvery: durationSchema
      .refine((text) => isWithin(text, 5 * MINUTE_MS, DAY_MS), 'allowed is 5 min to 24 h')
      .default('30 min')
      .describe('How often alarms that nobody has acknowledged are told again.'),
  })
  .superRefine(({ levels }, context) => {
    for (const [index, level] of levels.entries()) {
      const message = misplaced(level, levels[index - 1]);
      if (message !== undefined) context.addIssue({ code: 'custom', path: ['levels', index, 'after'], message });
    }
  })
  .meta({
    title: 'Duty list',
    description: 'Whom a department’s alarms reach, and rules’ notifications that name the list.',
    examples: [
      {
        id: 'waste/duty',
        title: 'Duty of waste',
        levels: [
          {
            contacts: [
              { name: 'Desk', mail: 'desk@city.example', when: { days: 'workday', between: ['07:00', '16:00'] } },
              { name: 'Night duty', mail: 'night@city.example' },
            ],
          },
          { after: '15 min', contacts: [{ name: 'Head of waste', mail: 'head@city.example' }] },
        ],
      },
    ],
  });
export type DutyList = z.infer<typeof dutyListSchema>;

/** How long after the first message a level is told, milliseconds. */
export const afterMs = ({ after }: Level): number => (after === undefined ? 0 : durationMs(after));

/** The contact's address. */
export function addressOfContact({ name, mail, webhook }: Contact): Address {
  return webhook === undefined ? { name, mail: mail ?? '' } : { name, webhook };
}
