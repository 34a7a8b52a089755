import { expect, it } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { linkedCore, runNode, useNodeRed } from '../../test/palette.ts';
import streetlight from './streetlight.ts';

useNodeRed();

it.each(['set', 'atLeast', 'atMost'])(
  'claims a level with the effect %s of its form and the ramp of the message',
  async (effect) => {
    const { server, link } = await linkedCore();
    const assets = ['urn:ngsi-ld:Streetlight:river-path-17'];
    const node = await runNode(streetlight, { type: 'streetlight', assets, effect, lease: '10 min' }, link);
    node.receive({ payload: { value: 0.8, ramp: '2 s' } });
    await eventually(() => expect(node.completed).toBe(1));
    expect(server.requests).toMatchObject([
      { point: `${assets[0]}#level`, effect, value: 0.8, rampSeconds: 2, leaseSeconds: 600 },
    ]);
  },
);
