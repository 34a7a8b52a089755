import { expect, it } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { decisionOf } from '../../test/decision.ts';
import { linkedCore, runNode, sharedText, useNodeRed } from '../../test/palette.ts';
import decision, { configSchema, passes } from './decision.ts';

useNodeRed();

it('sends one message for each decision, with the rule as topic', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(decision, { type: 'decision' }, link);
  server.tell({ type: 'decision', decision: decisionOf() });
  server.tell({ type: 'decision', decision: decisionOf({ decisionId: 'd2', kind: 'ended' }) });
  await eventually(() => expect(node.outputs[0]).toHaveLength(2));
  expect(node.outputs[0]?.[0]).toMatchObject({ topic: 'traffic/queue-relief', payload: decisionOf() });
  await eventually(() =>
    expect(node.statuses.at(-1)).toEqual({ fill: 'grey', shape: 'dot', text: sharedText('status.ended') }),
  );
});

it('hears nothing any more when it is deleted', async () => {
  const { server, link } = await linkedCore();
  const node = await runNode(decision, { type: 'decision' }, link);
  await node.remove();
  const heard = new Promise<void>((resolve) => link.onDecision(() => resolve()));
  server.tell({ type: 'decision', decision: decisionOf() });
  await heard;
  expect(node.outputs[0]).toEqual([]);
});

it.each([
  [{}, true],
  [{ rule: 'traffic/queue-relief' }, true],
  [{ rule: 'traffic/other' }, false],
  [{ asset: 'urn:ngsi-ld:TrafficController:J4' }, true],
  [{ asset: 'urn:ngsi-ld:Approach:J4-east' }, true],
  [{ asset: 'urn:ngsi-ld:Approach:J4-west' }, false],
  [{ kind: 'started' }, true],
  [{ kind: 'ended' }, false],
])('the form %j lets a beginning decision of J4’s eastern approach through: %s', (form, isThrough) => {
  expect(passes(configSchema.parse(form), decisionOf())).toBe(isThrough);
});
