// A short seeded round of five faults, on a whole box in parts with its own Redis, field bus and devices. The long proof is
// `npm run chaos`.
import { expect, it, onTestFinished } from 'vitest';

import { makeTempFolder } from '../test/temp-folder.ts';
import { broken } from './criteria.ts';
import { runExperiment } from './experiment.ts';
import type { FaultName } from './faults.ts';

const ROUND = { rounds: 1, rate: 100, seed: 7 };
const WITHIN_MS = 120_000;

it.each<FaultName>(['worker-kill', 'engine-kill', 'redis-kill', 'link-cut', 'worker-freeze'])(
  '%s loses nothing, does nothing twice, late or out of order',
  async (fault) => {
    const folder = await makeTempFolder();
    onTestFinished(() => folder.remove());
    const said: string[] = [];
    const found = await runExperiment({ fault, ...ROUND, folder: folder.path, note: (text) => said.push(text) });
    expect({ problems: broken(fault, found), said }).toEqual({ problems: [], said });
    expect(found.effects).toBeGreaterThan(0);
    expect(found.verified).toBeGreaterThan(0);
  },
  WITHIN_MS,
);
