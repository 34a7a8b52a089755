// Runs a fold over made-up log entries, with words for what tests put into it and look for.
import type { Output } from '../engine/fold/ports.ts';
import { TrialRun } from '../engine/fold/trial-run.ts';
import type { FoldSettings } from '../engine/fold/work.ts';
import { assetSchema, type Asset } from '../engine/model/asset.ts';
import { calendarSchema } from '../engine/model/calendar.ts';
import { toIso } from '../engine/model/clock.ts';
import type { Command, CommandRecord } from '../engine/model/command.ts';
import type { Decision } from '../engine/model/decision.ts';
import { dutyListSchema } from '../engine/model/duty.ts';
import { reportSchema } from '../engine/model/field.ts';
import type { LogEntry } from '../engine/model/input.ts';
import { interlockSchema } from '../engine/model/interlock.ts';
import { namedConditionSchema, ruleSchema } from '../engine/model/rule.ts';
import { scheduleSchema } from '../engine/model/schedule.ts';
import type { Value } from '../engine/model/value.ts';

/** An instant to begin with: 2026-11-22T10:00:00Z. */
export const START = Date.UTC(2026, 10, 22, 10);

/** A fold, a log and a clock, all in memory; everything that happened is kept. */
export class FoldRun extends TrialRun {
  readonly entries: LogEntry[] = [];
  readonly outputs: Output[] = [];
  #n = 0;

  constructor(settings: Partial<FoldSettings> = {}) {
    super(START, settings);
  }

  /** Lets `seconds` pass, firing every timer that comes due on its way. */
  pass(seconds: number): Promise<Output[]> {
    return this.passTo(this.now + seconds * 1_000);
  }

  protected override async take(entry: LogEntry): Promise<Output[]> {
    this.entries.push(entry);
    const outputs = await super.take(entry);
    this.outputs.push(...outputs);
    return outputs;
  }

  async asset(body: unknown, version = 1): Promise<Asset> {
    const asset = assetSchema.parse(body);
    await this.put({ kind: 'document', document: { of: 'asset', id: asset.id, version, body: asset } });
    return asset;
  }

  async rule(body: unknown, version = 1): Promise<Output[]> {
    const rule = ruleSchema.parse(body);
    return this.put({ kind: 'document', document: { of: 'rule', id: rule.id, version, body: rule } });
  }

  async condition(body: unknown): Promise<void> {
    const condition = namedConditionSchema.parse(body);
    await this.put({ kind: 'document', document: { of: 'condition', id: condition.id, version: 1, body: condition } });
  }

  async calendar(body: unknown, version = 1): Promise<Output[]> {
    const calendar = calendarSchema.parse(body);
    return this.put({ kind: 'document', document: { of: 'calendar', id: calendar.id, version, body: calendar } });
  }

  async duty(body: unknown, version = 1): Promise<Output[]> {
    const list = dutyListSchema.parse(body);
    return this.put({ kind: 'document', document: { of: 'duty', id: list.id, version, body: list } });
  }

  async schedule(body: unknown, version = 1): Promise<Output[]> {
    const schedule = scheduleSchema.parse(body);
    return this.put({ kind: 'document', document: { of: 'schedule', id: schedule.id, version, body: schedule } });
  }

  async interlock(body: unknown, version = 1): Promise<void> {
    const interlock = interlockSchema.parse(body);
    await this.put({ kind: 'document', document: { of: 'interlock', id: interlock.id, version, body: interlock } });
  }

  /** A sensor's reading, observed now. */
  async reading(
    asset: string,
    property: string,
    value: Value,
    more: { id?: string; at?: number; quality?: 'good' | 'bad' } = {},
  ): Promise<Output[]> {
    const id = more.id ?? `r${(this.#n += 1)}/${property}`;
    const observedAt = more.at ?? this.now;
    const reading = {
      id,
      asset,
      property,
      value,
      observedAt,
      receivedAt: this.now,
      quality: more.quality ?? ('good' as const),
      source: 'flow:test',
    };
    return this.put({ kind: 'readings', readings: [reading] });
  }

  /** A device's report about itself, observed now. */
  async report(asset: string, body: { points?: unknown; readings?: unknown }): Promise<Output[]> {
    const report = reportSchema.parse({ id: `p${(this.#n += 1)}`, asset, observedAt: toIso(this.now), ...body });
    return this.put({ kind: 'report', department: 'traffic', device: 'device', report });
  }

  /** The rules that have started and not ended, by what the fold decided. */
  activeRules(): string[] {
    const active = new Set<string>();
    for (const decision of decisionsIn(this.outputs)) {
      if (decision.kind === 'started') active.add(decision.rule);
      else active.delete(decision.rule);
    }
    return [...active];
  }

  /** The worker's word that a command is on the wire. */
  async sent(command: Command): Promise<Output[]> {
    return this.put({ kind: 'progress', commandId: command.commandId, state: 'sent' });
  }
}

/** The commands among outputs. */
export const commandsIn = (outputs: readonly Output[]): Command[] =>
  outputs.flatMap((output) => (output.kind === 'command' ? [output.command] : []));

/** The decisions among outputs. */
export const decisionsIn = (outputs: readonly Output[]): Decision[] =>
  outputs.flatMap((output) => (output.kind === 'decision' ? [output.decision] : []));

/** The newest state of each command among outputs, in words. */
export function endsIn(outputs: readonly Output[]): Record<string, string> {
  const records = outputs.flatMap((output): CommandRecord[] =>
    output.kind === 'command-record' ? [output.record] : [],
  );
  return Object.fromEntries(records.map(({ command, steps }) => [command.commandId, steps.at(-1)?.state ?? 'queued']));
}
