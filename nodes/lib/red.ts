// The slice of Node-RED's node API that the palette uses, as Node-RED 5 behaves (its published types describe version 1.3).
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A message between nodes. */
export interface Message {
  payload?: unknown;
  topic?: unknown;
  _msgid?: string;
  [key: string]: unknown;
}

/** What goes to the outputs: one message to the first, or one entry per output (null: nothing). */
export type Outgoing = Message | (Message | null)[];

/** The dot and the text under a node. */
export interface Status {
  fill?: 'red' | 'green' | 'yellow' | 'blue' | 'grey';
  shape?: 'ring' | 'dot';
  text?: string;
}

/** A node's saved configuration. */
export interface NodeConfig {
  id: string;
  type: string;
  name?: string;
  [property: string]: unknown;
}

/** Called for every message; `done` must be called exactly once. */
export type InputListener = (message: Message, send: (out: Outgoing) => void, done: (error?: Error) => void) => void;

/** A node in a running flow. */
export interface RunningNode {
  id: string;
  type: string;
  name?: string;
  on(event: 'input', listener: InputListener): unknown;
  on(event: 'close', listener: (removed: boolean, done: () => void) => void): unknown;
  send(out: Outgoing): void;
  status(status: Status): void;
}

/** Answers one request of the editor. */
type RouteHandler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** What Node-RED hands to every node file. */
export interface NodeApi {
  nodes: {
    createNode(node: RunningNode, config: NodeConfig): void;
    registerType(type: string, construct: (this: RunningNode, config: NodeConfig) => void): void;
  };
  plugins: { registerPlugin(id: string, definition: { type: string }): void };
  /** The settings object, with the keys that the embedding program added. */
  settings: object;
  auth: { needsPermission(permission: string): RouteHandler };
  httpAdmin: { get(path: string, ...handlers: RouteHandler[]): unknown };
  /** Translates a key of the node's own catalogue; `__name__` in the text is replaced. */
  _(key: string, replacements?: Readonly<Record<string, string | number>>): string;
}
