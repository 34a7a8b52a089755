// What a device's message means, and whether that device may say it. Pure.
import { check } from '../../model/check.ts';
import { ackSchema, parseTopic, reportSchema, statusSchema, type FieldAddress } from '../../model/field.ts';
import type { Input } from '../../model/input.ts';
import { describeProblems, type Result } from '../../model/result.ts';
import type { DeviceDirectory } from '../adapter.ts';

/** Why a message is not taken; counted under these words. */
export type RefusalReason = 'topic' | 'too-large' | 'json' | 'schema' | 'device' | 'binding';

/** An input for the log, or why not. */
export type ReadMessage = { input: Input } | { refused: RefusalReason; detail: string; address?: FieldAddress };

/** The largest message from a device, in bytes. */
export const LARGEST_MESSAGE = 65_536;

/** Reads one message from `report`, `ack` or `status`. */
export function readMessage(topic: string, payload: Buffer, directory: DeviceDirectory): ReadMessage {
  const parsed = parseTopic(topic);
  if (!parsed || parsed.channel === 'telemetry' || parsed.channel === 'command')
    return { refused: 'topic', detail: `${topic} is not a topic that devices answer on` };
  const { channel, ...address } = parsed;
  // Whether the device exists is asked only of what cannot be taken: a bound asset says so already, and reports are many.
  const refuse = (refused: RefusalReason, detail: string): ReadMessage =>
    directory.isDevice(address.department, address.device)
      ? { refused, detail, address }
      : { refused: 'device', detail: 'no asset is bound to this device', address };
  if (payload.length > LARGEST_MESSAGE)
    return refuse('too-large', `${payload.length} bytes; at most ${LARGEST_MESSAGE}`);
  const json = parseJson(payload);
  if (json === undefined) return refuse('json', 'the payload is not JSON');
  const input = inputOf(channel, address, json);
  if (!input.ok) return refuse('schema', describeProblems(input.problems));
  const asset = assetOf(input.value);
  const isTaken =
    asset === undefined
      ? directory.isDevice(address.department, address.device)
      : directory.isBound(asset, address.department, address.device);
  return isTaken ? { input: input.value } : refuse('binding', `${asset} is not bound to this device`);
}

function inputOf(channel: 'ack' | 'report' | 'status', address: FieldAddress, json: unknown): Result<Input> {
  switch (channel) {
    case 'ack': {
      const ack = check(ackSchema, json);
      return ack.ok ? { ok: true, value: { kind: 'ack', ...address, ack: ack.value } } : ack;
    }
    case 'report': {
      const report = check(reportSchema, json);
      return report.ok ? { ok: true, value: { kind: 'report', ...address, report: report.value } } : report;
    }
    case 'status': {
      const status = check(statusSchema, json);
      return status.ok ? { ok: true, value: { kind: 'status', ...address, status: status.value } } : status;
    }
  }
}

function assetOf(input: Input): string | undefined {
  if (input.kind === 'report') return input.report.asset;
  return input.kind === 'ack' ? input.ack.asset : undefined;
}

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}
