import { pino } from 'pino';
import { expect, it } from 'vitest';
import { logNodeRed, type NodeRedLogMessage } from './log.ts';

/** Node-RED's levels. */
const [ERROR, WARN, INFO] = [20, 30, 40];
const failed = { type: 'mqtt-broker', id: 'b1', name: 'Field bus', msg: 'Connection failed to broker: mqtt://bus' };

it('says that the field bus cannot be reached only once the core is there', () => {
  expect(written({ level: INFO, ...failed }, false)).toEqual([]);
  expect(written({ level: INFO, ...failed }, true)).toMatchObject([{ level: 30, msg: failed.msg, node: 'b1' }]);
});

it('is silent about what Node’s permission model takes from every file that Node-RED writes', () => {
  const msg =
    'Flushing file /box/flows.json.$$$ to disk failed : Error [ERR_ACCESS_DENIED]: fsync API is disabled when';
  expect(written({ level: WARN, msg }, true)).toEqual([]);
  expect(written({ level: WARN, msg: 'Flushing file /box/flows.json.$$$ to disk failed : EIO' }, true)).toHaveLength(1);
});

it('says everything else at once', () => {
  expect(written({ level: INFO, type: 'mqtt-broker', msg: 'Connected to broker: mqtt://bus' }, false)).toHaveLength(1);
  expect(written({ level: ERROR, type: 'function', msg: new TypeError('x is undefined') }, false)).toMatchObject([
    { level: 50, msg: 'x is undefined', err: { type: 'TypeError' } },
  ]);
});

function written(message: NodeRedLogMessage, isCoreKnown: boolean): unknown[] {
  const lines: string[] = [];
  logNodeRed(pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }), message, isCoreKnown);
  return lines.map((line): unknown => JSON.parse(line));
}
