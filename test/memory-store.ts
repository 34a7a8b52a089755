// The record plane in memory, with the real one's contract: versions, conflicts, permissions, sessions that expire.
import { may } from '../engine/model/actor.ts';
import { alarmState, type Alarm } from '../engine/model/alarm.ts';
import type { AuditEntry } from '../engine/model/audit.ts';
import { systemClock, type Clock } from '../engine/model/clock.ts';
import type { CommandRecord } from '../engine/model/command.ts';
import type { Decision } from '../engine/model/decision.ts';
import { SignalboxError } from '../engine/model/errors.ts';
import type { Halt } from '../engine/model/halt.ts';
import type { PointChange } from '../engine/model/point-change.ts';
import type { History, HistoryPoint } from '../engine/model/history.ts';
import type { MessageRecord, Order } from '../engine/model/one-shot.ts';
import type { Reading } from '../engine/model/reading.ts';
import { administersAll } from '../engine/store/accounts.ts';
import { stepFor } from '../engine/store/history.ts';
import {
  EDIT_VERBS,
  type Account,
  type AccountChange,
  type AccountStore,
  type AlarmQuery,
  type DeviceCredential,
  type DocumentKind,
  type DocumentStore,
  type KnownReadings,
  type KnownReadingsQuery,
  type Recorder,
  type RecordReader,
  type Session,
  type StoredDocument,
  type Token,
  type TokenStore,
} from '../engine/store/ports.ts';

/** Versioned documents. */
export class MemoryDocuments implements DocumentStore {
  readonly #versions: StoredDocument[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  async list(kind: DocumentKind, department?: string): Promise<StoredDocument[]> {
    const newest = await this.newest();
    return newest.filter(
      (document) =>
        document.kind === kind &&
        document.body !== null &&
        (department === undefined || document.department === department),
    );
  }

  async newest(): Promise<StoredDocument[]> {
    const newest = new Map(this.#versions.map((document) => [`${document.kind} ${document.id}`, document]));
    return [...newest.values()].toSorted((left, right) => (left.id < right.id ? -1 : 1));
  }

  async get(kind: DocumentKind, id: string): Promise<StoredDocument | undefined> {
    const newest = this.#newestOf(kind, id);
    return newest?.body === null ? undefined : newest;
  }

  async inForce(
    { kind, ids, type }: { kind: DocumentKind; ids?: readonly string[]; type?: string },
    at: number,
  ): Promise<StoredDocument[]> {
    const known = this.#versions.filter((document) => document.kind === kind && document.changedAt <= at);
    const newest = new Map(known.map((document) => [document.id, document]));
    return [...newest.values()]
      .filter(({ id, body }) => body !== null && (ids === undefined || ids.includes(id)) && hasType(body, type))
      .toSorted((left, right) => (left.id < right.id ? -1 : 1));
  }

  async versions(kind: DocumentKind, id: string): Promise<StoredDocument[]> {
    return this.#versions.filter((document) => document.kind === kind && document.id === id).toReversed();
  }

  async put(change: Parameters<DocumentStore['put']>[0]): Promise<StoredDocument> {
    const { actor, expected, ...document } = change;
    const newest = this.#newestOf(change.kind, change.id);
    for (const department of new Set([change.department, newest?.department ?? change.department])) {
      const permission = may(actor, EDIT_VERBS[change.kind], department);
      if (!permission.allowed) throw new SignalboxError('forbidden', { reason: permission.reason });
    }
    const what = `${change.kind} ${change.id}`;
    const found = newest?.version ?? 0;
    if (found !== expected) throw new SignalboxError('version-conflict', { what, found, expected, newest });
    if (change.body === null && (newest?.body ?? null) === null) throw new SignalboxError('not-found', { what });
    const stored: StoredDocument = {
      ...document,
      body: structuredClone(change.body),
      version: expected + 1,
      changedAt: this.#clock.now(),
      changedBy: `${actor.kind}:${actor.id}`,
    };
    this.#versions.push(stored);
    return stored;
  }

  #newestOf(kind: DocumentKind, id: string): StoredDocument | undefined {
    return this.#versions.findLast((document) => document.kind === kind && document.id === id);
  }
}

const hasType = (body: unknown, type: string | undefined): boolean =>
  type === undefined || (typeof body === 'object' && body !== null && 'type' in body && body.type === type);

/** People, sessions, devices. */
export class MemoryAccounts implements AccountStore {
  readonly sessions = new Map<string, Session>();
  /** What the book says of changes. */
  readonly entries: AuditEntry[] = [];
  readonly #accounts = new Map<string, Account>();
  readonly #devices = new Map<string, DeviceCredential>();

  async count(): Promise<number> {
    return this.#accounts.size;
  }

  async find(name: string): Promise<Account | undefined> {
    return this.#accounts.get(name);
  }

  async save(account: Account): Promise<void> {
    this.#accounts.set(account.name, structuredClone(account));
  }

  async list(): Promise<Account[]> {
    return [...this.#accounts.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
  }

  async change({ name, alter, endSessions, entry }: AccountChange): Promise<void> {
    const before = this.#accounts.get(name);
    const after = alter(structuredClone(before));
    const others = [...this.#accounts.values()].filter((account) => account.name !== name);
    if (administersAll(before) && ![...others, after].some((account) => administersAll(account)))
      throw new SignalboxError('last-administrator', { name });
    if (after) await this.save(after);
    else this.#accounts.delete(name);
    for (const { tokenHash, account } of this.sessions.values())
      if (account === name && (after === null || (endSessions && tokenHash !== endSessions.keep)))
        this.sessions.delete(tokenHash);
    this.entries.push(entry);
  }

  async confirmSession(tokenHash: string, at: number): Promise<void> {
    const session = this.sessions.get(tokenHash);
    if (session) this.sessions.set(tokenHash, { ...session, confirmedAt: at });
  }

  async openSession(session: Session): Promise<void> {
    this.sessions.set(session.tokenHash, session);
  }

  async findSession(tokenHash: string, now: number): Promise<{ session: Session; account: Account } | undefined> {
    const session = this.sessions.get(tokenHash);
    const account = this.#accounts.get(session?.account ?? '');
    return session && account && session.expiresAt > now ? { session, account } : undefined;
  }

  async closeSession(tokenHash: string): Promise<void> {
    this.sessions.delete(tokenHash);
  }

  async saveDevice(credential: DeviceCredential): Promise<void> {
    this.#devices.set(`${credential.department}/${credential.device}`, credential);
  }

  async findDevice(department: string, device: string): Promise<DeviceCredential | undefined> {
    return this.#devices.get(`${department}/${device}`);
  }
}

/** What machines may do. */
export class MemoryTokens implements TokenStore {
  readonly entries: AuditEntry[] = [];
  readonly #tokens = new Map<string, Token>();

  async list(): Promise<Token[]> {
    return [...this.#tokens.values()].toSorted((left, right) => (left.id < right.id ? -1 : 1));
  }

  async add(token: Token, entry: AuditEntry): Promise<void> {
    if (this.#tokens.has(token.id)) throw new SignalboxError('name-taken', { what: `token ${token.id}` });
    this.#tokens.set(token.id, structuredClone(token));
    this.entries.push(entry);
  }

  async remove(id: string, entry: AuditEntry): Promise<boolean> {
    const isThere = this.#tokens.delete(id);
    if (isThere) this.entries.push(entry);
    return isThere;
  }

  async find(tokenHash: string, now: number): Promise<Token | undefined> {
    return [...this.#tokens.values()].find((token) => token.tokenHash === tokenHash && token.expiresAt > now);
  }
}

/** What happened. */
export class MemoryRecords implements Recorder, RecordReader {
  readonly #commands = new Map<string, CommandRecord>();
  readonly #decisions = new Map<string, Decision>();
  readonly #readings = new Map<string, Reading>();
  readonly #orders = new Map<string, Order>();
  readonly #messages = new Map<string, MessageRecord>();
  readonly #halts = new Map<string, Halt>();
  readonly #pointChanges: PointChange[] = [];
  readonly #alarms = new Map<string, Alarm>();

  async record(batch: Parameters<Recorder['record']>[0]): Promise<void> {
    for (const decision of batch.decisions) this.#decisions.set(decision.decisionId, decision);
    for (const reading of batch.readings) this.#readings.set(reading.id, reading);
    for (const order of batch.orders ?? [])
      if (this.#orders.get(order.orderId)?.state !== 'closed') this.#orders.set(order.orderId, order);
    this.#pointChanges.push(...(batch.pointChanges ?? []));
    for (const halt of batch.halts ?? []) if (!this.#halts.get(halt.haltId)?.ended) this.#halts.set(halt.haltId, halt);
    for (const alarm of batch.alarms ?? []) this.#recordAlarm(alarm);
    for (const record of batch.messages ?? []) this.#recordMessage(record);
    for (const record of batch.commands) {
      const known = this.#commands.get(record.command.commandId);
      // A record grows step by step and never shrinks, whatever order its versions come in.
      if ((known?.steps.length ?? 0) < record.steps.length) this.#commands.set(record.command.commandId, record);
    }
  }

  #recordMessage(record: MessageRecord): void {
    const known = this.#messages.get(record.message.messageId)?.state ?? 'queued';
    if (known === 'queued') this.#messages.set(record.message.messageId, record);
  }

  #recordAlarm(alarm: Alarm): void {
    if ((this.#alarms.get(alarm.alarmId)?.revision ?? 0) < alarm.revision) this.#alarms.set(alarm.alarmId, alarm);
  }

  async command(commandId: string): Promise<CommandRecord | undefined> {
    return this.#commands.get(commandId);
  }

  async decision(decisionId: string): Promise<Decision | undefined> {
    return this.#decisions.get(decisionId);
  }

  async readings(ids: readonly string[]): Promise<Reading[]> {
    return ids
      .flatMap((id) => this.#readings.get(id) ?? [])
      .toSorted((left, right) => right.observedAt - left.observedAt || (left.id < right.id ? 1 : -1));
  }

  async history({ asset, property, from, to, maxPoints }: Parameters<RecordReader['history']>[0]): Promise<History> {
    const inside = this.#of(asset, property).filter(
      ({ observedAt, quality }) => observedAt >= from && observedAt < to && quality !== 'bad',
    );
    const stepMs = inside.length <= maxPoints ? 0 : stepFor(to - from, maxPoints, 0);
    const stretches = Map.groupBy(inside, ({ observedAt }) =>
      stepMs === 0 ? observedAt : Math.floor(observedAt / stepMs) * stepMs,
    );
    const unit = inside[0]?.unit;
    const points = [...stretches].map(([at, readings]) => pointOf(at, readings));
    return { asset, property, from, to, ...(unit === undefined ? {} : { unit }), stepMs, points };
  }

  async readingsKnown({ asset, property, from, at }: KnownReadingsQuery): Promise<KnownReadings> {
    const known = this.#of(asset, property).filter(({ receivedAt }) => receivedAt <= at);
    const before = known.filter(({ observedAt }) => observedAt <= from).slice(-1);
    return { readings: [...before, ...known.filter(({ observedAt }) => observedAt > from)], isWhole: true };
  }

  async decisionsAbout(
    about: { rule: string; asset: string; related?: string },
    until: number,
    limit: number,
  ): Promise<Decision[]> {
    return (await this.recentDecisions(Infinity, until + 1))
      .filter(
        ({ rule, asset, related }) =>
          rule === about.rule && asset === about.asset && (about.related === undefined || related === about.related),
      )
      .slice(0, limit);
  }

  async haltsOf(rule: string, from: number, to: number): Promise<Halt[]> {
    return [...this.#halts.values()]
      .filter((halt) => halt.rule === rule && halt.since <= to && (halt.ended?.at ?? Infinity) > from)
      .toSorted((left, right) => left.since - right.since);
  }

  async pointAt(point: string, at: number): Promise<PointChange | undefined> {
    return this.#pointChanges.findLast((change) => change.point === point && change.at <= at);
  }

  /** Of one property, by the time they were observed. */
  #of(asset: string, property: string): Reading[] {
    return [...this.#readings.values()]
      .filter((reading) => reading.asset === asset && reading.property === property)
      .toSorted((left, right) => left.observedAt - right.observedAt);
  }

  async order(orderId: string): Promise<Order | undefined> {
    return this.#orders.get(orderId);
  }

  async recentOrders(limit: number, before = Infinity, isOpen = false): Promise<Order[]> {
    return [...this.#orders.values()]
      .filter(({ openedAt, state }) => openedAt < before && (state === 'open' || !isOpen))
      .toSorted((left, right) => right.openedAt - left.openedAt)
      .slice(0, limit);
  }

  async alarm(alarmId: string): Promise<Alarm | undefined> {
    return this.#alarms.get(alarmId);
  }

  async recentAlarms(limit: number, asked: AlarmQuery = {}): Promise<Alarm[]> {
    const { state, after } = asked;
    const newest = [...this.#alarms.values()].toSorted(
      (left, right) => right.raisedAt - left.raisedAt || (left.alarmId < right.alarmId ? 1 : -1),
    );
    const from = after === undefined ? 0 : newest.findIndex(({ alarmId }) => alarmId === after) + 1;
    return newest
      .slice(from)
      .filter((alarm) => {
        const now = alarmState(alarm);
        const isOfState = state === undefined || now === state || (state === 'open' && now !== 'closed');
        const fits = (['kind', 'severity', 'department', 'asset'] as const).every(
          (name) => asked[name] === undefined || alarm[name] === asked[name],
        );
        return isOfState && fits;
      })
      .slice(0, limit);
  }

  async messages(ids: readonly string[]): Promise<MessageRecord[]> {
    return [...this.#messages.values()]
      .filter(({ message }) => ids.includes(message.messageId))
      .toSorted((left, right) => left.message.at - right.message.at);
  }

  async recentMessages(limit: number, before = Infinity): Promise<MessageRecord[]> {
    return [...this.#messages.values()]
      .filter(({ message }) => message.at < before)
      .toSorted((left, right) => right.message.at - left.message.at)
      .slice(0, limit);
  }

  async recentCommands(limit: number, before = Infinity): Promise<CommandRecord[]> {
    return [...this.#commands.values()]
      .filter(({ command }) => command.issuedAt < before)
      .toSorted((left, right) => right.command.issuedAt - left.command.issuedAt)
      .slice(0, limit);
  }

  async recentDecisions(limit: number, before = Infinity): Promise<Decision[]> {
    return [...this.#decisions.values()]
      .filter(({ at }) => at < before)
      .toSorted((left, right) => right.at - left.at || (left.decisionId < right.decisionId ? 1 : -1))
      .slice(0, limit);
  }
}

function pointOf(at: number, readings: readonly Reading[]): HistoryPoint {
  const numbers = readings.flatMap(({ value }) => (typeof value === 'string' ? [] : [Number(value)]));
  const total = numbers.reduce((sum, value) => sum + value, 0);
  const range = { min: Math.min(...numbers), max: Math.max(...numbers), avg: total / numbers.length };
  return { at, count: readings.length, ...(numbers.length > 0 ? range : {}), last: readings.at(-1)?.value ?? 0 };
}
