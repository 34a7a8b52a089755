import { expect, it } from 'vitest';
import { decodeTraffic } from './decode.ts';

const CONTEXT = { topic: 'signalbox/v1/traffic/J4/telemetry' };
const DETECTOR = 'urn:ngsi-ld:Detector:J4-east-1';
const telemetry = (readings: object, more: object = {}) => ({
  asset: DETECTOR,
  observedAt: '2026-11-22T14:02:11Z',
  readings,
  ...more,
});
/** From the Smart Data Models' own example, shortened. */
const FLOW = {
  id: 'urn:ngsi-ld:TrafficFlowObserved:TrafficFlowObserved-Valladolid-osm-60821110',
  type: 'TrafficFlowObserved',
  dateObservedFrom: '2016-12-07T11:10:00Z',
  dateObservedTo: '2016-12-07T11:15:00Z',
  intensity: 197,
  occupancy: 0.76,
  averageVehicleSpeed: 52.6,
  laneDirection: 'forward',
  refDevice: [DETECTOR],
};

const idOf = (payload: object, topic = 'a') => decodeTraffic(payload, { topic }).readings[0]?.id;
const valuesOf = (payload: unknown, context: object = {}) => {
  const { readings, problems } = decodeTraffic(payload, { ...CONTEXT, ...context });
  return {
    values: Object.fromEntries(readings.map(({ property, value }) => [property, value])),
    problems: problems.map(({ path, message }) => `${path}: ${message}`),
  };
};

it.each([
  ['a ratio stays a ratio', telemetry({ occupancy: 0.42 }), { occupancy: 0.42 }],
  [
    'a percentage that says so becomes a ratio',
    telemetry({ occupancy: 42 }, { units: { occupancy: '%' } }),
    { occupancy: 0.42 },
  ],
  [
    '0.42 that says it is a percentage is 0.42 %',
    telemetry({ occupancy: 0.42 }, { units: { occupancy: '%' } }),
    { occupancy: 0.0042 },
  ],
  [
    'metres per second become km/h',
    telemetry({ averageVehicleSpeed: 10 }, { units: { averageVehicleSpeed: 'm/s' } }),
    { averageVehicleSpeed: 36 },
  ],
  [
    'vehicles per minute become vehicles per hour',
    telemetry({ intensity: 7 }, { units: { intensity: '/min' } }),
    { intensity: 420 },
  ],
  ['what a network server left out is not taken for zero', telemetry({ intensity: 0 }), { intensity: 0 }],
  ['a property of the asset’s own passes as it is', telemetry({ pedestrianCalls: 3 }), { pedestrianCalls: 3 }],
])('%s', (_, payload, values) => {
  expect(valuesOf(payload)).toEqual({ values, problems: [] });
});

it.each([
  [
    'a percentage that does not say so',
    { occupancy: 42 },
    {},
    '/readings/occupancy: found 42; allowed is a number from 0 to 1',
  ],
  [
    'RSMP’s -1 for no data',
    { occupancy: -1 },
    { occupancy: '%' },
    '/readings/occupancy: found -0.01; allowed is a number from 0 to 1',
  ],
  [
    'a number as text',
    { intensity: '600' },
    {},
    '/readings/intensity: found "600"; allowed is a number from 0 to 20000 /h',
  ],
  ['RSMP’s "True"', { manualControl: 'True' }, {}, '/readings/manualControl: found "True"; allowed is true or false'],
  [
    'an unknown unit',
    { averageVehicleSpeed: 30 },
    { averageVehicleSpeed: 'mph' },
    '/readings/averageVehicleSpeed: found "mph"; allowed is km/h, m/s',
  ],
])('refuses %s', (_, readings, units, problem) => {
  expect(valuesOf(telemetry(readings, { units }))).toEqual({ values: {}, problems: [problem] });
});

it('says everything that is wrong with the form of a message at once', () => {
  expect(valuesOf({ asset: 'J4', observedAt: 'yesterday', readings: {}, extra: 1 }).problems).toMatchInlineSnapshot(`
    [
      "/asset: an asset id is urn:ngsi-ld:<Type>:<name>; found "J4"",
      "/observedAt: Invalid ISO datetime; found "yesterday"",
      "/extra: there is no such field; found 1",
    ]
  `);
});

it('turns the vehicles of a period into vehicles per hour, at the end of the period', () => {
  const { readings, problems } = decodeTraffic(FLOW, CONTEXT);
  expect(problems).toEqual([]);
  expect(readings.map(({ property, value, unit }) => [property, value, unit])).toEqual([
    ['occupancy', 0.76, '1'],
    ['averageVehicleSpeed', 52.6, 'km/h'],
    ['intensity', 2_364, '/h'],
  ]);
  expect(new Set(readings.map(({ asset, observedAt }) => `${asset} ${observedAt}`))).toEqual(
    new Set([`${DETECTOR} ${Date.parse('2016-12-07T11:15:00Z')}`]),
  );
});

it('reads the period from an interval too, in UTC where the model leaves the offset out', () => {
  const { dateObservedFrom: _from, dateObservedTo: _to, ...flow } = FLOW;
  const payload = { ...flow, dateObserved: '2016-12-07T11:10:00/2016-12-07T11:15:00' };
  expect(valuesOf(payload).values).toMatchObject({ intensity: 2_364 });
});

it('takes no count of vehicles whose period it does not know, and the rest of the message', () => {
  const { dateObservedFrom: _from, dateObservedTo: _to, ...flow } = FLOW;
  expect(valuesOf({ ...flow, dateObserved: '2016-12-07T11:15:00Z' })).toEqual({
    values: { occupancy: 0.76, averageVehicleSpeed: 52.6 },
    problems: [
      '/intensity: found 197; it counts the vehicles of a period, so dateObservedFrom and dateObservedTo are needed',
    ],
  });
});

it('gives an observation that refers to no device to the asset of the form', () => {
  const { refDevice: _, ...flow } = FLOW;
  expect(decodeTraffic(flow, { ...CONTEXT, asset: DETECTOR }).readings[0]?.asset).toBe(DETECTOR);
  expect(valuesOf(flow).problems).toEqual([
    `/id: found "${FLOW.id.slice(0, 59)}…; needed is an asset’s id, here or in the node’s form`,
  ]);
});

it('makes up no time of observation', () => {
  const { dateObservedFrom: _from, dateObservedTo: _to, ...flow } = FLOW;
  expect(valuesOf(flow).problems).toEqual([
    ': found nothing; needed is the time of observation, ISO 8601 with an offset',
  ]);
});

it('takes several messages at once and names the place of what is wrong', () => {
  expect(valuesOf([telemetry({ occupancy: 0.4 }), { type: 'ParkingSpot' }, 7])).toEqual({
    values: { occupancy: 0.4 },
    problems: [
      '/1/type: found "ParkingSpot"; allowed is TrafficFlowObserved, or telemetry with asset, observedAt and readings',
      '/2: found 7; allowed is a JSON object, or an array of them',
    ],
  });
});

it('lets no message vanish that says nothing', () => {
  expect(valuesOf(telemetry({})).problems).toEqual([
    ': found nothing; needed is at least one value that the city knows',
  ]);
});

it('gives the same message the same ids, and another one others', () => {
  const once = telemetry({ occupancy: 0.4 });
  expect(idOf(once)).toBe(idOf(structuredClone(once)));
  expect(idOf(once)).not.toBe(idOf(telemetry({ occupancy: 0.5 })));
  expect(idOf(once)).not.toBe(idOf({ ...once, observedAt: '2026-11-22T14:02:12Z' }));
  expect(idOf(once)).not.toBe(idOf(once, 'b'));
  expect(idOf({ ...once, id: 'm1' })).toBe(`${DETECTOR}/m1/occupancy`);
});
