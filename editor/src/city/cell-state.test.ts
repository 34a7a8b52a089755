// Cells of lamps and containers.
import { expect, it } from 'vitest';

import { asset, claim, commandRecord, fact, point, snapshot } from './city-builders.testsuite.ts';
import { cellOf } from './cell-state.ts';
import { fromSnapshot } from './city-state.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:river-path-17';
const LEVEL = `${LAMP}#level`;
const reported = { value: 0.8, cause: 'command', at: 0 };
const cell = (some: Parameters<typeof snapshot>[0]) => cellOf(fromSnapshot(snapshot(some)), LAMP, 'level');
const verified = commandRecord(LEVEL, 1, ['queued', 'sent', 'verified']);

it('shows the reported level and that somebody holds it', () => {
  const points = [point(LEVEL, claim(0.8), { reported, commandId: `${LEVEL}:1` })];
  expect(cell({ points, commands: [verified] })).toEqual({ value: 0.8, isHeld: true, mark: undefined });
});

it('shows trouble before everything else', () => {
  const points = [point(LEVEL, undefined, { reported, commandId: `${LEVEL}:1` })];
  const commands = [commandRecord(LEVEL, 1, ['queued', 'sent', 'unverified'])];
  expect(cell({ assets: [asset(LAMP, { online: false })], points, commands }).mark).toBe('trouble');
});

it('shows a command under way', () => {
  const points = [point(LEVEL, claim(1), { reported, commandId: `${LEVEL}:1` })];
  expect(cell({ points, commands: [commandRecord(LEVEL, 1, ['queued', 'sent'])] }).mark).toBe('moving');
});

it('is unknown without a report, with a silent sensor, and offline when the device says so', () => {
  expect(cell({}).mark).toBe('unknown');
  const points = [point(LEVEL, undefined, { reported })];
  expect(cell({ points, facts: [fact(LAMP, 'activePower', 1, { state: 'stale' })] }).mark).toBe('unknown');
  expect(cell({ points, assets: [asset(LAMP, { online: false })] }).mark).toBe('offline');
});

it('takes a reading where there is no point', () => {
  const bin = 'urn:ngsi-ld:WasteContainer:b1';
  const city = fromSnapshot(snapshot({ facts: [fact(bin, 'fillingLevel', 0.4)] }));
  expect(cellOf(city, bin, 'fillingLevel')).toEqual({ value: 0.4, isHeld: false, mark: undefined });
});
