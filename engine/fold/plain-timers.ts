// Timers that need nothing but the state: what each kind does when it is due, by the word before the colon in its name.
import { unshelve } from './alarms.ts';
import { onDeadline } from './commands.ts';
import { forgetWaiting } from './confirmations.ts';
import { giveNotice } from './notices.ts';
import type { Work } from './work.ts';

/** By kind; each is given the rest of the timer's name. */
export const PLAIN_TIMERS: ReadonlyMap<string, (work: Work, key: string) => void> = new Map([
  ['activation', (work: Work, key: string) => void work.dirtyInstances.add(key)],
  ['recheck', (work: Work, key: string) => void work.dirtyInstances.add(key)],
  ['claim', (work: Work, key: string) => work.dropClaim(key)],
  ['command', onDeadline],
  ['confirmation', forgetWaiting],
  ['point', (work: Work, key: string) => void work.dirtyPoints.add(key)],
  ['shelf', (work: Work, key: string) => unshelve(work, key, { why: 'its time on the shelf is up' })],
  ['notice', giveNotice],
]);
