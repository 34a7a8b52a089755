// Marks for states: a shape of its own for each, so that nothing is said by colour alone.
import type { ReactNode } from 'react';

import type { CommandState } from '../../../engine/model/command.ts';
import styles from './ui.module.css';

/** What a colour stands for. */
export type Tone = 'ok' | 'run' | 'warn' | 'bad' | 'idle';

/** The CSS class of a tone. */
export const toneClass = (tone: Tone): string => styles[tone] ?? '';

/** The tone of each command state. */
export const STATE_TONES: Readonly<Record<CommandState, Tone>> = {
  queued: 'run',
  sent: 'run',
  accepted: 'run',
  verified: 'ok',
  refused: 'warn',
  superseded: 'idle',
  expired: 'warn',
  unverified: 'bad',
  failed: 'bad',
};

const RING = <circle cx="7" cy="7" r="5" fill="none" stroke="currentColor" strokeWidth="1.6" />;

const SHAPES: Readonly<Record<CommandState, ReactNode>> = {
  queued: RING,
  sent: (
    <>
      {RING}
      <path d="M7 2 A5 5 0 0 1 7 12 Z" fill="currentColor" />
    </>
  ),
  accepted: (
    <>
      {RING}
      <circle cx="7" cy="7" r="2.8" fill="currentColor" />
    </>
  ),
  verified: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path d="M4 7.2 6.2 9.4 10.2 4.8" fill="none" stroke="var(--panel)" strokeWidth="1.7" />
    </>
  ),
  refused: (
    <>
      <circle cx="7" cy="7" r="5.5" fill="none" stroke="currentColor" strokeWidth="1.7" />
      <path d="M3.5 7H10.5" stroke="currentColor" strokeWidth="2.2" />
    </>
  ),
  superseded: <path d="M2.5 3 6.5 7 2.5 11M7.5 3 11.5 7 7.5 11" fill="none" stroke="currentColor" strokeWidth="1.7" />,
  expired: (
    <>
      {RING}
      <path d="M7 4V7.2L9 8.6" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  unverified: (
    <>
      <path d="M7 1 13.4 12.5H.6Z" fill="currentColor" />
      <path d="M7 5V8.6M7 9.8V11.2" stroke="var(--panel)" strokeWidth="1.6" />
    </>
  ),
  failed: (
    <>
      <rect x="1" y="1" width="12" height="12" rx="2" fill="currentColor" />
      <path d="M4.2 4.2 9.8 9.8M9.8 4.2 4.2 9.8" stroke="var(--panel)" strokeWidth="1.7" />
    </>
  ),
};

/** The mark of a command state. Decoration: the state stands beside it in words. */
export function StateMark({ state, pulse = false }: { state: CommandState; pulse?: boolean }): ReactNode {
  return (
    <svg
      className={`${styles.mark} ${toneClass(STATE_TONES[state])} ${pulse ? styles.pulse : ''}`}
      viewBox="0 0 14 14"
      aria-hidden="true"
    >
      {SHAPES[state]}
    </svg>
  );
}

const SIGNS = {
  started: <path d="M3 2 12 7 3 12Z" fill="currentColor" />,
  ended: <rect x="2.5" y="2.5" width="9" height="9" fill="currentColor" />,
  true: <path d="M2.5 7.5 5.5 10.5 11.5 3.5" fill="none" stroke="currentColor" strokeWidth="2" />,
  false: <path d="M3 3 11 11M11 3 3 11" fill="none" stroke="currentColor" strokeWidth="2" />,
  unknown: (
    <path d="M4.3 5A2.7 2.7 0 1 1 8 7.2Q7 7.8 7 9M7 10.6V12.4" fill="none" stroke="currentColor" strokeWidth="1.8" />
  ),
  offline: (
    <path
      d="M2 2 12 12M3 7.5A6 6 0 0 1 5 6M9 6A6 6 0 0 1 11 7.5M5.4 10A2.5 2.5 0 0 1 8.6 10"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
    />
  ),
  stale: (
    <path
      d="M7 1.8A5.2 5.2 0 1 1 6.9 1.8M7 4V7.4L9.2 8.8"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeDasharray="2.4 1.2"
    />
  ),
  hand: (
    <path
      d="M4 12V7L2.6 5.4 4 4.6 5.4 6V2.2H6.8V6 1.6H8.2V6 2.2H9.6V6.4 3.6H11V9L9.4 12Z"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.1"
      strokeLinejoin="round"
    />
  ),
  press: (
    <path d="M2 1.8H12M7 3V9M4.4 6.6 7 9.2 9.6 6.6M2 12.2H12" fill="none" stroke="currentColor" strokeWidth="1.6" />
  ),
  counting: (
    <>
      <circle cx="7" cy="7.6" r="4.8" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M7 7.6V4.8M5.4 1.4H8.6" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  alarm: (
    <path
      d="M2.4 10.6H11.6L10.4 8.8V6.2A3.4 3.4 0 0 0 3.6 6.2V8.8ZM5.7 12.3A1.4 1.4 0 0 0 8.3 12.3M7 2.8V1.4"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    />
  ),
  shelf: <path d="M2 11.5H12M4 11.5V5.5H7V11.5M7 8H10V11.5" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  close: <path d="M2.5 2.5 11.5 11.5M11.5 2.5 2.5 11.5" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  person: (
    <path
      d="M7 7A2.6 2.6 0 1 0 6.9 7M2 13C2 9.6 4 8.6 7 8.6S12 9.6 12 13"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    />
  ),
  away: (
    <path
      d="M5.5 2.5H2.5V11.5H11.5V8.5M8 2.5H11.5V6M11.5 2.5 6.5 7.5"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
    />
  ),
} as const;

/** The name of a sign. */
export type SignName = keyof typeof SIGNS;

/** A small sign. Decoration: what it means stands beside it in words. */
export function Sign({ name, tone }: { name: SignName; tone?: Tone }): ReactNode {
  return (
    <svg className={`${styles.mark} ${tone ? toneClass(tone) : ''}`} viewBox="0 0 14 14" aria-hidden="true">
      {SIGNS[name]}
    </svg>
  );
}
