// The way of a command after it was issued: sent, accepted, and proven by a reading, or one of the other ends.
import type { Command, CommandEnd, CommandStep } from '../model/command.ts';
import { durationMs } from '../model/duration.ts';
import type { Ack } from '../model/field.ts';
import type { Input } from '../model/input.ts';
import { splitPointKey } from '../model/names.ts';
import type { Point } from '../model/points.ts';
import { sameValue } from '../model/value.ts';
import { noteFailing } from './alarm-causes.ts';
import type { CommandState, ReportedPoint } from './state.ts';
import type { Work } from './work.ts';

type Progress = Extract<Input, { kind: 'progress' }>;

/** The last step of a command, before it has its time. */
type CommandEnding = Omit<CommandStep, 'at' | 'state'> & { state: CommandEnd };

/** Ends after which the same want may be tried again. */
const WORTH_ANOTHER_TRY: readonly CommandEnd[] = ['refused', 'expired', 'unverified', 'failed'];

/** Takes the worker's word on a command. Late words on a command that has ended change nothing. */
export function onProgress(work: Work, progress: Progress): void {
  const underWay = work.state.commands.get(progress.commandId);
  if (!underWay) return;
  if (progress.state === 'sent') {
    extendToProof(work, noteSent(work, underWay));
    checkProof(work, progress.commandId);
    return;
  }
  const { state, detail, until } = progress;
  endCommand(work, progress.commandId, { ...endingOf(state, detail), ...(until === undefined ? {} : { until }) });
}

/** Takes a device's answer. Its word is not yet proof. */
export function onAck(work: Work, ack: Ack): void {
  const underWay = work.state.commands.get(ack.commandId);
  if (!underWay) return;
  switch (ack.result) {
    case 'accepted':
      extendToProof(work, noteAccepted(work, noteSent(work, underWay)));
      checkProof(work, ack.commandId);
      return;
    case 'refused':
      endCommand(work, ack.commandId, { state: 'refused', detail: ack.reason ?? 'the device refused' });
      return;
    case 'expired':
      endCommand(work, ack.commandId, { state: 'expired', detail: 'it reached the device too late' });
      return;
    case 'outdated':
      endCommand(work, ack.commandId, { state: 'superseded', detail: 'the device has taken a newer command' });
  }
}

/** Ends a command in exactly one state; a command that has ended stays as it is. */
export function endCommand(work: Work, commandId: string, end: CommandEnding): void {
  const underWay = work.state.commands.get(commandId);
  if (!underWay) return;
  work.commands[end.state] += 1;
  const { command, steps } = underWay.record;
  work.emit({ kind: 'command-record', record: { command, steps: [...steps, { ...end, at: work.now }] } });
  work.state.commands.delete(commandId);
  work.timers.set(`command:${commandId}`, undefined);
  // What never left the box has not worn the point.
  if (steps.every(({ state }) => state === 'queued')) countChange(work, command, undefined);
  notePointOutcome(work, command, end);
}

function notePointOutcome(work: Work, command: Command, { state, until, detail }: CommandEnding): void {
  const point = work.state.points.get(command.point);
  if (!point || point.commandId !== command.commandId) return;
  const next = { ...point };
  if (until !== undefined) {
    // Not a failure: the newest wanted value waits until the wire's own budget lets it.
    next.heldBack = { until, why: detail ?? state };
    delete next.asked;
  } else if (WORTH_ANOTHER_TRY.includes(state)) {
    next.tries += 1;
    next.lastEnd = state;
    next.retryAt = work.now + pauseBefore(work, next.tries);
    if (next.tries > work.settings.furtherTries) noteFailing(work, command, { state, tries: next.tries, detail });
  } else if (state === 'verified') {
    next.tries = 0;
    if (next.asked && 'release' in next.asked.want) next.held = false;
  }
  work.state.points.set(command.point, next);
  work.dirtyPoints.add(command.point);
}

/** Quickly at first, then slowly for as long as somebody wants it. */
function pauseBefore(work: Work, tries: number): number {
  const { retryMs, furtherTries, slowRetryMs } = work.settings;
  return tries <= furtherTries ? retryMs * 2 ** (tries - 1) : slowRetryMs;
}

/**
 * Something has changed that may let a failed wish succeed: it is tried anew at once.
 *
 * @param ends only where the last command ended so; default any end
 */
export function tryAgain(work: Work, key: string, ends: readonly CommandEnd[] = WORTH_ANOTHER_TRY): void {
  const point = work.state.points.get(key);
  if (!point?.lastEnd || point.tries === 0 || !ends.includes(point.lastEnd)) return;
  const next = { ...point, tries: 0 };
  delete next.asked;
  delete next.retryAt;
  delete next.lastEnd;
  work.state.points.set(key, next);
  work.dirtyPoints.add(key);
}

/** A command's own timer: nobody brought it out in time, or nothing proved it in time. */
export function onDeadline(work: Work, commandId: string): void {
  const underWay = work.state.commands.get(commandId);
  if (!underWay) return;
  if (stateOf(underWay) === 'queued')
    endCommand(work, commandId, { state: 'expired', detail: 'no worker brought it to the device in time' });
  else endCommand(work, commandId, { state: 'unverified', detail: whyUnproven(work, underWay) });
}

/** Looks whether what is reported proves the newest command of a point; also called when a meter has spoken. */
export function checkPointProof(work: Work, key: string): void {
  const commandId = work.state.points.get(key)?.commandId;
  if (commandId !== undefined) checkProof(work, commandId);
}

function checkProof(work: Work, commandId: string): void {
  const underWay = work.state.commands.get(commandId);
  if (!underWay) return;
  const { command } = underWay.record;
  const reported = work.state.points.get(command.point)?.reported;
  const declared = work.declarationOf(command.point);
  if (!declared || !reported || !isProvenByDevice(underWay, reported, declared)) return;
  const meter = readMeter(work, underWay, declared);
  if (meter === undefined || meter.agrees) noteSent(work, underWay);
  if (meter === undefined)
    endCommand(work, commandId, { state: 'verified', detail: describeReport(reported), proof: 'device' });
  else if (meter.agrees) endCommand(work, commandId, { state: 'verified', detail: meter.words, proof: 'instrument' });
}

function isProvenByDevice(
  { record: { command, steps } }: CommandState,
  reported: ReportedPoint,
  declared: Point,
): boolean {
  const isOurs = reported.commandId === command.commandId;
  const wasSent = steps.some((step) => step.state === 'sent' || step.state === 'accepted');
  if ('release' in command.want)
    return wasSent && reported.cause !== 'command' && (isOurs || reported.at >= command.issuedAt);
  const isThere = sameValue(reported.value, command.want.value, declared.tolerance);
  return isThere && (isOurs || (wasSent && reported.cause === 'command' && reported.at >= command.issuedAt));
}

/** What an independent meter says of the wanted value; undefined where none is declared or a release is wanted. */
function readMeter(
  work: Work,
  { record: { command } }: CommandState,
  declared: Point,
): { agrees: boolean; words: string } | undefined {
  const { instrument } = declared;
  if (!instrument || 'release' in command.want || typeof command.want.value !== 'number') return undefined;
  const { asset } = splitPointKey(command.point);
  const full = work.directory.get(asset)?.attributes[instrument.per];
  if (typeof full !== 'number') return undefined;
  const reading = work.state.facts.get(asset, instrument.property)?.reading;
  const expected = command.want.value * full;
  const wanted = `${instrument.property} should be about ${round(expected)}`;
  if (!reading?.source.startsWith('adapter:') || reading.observedAt < command.issuedAt)
    return { agrees: false, words: `${wanted}, but no reading has come since` };
  const agrees = typeof reading.value === 'number' && Math.abs(reading.value - expected) <= instrument.tolerance * full;
  return {
    agrees,
    words: `${instrument.property} reads ${round(Number(reading.value))} ${reading.unit ?? ''}, expected about ${round(expected)}`,
  };
}

function whyUnproven(work: Work, underWay: CommandState): string {
  const { command } = underWay.record;
  const reported = work.state.points.get(command.point)?.reported;
  const declared = work.declarationOf(command.point);
  if (!declared) return 'the asset or its point was removed';
  if (!reported || !isProvenByDevice(underWay, reported, declared)) {
    return reported ? `the device still reports ${describeReport(reported)}` : 'the device has reported nothing';
  }
  return readMeter(work, underWay, declared)?.words ?? 'nothing proved it in time';
}

const describeReport = (reported: ReportedPoint): string => `${String(reported.value)} (${reported.cause})`;
const round = (value: number): number => Math.round(value * 10) / 10;

const endingOf = (state: CommandEnd, detail?: string): CommandEnding =>
  detail === undefined ? { state } : { state, detail };

const stateOf = (underWay: CommandState): CommandStep['state'] => underWay.record.steps.at(-1)?.state ?? 'queued';

function addStep(work: Work, underWay: CommandState, step: CommandStep): CommandState {
  const record = { command: underWay.record.command, steps: [...underWay.record.steps, step] };
  const next = { ...underWay, record };
  work.state.commands.set(record.command.commandId, next);
  work.emit({ kind: 'command-record', record });
  return next;
}

/** A command that is counted in the point's wear budget counts as of `at`, or not at all. */
function countChange(work: Work, { commandId, point: key }: Command, at: number | undefined): void {
  const point = work.state.points.get(key);
  if (!point?.changes || point.counted?.commandId !== commandId) return;
  const index = point.changes.lastIndexOf(point.counted.at);
  if (at !== undefined)
    work.state.points.set(key, { ...point, changes: point.changes.with(index, at), counted: { commandId, at } });
  else {
    const { lastAsked: _, counted: __, ...next } = point;
    work.state.points.set(key, { ...next, changes: point.changes.toSpliced(index, 1) });
  }
}

/** A device may answer before the worker's own word is in the log: what it answered to was sent. */
function noteSent(work: Work, underWay: CommandState): CommandState {
  if (stateOf(underWay) !== 'queued') return underWay;
  // A point wears when it is told, not when that was decided: so the fold never asks sooner than the wire allows.
  countChange(work, underWay.record.command, work.now);
  return addStep(work, underWay, { state: 'sent', at: work.now });
}

/** A device may answer twice. */
function noteAccepted(work: Work, underWay: CommandState): CommandState {
  return stateOf(underWay) === 'accepted' ? underWay : addStep(work, underWay, { state: 'accepted', at: work.now });
}

/** From when it is on the wire, the point's own deadline for the proof runs; a ramp takes its time besides. */
function extendToProof(work: Work, underWay: CommandState): void {
  const { command, steps } = underWay.record;
  const declared = work.declarationOf(command.point);
  const sentAt = steps.find((step) => step.state !== 'queued')?.at ?? work.now;
  const rampMs = 'release' in command.want ? 0 : command.want.rampSeconds * 1_000;
  const deadline = sentAt + rampMs + durationMs(declared?.provenWithin ?? '10 s');
  work.state.commands.set(command.commandId, { ...underWay, deadline });
  work.timers.set(`command:${command.commandId}`, deadline);
}
