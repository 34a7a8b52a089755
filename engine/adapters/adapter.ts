// What the core needs of a protocol: commands out, and everything that devices say in.
import type { Command } from '../model/command.ts';

/** Brings commands to devices over one protocol. */
export interface Adapter {
  /**
   * Resolves when the command was handed to the bus. Never keeps it for later: rejects at once with `device-unreachable`
   * while there is no connection, with `invalid` for a command that the protocol cannot carry, and with `signal`'s reason
   * when that is aborted first (the command may then be on the wire or not).
   */
  send(command: Command, signal?: AbortSignal): Promise<void>;
  /** Begins to connect, and does so again whenever the connection is lost. Safe to call twice. */
  start(): void;
  /** Ends the connection. Safe to call twice. */
  stop(): Promise<void>;
  /** True while commands can go out. */
  healthy(): boolean;
}

/** Brings what devices say into the log. Of all processes of a box, one listens per protocol; others stand by. */
export interface AdapterListener {
  /** Begins to listen or to stand by. Safe to call twice. */
  start(): void;
  /** Hands over to another process. Safe to call twice. */
  stop(): Promise<void>;
  /** True while this process listens, or stands by for one that does; false while it should listen and cannot. */
  healthy(): boolean;
  /** How many messages were not taken since the start, by reason. */
  refused(): Readonly<Record<string, number>>;
}

/** Who may speak for what. Kept fresh by whoever implements it; asked for every message, so it must not wait. */
export interface DeviceDirectory {
  /** Is there an asset in this department that is bound to this device? */
  isDevice(department: string, device: string): boolean;
  /** Is this asset bound to this device of this department? */
  isBound(asset: string, department: string, device: string): boolean;
}
