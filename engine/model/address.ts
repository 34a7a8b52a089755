// Where people and other systems are reached.
import { z } from 'zod';

/** Somebody's mailbox. */
export const mailSchema = z.email('allowed is a mail address such as "desk@city.example"').max(200);

/** Another system. A name and password in its address would stand in every copy of the document: calls are signed instead. */
export const webhookUrlSchema = z
  .url({ protocol: /^https?$/, error: 'allowed is an address that begins with https:// or http://' })
  .max(1_000)
  .refine((url) => !/^[a-z]+:\/\/[^/?#]*@/i.test(url), 'allowed is an address without name and password');

/** One way to reach somebody. */
export type Address = { name: string; mail: string } | { name: string; webhook: string };
