import { expect, it } from 'vitest';
import { migrate, savedNodeSchema, type Migration } from './saved-node.ts';

const SAVED = { id: 'n1', type: 'streetlight', assets: ['urn:ngsi-ld:Streetlight:a'] };
const renamed: Migration = ({ assets, ...rest }) => ({ ...rest, targets: assets });
const withRamp: Migration = (saved) => ({ ramp: '0 s', ...saved });

it('takes a node from before there were versions as version 1, with every field as it was', () => {
  expect(migrate(SAVED)).toEqual({ ok: true, value: { ...SAVED, version: 1 } });
});

it('goes through every step that is missing, in their order, and through none twice', () => {
  const today = { id: 'n1', type: 'streetlight', targets: SAVED.assets, ramp: '0 s', version: 3 };
  expect(migrate(SAVED, [renamed, withRamp])).toEqual({ ok: true, value: today });
  expect(migrate({ ...SAVED, version: 1 }, [renamed, withRamp])).toEqual({ ok: true, value: today });
  expect(migrate({ ...today, ramp: '2 s' }, [renamed, withRamp])).toEqual({
    ok: true,
    value: { ...today, ramp: '2 s' },
  });
});

it('leaves the saved node itself as it was', () => {
  const saved = Object.freeze({ ...SAVED });
  migrate(saved, [renamed]);
  expect(saved).toEqual(SAVED);
});

it.each([2, -1, 0.5, '1', null])('refuses a node of version %j, which this palette does not know', (version) => {
  const outcome = migrate({ ...SAVED, version });
  expect(outcome.ok ? outcome.value : outcome.problems.map(({ code }) => code)).toEqual(
    version === null ? { ...SAVED, version: 1 } : ['node-version'],
  );
});

it('gives every form a name and the version of today', () => {
  expect(savedNodeSchema(4).parse({})).toEqual({ name: '', version: 4 });
});
