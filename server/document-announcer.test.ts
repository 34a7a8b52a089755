import { pino } from 'pino';
import { expect, it } from 'vitest';
import { systemActor } from '../engine/model/actor.ts';
import { asset } from '../test/gateway-run.ts';
import { ManualClock } from '../test/manual-clock.ts';
import { MemoryLog } from '../test/memory-log.ts';
import { MemoryDocuments } from '../test/memory-store.ts';
import { DocumentAnnouncer } from './document-announcer.ts';
import { LogWriter } from './log-writer.ts';
import { createMetrics } from './metrics.ts';

it('announces again what was stored in the last quarter of an hour, so that a dead gateway loses no change', async () => {
  const clock = new ManualClock();
  const documents = new MemoryDocuments(clock);
  const actor = systemActor('test');
  const store = (id: string) =>
    documents.put({ kind: 'asset', id, department: 'traffic', body: asset(id, 'traffic'), expected: 0, actor });
  await store('urn:ngsi-ld:Detector:old');
  clock.advance(15 * 60_000 + 1);
  await store('urn:ngsi-ld:Detector:new');
  const log = new MemoryLog(clock);
  const inputs = new LogWriter(log, createMetrics());
  const announcer = new DocumentAnnouncer({ documents, inputs, clock, log: pino({ level: 'silent' }) });
  await announcer.start();
  await announcer.start();
  expect(log.entries.map(({ input }) => input.kind === 'document' && input.document.id)).toEqual([
    'urn:ngsi-ld:Detector:new',
  ]);
  announcer.stop();
  announcer.stop();
});
