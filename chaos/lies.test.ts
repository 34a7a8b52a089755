import { expect, it } from 'vitest';

import { findLies } from './lies.ts';

const DUE_MS = 4_000;
const command = (
  ...steps: [state: 'queued' | 'sent' | 'accepted' | 'unverified' | 'verified' | 'superseded', at: number][]
) => ({
  steps: steps.map(([state, at]) => ({ state, at })),
});

it('counts a lie that was called unverified in time as found', () => {
  const found = findLies([command(['queued', 0], ['sent', 100], ['accepted', 110], ['unverified', 3_200])], DUE_MS);
  expect(found).toEqual({ lies: 1, found: 1, latestMs: 3_100 });
});

it('does not count one that was called so too late, was believed, or never ended', () => {
  const late = command(['queued', 0], ['sent', 100], ['unverified', 4_101]);
  const believed = command(['queued', 0], ['sent', 100], ['verified', 200]);
  const open = command(['queued', 0], ['sent', 100], ['accepted', 110]);
  expect(findLies([late, believed, open], DUE_MS)).toEqual({ lies: 3, found: 0, latestMs: 4_001 });
});

it('passes over what was replaced before its proof was due, and what was never sent', () => {
  const replaced = command(['queued', 0], ['sent', 100], ['superseded', 2_000]);
  const unsent = command(['queued', 0], ['superseded', 50]);
  expect(findLies([replaced, unsent], DUE_MS)).toEqual({ lies: 0, found: 0, latestMs: 0 });
});

it('does not pass over what was replaced only after its proof was overdue', () => {
  const replaced = command(['queued', 0], ['sent', 100], ['superseded', 9_000]);
  expect(findLies([replaced], DUE_MS)).toMatchObject({ lies: 1, found: 0 });
});
