// A command as the field contract writes it.
import type { Command } from '../../model/command.ts';
import { toIso } from '../../model/clock.ts';
import { SignalboxError } from '../../model/errors.ts';
import { fieldCommandSchema, parseTopic, topicOf, type FieldCommand } from '../../model/field.ts';
import { splitPointKey } from '../../model/names.ts';

/** What goes on the bus. */
export interface FieldMessage {
  topic: string;
  payload: string;
}

/** Puts a command into the field contract's words. Throws `invalid` when the contract cannot carry it. */
export function encodeCommand(command: Command): FieldMessage {
  const { asset, point } = splitPointKey(command.point);
  const topic = topicOf({ department: command.department, device: command.device }, 'command');
  const message: FieldCommand = {
    commandId: command.commandId,
    asset,
    point,
    sequence: command.sequence,
    fence: command.fence,
    issuedAt: toIso(command.issuedAt),
    notAfter: toIso(command.notAfter),
    want: command.want,
    ...(command.leaseUntil === undefined ? {} : { lease: { until: toIso(command.leaseUntil) } }),
  };
  const checked = fieldCommandSchema.safeParse(message);
  if (!checked.success || !parseTopic(topic))
    throw new SignalboxError('invalid', {
      what: `The command ${command.commandId} on ${topic}`,
      problems: checked.error?.issues ?? [],
    });
  return { topic, payload: JSON.stringify(checked.data) };
}
