// A rule starts exactly when json-rules-engine says so, and never on what is unknown: through the fold, its index and all.
import { expect, it } from 'vitest';

import { compareAllKnown, comparePartlyKnown, type Tally } from './against-library.testsuite.ts';

const LONG_MS = 180_000;

const inWords = ({ pairs, holding, unknown, starts, disagreements }: Tally): string =>
  `${pairs} pairs of a rule and a reading, ${holding} of them true, ${unknown} with unknown facts, ${starts} activations, ${disagreements} disagreements`;

it(
  'with all facts known and of the right type, an activation starts exactly when json-rules-engine says so',
  { timeout: LONG_MS },
  async () => {
    const tally = await compareAllKnown(100_000);
    process.stdout.write(`json-rules-engine: ${inWords(tally)}\n`);
    expect(tally.pairs).toBeGreaterThanOrEqual(100_000);
    expect(tally.holding).toBeGreaterThan(20_000);
    expect(tally.starts).toBeGreaterThan(2_000);
    expect(tally.disagreements).toBe(0);
  },
);

it('with a fact unknown, no operator fires, decorators or not', { timeout: LONG_MS }, async () => {
  const tally = await comparePartlyKnown(50_000);
  process.stdout.write(`json-rules-engine: ${inWords(tally)}\n`);
  expect(tally.pairs).toBeGreaterThanOrEqual(50_000);
  expect(tally.unknown).toBeGreaterThan(15_000);
  expect(tally.starts).toBeGreaterThan(800);
  expect(tally.disagreements).toBe(0);
});
