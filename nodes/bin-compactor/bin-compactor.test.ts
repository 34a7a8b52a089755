import { expect, it } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { linkedCore, runNode, useNodeRed } from '../../test/palette.ts';
import binCompactor from './bin-compactor.ts';

useNodeRed();

it('claims a cycle of its compactor', async () => {
  const { server, link } = await linkedCore();
  const assets = ['urn:ngsi-ld:WasteContainer:rp-2'];
  const node = await runNode(binCompactor, { type: 'bin-compactor', assets }, link);
  node.receive({ payload: 'compacting' });
  await eventually(() => expect(node.completed).toBe(1));
  expect(server.requests).toMatchObject([
    { point: `${assets[0]}#compaction`, effect: 'set', value: 'compacting', slot: 13 },
  ]);
});
