// What of a stand-down is counted as safe, and what is not.
import { expect, it } from 'vitest';

import { asset, claim, point, snapshot } from '../city/city-builders.testsuite.ts';
import { fromSnapshot } from '../city/city-state.ts';
import { assetsOf, progressOf } from './progress.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:quay-1';
const J4 = 'urn:ngsi-ld:TrafficController:J4';
const standDown = { ...claim(1), owner: 'stand-down */one', slot: 1 };
const lamp = (value?: number, winner: typeof standDown = standDown) =>
  fromSnapshot(
    snapshot({
      assets: [asset(LAMP, { points: ['level'], zone: 'quay' }), asset(J4, { points: [] })],
      points: [
        point(`${LAMP}#level`, winner, value === undefined ? {} : { reported: { value, cause: 'command', at: 500 } }),
      ],
    }),
  );
const none = { safe: 0, underWay: 0, waiting: 0, unknown: 0 };

it('counts what is reported, not what was sent', () => {
  expect(progressOf({}, lamp(1))).toEqual({ ...none, safe: 1 });
  expect(progressOf({}, lamp(0.3))).toEqual({ ...none, underWay: 1 });
  expect(progressOf({}, lamp())).toEqual({ ...none, unknown: 1 });
});

it('says that no engine has taken it up, though the value happens to be there', () => {
  expect(progressOf({}, lamp(1, claim(1)))).toEqual({ ...none, waiting: 1 });
});

it('counts a point of which nothing was ever heard as not told', () => {
  const city = fromSnapshot(snapshot({ assets: [asset(LAMP, { points: ['level'] })] }));
  expect(progressOf({}, city)).toEqual({ ...none, waiting: 1 });
});

it('is only about its scope, and about assets that have points', () => {
  expect(assetsOf({ zone: 'quay' }, lamp(1).assets).map(({ id }) => id)).toEqual([LAMP]);
  expect(assetsOf({}, lamp(1).assets).map(({ id }) => id)).toEqual([LAMP]);
  expect(progressOf({ zone: 'hill' }, lamp(1))).toEqual(none);
});
