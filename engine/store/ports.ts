// The record plane's interfaces: documents, accounts and the record of what happened, in PostgreSQL or PGlite alike.
import type { Actor, Role, Verb } from '../model/actor.ts';
import type { Alarm, AlarmKind, AlarmState, Severity } from '../model/alarm.ts';
import type { AuditEntry, AuditHead, AuditQuery, AuditRecord } from '../model/audit.ts';
import type { CommandRecord } from '../model/command.ts';
import type { Decision } from '../model/decision.ts';
import type { Halt } from '../model/halt.ts';
import type { History, Keep } from '../model/history.ts';
import type { MessageRecord, Order } from '../model/one-shot.ts';
import type { PointChange } from '../model/point-change.ts';
import type { Reading } from '../model/reading.ts';

/** The slice of SQL that the stores use; the same for PostgreSQL and PGlite. */
export interface Database {
  /** Runs one statement with `$1`-style parameters and returns its rows. Rejects with `database-unavailable` when there is no connection. */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it rejects. */
  transaction<Outcome>(work: (database: Database) => Promise<Outcome>): Promise<Outcome>;
  close(): Promise<void>;
}

/** What kinds of documents exist. */
export type DocumentKind =
  | 'asset'
  | 'rule'
  | 'condition'
  | 'interlock'
  | 'calendar'
  | 'duty'
  | 'schedule'
  | 'restraint';

/** What changing a kind of document is called in the table of permissions. */
export const EDIT_VERBS: Readonly<Record<DocumentKind, Verb>> = {
  asset: 'edit-asset',
  rule: 'edit-rule',
  condition: 'edit-rule',
  interlock: 'edit-interlock',
  calendar: 'edit-rule',
  duty: 'edit-duty',
  schedule: 'edit-rule',
  restraint: 'restrain',
};

/** One version of a document. */
export interface StoredDocument {
  kind: DocumentKind;
  id: string;
  department: string;
  /** 1 for the first, growing by one; never reused, removal included. */
  version: number;
  /** Checked content, or null when this version removed the document. */
  body: unknown;
  /** Milliseconds since the epoch. */
  changedAt: number;
  /** Who made this version: an actor's kind and id, `person:ann`. */
  changedBy: string;
}

/** Versioned documents. Every version is kept. */
export interface DocumentStore {
  /** The newest versions, removed ones left out, ordered by id. */
  list(kind: DocumentKind, department?: string): Promise<StoredDocument[]>;
  /**
   * The newest versions of all kinds, removed ones included: what an engine compares itself with.
   *
   * @param since only those made at or after this instant, milliseconds since the epoch; default all
   */
  newest(since?: number): Promise<StoredDocument[]>;
  /** The newest version; undefined when there is none or it removed the document. */
  get(kind: DocumentKind, id: string): Promise<StoredDocument | undefined>;
  /**
   * The versions in force at an instant, removed ones left out, ordered by id.
   *
   * @param of.ids only these; `of.type`: only documents whose body has this `type`
   * @param at milliseconds since the epoch
   */
  inForce(of: { kind: DocumentKind; ids?: readonly string[]; type?: string }, at: number): Promise<StoredDocument[]>;
  /** All versions, newest first, removals included. */
  versions(kind: DocumentKind, id: string): Promise<StoredDocument[]>;
  /**
   * Adds a version. `expected` is the version the change was based on, 0 for a new document.
   * Asks `may()` first; rejects with `forbidden`, with `version-conflict` when another version came between (`newest` in
   * its details), with `invalid` when the document names another department or id, and with `not-found` when a removal
   * finds nothing to remove.
   */
  put(change: {
    kind: DocumentKind;
    id: string;
    department: string;
    body: unknown;
    expected: number;
    actor: Actor;
  }): Promise<StoredDocument>;
}

/** A person who may sign in. */
export interface Account {
  name: string;
  /** argon2id, as a PHC string. */
  passwordHash: string;
  roles: Record<string, Role[]>;
}

/** A signed-in browser. The token itself is never stored, only its SHA-256. */
export interface Session {
  tokenHash: string;
  account: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** When the password was given last; milliseconds since the epoch. */
  confirmedAt: number;
}

/** A machine's right to the API, in one department. The secret itself is never stored, only its SHA-256. */
export interface Token {
  /** `<department>/<name>` */
  id: string;
  department: string;
  /** What it is for, in words. */
  title: string;
  tokenHash: string;
  verbs: Verb[];
  /** `person:ann` */
  createdBy: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  expiresAt: number;
}

/** A device's right to the embedded broker. */
export interface DeviceCredential {
  department: string;
  device: string;
  /** argon2id, as a PHC string. */
  secretHash: string;
}

/** What becomes of one account. */
export interface AccountChange {
  name: string;
  /** From the account as it is to what it shall be; null removes it. What it throws undoes everything. */
  alter: (account: Account | undefined) => Account | null;
  /** Ends all its sessions, but for the one of `keep`: after a new password. */
  endSessions?: { keep?: string };
  /** What the book says of it, written in the same transaction. */
  entry: AuditEntry;
}

/** People, their sessions, and devices. */
export interface AccountStore {
  count(): Promise<number>;
  /** All accounts, by name. */
  list(): Promise<Account[]>;
  find(name: string): Promise<Account | undefined>;
  save(account: Account): Promise<void>;
  /**
   * Changes, makes or removes an account, nobody else changing any meanwhile. A removed one's sessions end.
   * Rejects with `last-administrator` when nobody would be left who administers the whole city.
   */
  change(change: AccountChange): Promise<void>;
  openSession(session: Session): Promise<void>;
  /** The session and its account, if both exist and the session has not expired at `now`. */
  findSession(tokenHash: string, now: number): Promise<{ session: Session; account: Account } | undefined>;
  /** The password was given again at `at`. */
  confirmSession(tokenHash: string, at: number): Promise<void>;
  closeSession(tokenHash: string): Promise<void>;
  saveDevice(credential: DeviceCredential): Promise<void>;
  findDevice(department: string, device: string): Promise<DeviceCredential | undefined>;
}

/** What machines may do. */
export interface TokenStore {
  /** By id. */
  list(): Promise<Token[]>;
  /** Makes a token; rejects with `name-taken`. */
  add(token: Token, entry: AuditEntry): Promise<void>;
  /** Ends a token; false when there was none. */
  remove(id: string, entry: AuditEntry): Promise<boolean>;
  /** The token with this secret's SHA-256 if it has not expired at `now`. */
  find(tokenHash: string, now: number): Promise<Token | undefined>;
}

/** Writes what happened, in batches. Writing the same record twice has the effect of once. */
export interface Recorder {
  /**
   * Takes records at once and writes them within a second; resolves when they are durable. Rejects with
   * `database-unavailable` when they cannot be written now: give them again later, that is harmless.
   */
  record(batch: {
    decisions: Decision[];
    commands: CommandRecord[];
    readings: Reading[];
    orders?: Order[];
    messages?: MessageRecord[];
    halts?: Halt[];
    alarms?: Alarm[];
    pointChanges?: PointChange[];
  }): Promise<void>;
}

/** Which readings are asked for. */
export interface KnownReadingsQuery {
  asset: string;
  property: string;
  /** Those observed after this instant, and the newest one before; milliseconds since the epoch. */
  from: number;
  /** Only what had been received by then; milliseconds since the epoch. */
  at: number;
}

/** Readings of one property, as far as they are still kept. */
export interface KnownReadings {
  /** By the time they were observed, oldest first; at most the newest 4,096. Where only a sample is left of the newest one before, it stands in. */
  readings: Reading[];
  /** False when some of those observed after `from` have been thinned out into samples. */
  isWhole: boolean;
}

/** How long single properties are kept, where that differs from the rest. */
export interface KeepTable {
  /** By property. */
  all(): Promise<Map<string, Keep>>;
  /**
   * Says how long a property is kept from the next sweep on; `keep: null` is as long as the others. What is gone already
   * does not come back. Rejects with `forbidden` unless the actor may edit the assets of every department, and with `invalid`.
   */
  set(change: { property: string; keep: Keep | null; actor: Actor }): Promise<void>;
}

/** Which alarms are asked for; what is left out is not asked about. */
export interface AlarmQuery {
  /** `open` is every state but `closed`. */
  state?: AlarmState | 'open' | undefined;
  kind?: AlarmKind | undefined;
  severity?: Severity | undefined;
  department?: string | undefined;
  asset?: string | undefined;
  /** What comes after this alarm in the list. Many can begin in one instant, so an instant would not do. */
  after?: string | undefined;
}

/** Reads what happened. Lists are newest first, at most `limit` (1 to 1000). */
export interface RecordReader {
  command(commandId: string): Promise<CommandRecord | undefined>;
  decision(decisionId: string): Promise<Decision | undefined>;
  readings(ids: readonly string[]): Promise<Reading[]>;
  /** A property's past in at most `maxPoints` (2 to 10,000) points; bad values left out. Rejects with `invalid`. */
  history(asked: {
    asset: string;
    property: string;
    /** Milliseconds since the epoch; `from` is included, `to` is not and must be later. */
    from: number;
    to: number;
    maxPoints: number;
  }): Promise<History>;
  /** What was known of a property at an instant. */
  readingsKnown(asked: KnownReadingsQuery): Promise<KnownReadings>;
  /** What a rule decided for an asset up to and at an instant, newest first; of all its related assets, or of one. */
  decisionsAbout(
    about: { rule: string; asset: string; related?: string },
    until: number,
    limit: number,
  ): Promise<Decision[]>;
  recentCommands(limit: number, before?: number): Promise<CommandRecord[]>;
  recentDecisions(limit: number, before?: number): Promise<Decision[]>;
  order(orderId: string): Promise<Order | undefined>;
  /** By when they were opened; `isOpen`: only those not closed yet. */
  recentOrders(limit: number, before?: number, isOpen?: boolean): Promise<Order[]>;
  /** Those of these names that are in the record, the oldest first. */
  messages(ids: readonly string[]): Promise<MessageRecord[]>;
  recentMessages(limit: number, before?: number): Promise<MessageRecord[]>;
  alarm(alarmId: string): Promise<Alarm | undefined>;
  /** By when they began first, then by their names. */
  recentAlarms(limit: number, asked?: AlarmQuery): Promise<Alarm[]>;
  /** What kept a rule back between two instants, `from` excluded, the oldest first. */
  haltsOf(rule: string, from: number, to: number): Promise<Halt[]>;
  /** What a point (`<asset>#<point>`) was at an instant: its newest change by then. */
  pointAt(point: string, at: number): Promise<PointChange | undefined>;
}

/** The append-only book of writes: a chain of records. */
export interface AuditLog {
  /** Appends one record, in a transaction of its own. */
  append(entry: AuditEntry): Promise<void>;
  /** The newest first, at most `limit` (1 to 1000); with `before` only those of a lower sequence. */
  newest(limit: number, query?: AuditQuery, before?: number): Promise<AuditRecord[]>;
  /** The oldest first, of a higher sequence than this; at most `limit` (1 to 1000). */
  after(sequence: number, limit: number, query?: AuditQuery): Promise<AuditRecord[]>;
  /** Where the chain ends at this moment. */
  head(): Promise<AuditHead>;
}
