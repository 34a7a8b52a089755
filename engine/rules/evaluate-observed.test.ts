import { expect, it } from 'vitest';

import { evaluateObserved } from './evaluate-observed.ts';

const closed = { all: [{ fact: 'door', operator: 'equal', value: 'closed' }] };

it('is true on what the adapter saw, unknown on what nobody saw or what went stale', () => {
  expect(evaluateObserved(closed, { door: { value: 'closed', observedAt: 1 } }, 10)).toBe(true);
  expect(evaluateObserved(closed, { door: { value: 'open', observedAt: 1 } }, 10)).toBe(false);
  expect(evaluateObserved(closed, {}, 10)).toBe('unknown');
  expect(evaluateObserved(closed, { door: { value: 'closed', observedAt: 1, staleAt: 10 } }, 10)).toBe('unknown');
});

it('holds with decorators on what is known, and is unknown with them on what is not', () => {
  const notOpen = { fact: 'door', operator: 'not:swap:contains', value: ['open', 'ajar'] };
  expect(evaluateObserved(notOpen, { door: { value: 'closed', observedAt: 1 } }, 10)).toBe(true);
  expect(evaluateObserved(notOpen, { door: { value: 'ajar', observedAt: 1 } }, 10)).toBe(false);
  expect(evaluateObserved(notOpen, {}, 10)).toBe('unknown');
});

it('is unknown on named conditions and on anything but the asset’s own present values', () => {
  expect(evaluateObserved({ condition: 'dark' }, {}, 10)).toBe('unknown');
  const elsewhere = {
    all: [
      {
        fact: 'door',
        params: { of: 'zone:pier/WasteContainer', across: 'all' as const },
        operator: 'equal',
        value: 'closed',
      },
    ],
  };
  expect(evaluateObserved(elsewhere, { door: { value: 'closed', observedAt: 1 } }, 10)).toBe('unknown');
});
