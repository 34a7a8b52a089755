// The base of every node: checks its configuration, finds the link, ends each message exactly once, shows what is wrong.
import type { z } from 'zod';

import { check } from '../../engine/model/check.ts';
import { systemClock, type Clock } from '../../engine/model/clock.ts';
import { problem, type Problem } from '../../engine/model/result.ts';
import { InputError } from './input-error.ts';
import { linkOf, type Link } from './port.ts';
import type { Message, NodeApi, NodeConfig, Outgoing, RunningNode, Status } from './red.ts';
import { migrate, type Migration } from './saved-node.ts';
import { StatusLine } from './status-line.ts';

/** What a running node has to work with. */
export interface NodeContext<Config> {
  node: RunningNode;
  config: Config;
  link: Link;
  clock: Clock;
  show: (status: Status) => void;
  /** Translates a key of this node's texts without the node's own name in front, or, as `city:<key>`, of the shared ones. */
  say: (key: string, replacements?: Readonly<Record<string, string | number>>) => string;
}

/** What a node does. */
export interface Behaviour {
  /** Handles one message; several may be under way. What it throws becomes the node's error. */
  input?: (message: Message, send: (out: Outgoing) => void) => Promise<void>;
  /** Ends listening and gives back what it holds. */
  close?: () => Promise<void> | void;
}

/** One kind of node. */
export interface NodeKind<Shape extends z.ZodRawShape> {
  type: string;
  /** The fields of the form; what else Node-RED saves with a node is not looked at. */
  config: z.ZodObject<Shape>;
  /** How nodes of older versions become today's; the first one leads from version 1 to 2. Default: none. */
  migrations?: readonly Migration[];
  start(context: NodeContext<z.infer<z.ZodObject<Shape>>>): Behaviour;
}

/**
 * Registers a kind of node.
 *
 * @param clock default: the machine's own
 * @example export default (RED: NodeApi) => registerNode(RED, { type: 'decision', config: configSchema, start })
 */
export function registerNode<Shape extends z.ZodRawShape>(
  RED: NodeApi,
  kind: NodeKind<Shape>,
  clock: Clock = systemClock,
): void {
  RED.nodes.registerType(kind.type, function construct(this: RunningNode, saved: NodeConfig) {
    RED.nodes.createNode(this, saved);
    const line = new StatusLine(this, clock);
    const say: NodeContext<unknown>['say'] = (key, replacements) => RED._(textKey(kind.type, key), replacements);
    const behaviour = startNode(RED, kind, saved, { node: this, clock, show: (status) => line.show(status), say });
    this.on('input', (message, send, done) => {
      void finish(() => behaviour.input?.(message, send), done, line);
    });
    this.on('close', (_removed, done) => {
      line.stop();
      void end(behaviour, done);
    });
  });
}

/** The package's plugin, which holds the texts that nodes share. */
const SHARED_TEXTS = '@signalbox/node-red-city/city:';

const textKey = (type: string, key: string): string =>
  key.startsWith('city:') ? SHARED_TEXTS + key.slice('city:'.length) : `${type}.${key}`;

type Surroundings = Omit<NodeContext<unknown>, 'config' | 'link'>;

function startNode<Shape extends z.ZodRawShape>(
  RED: NodeApi,
  kind: NodeKind<Shape>,
  saved: NodeConfig,
  surroundings: Surroundings,
): Behaviour {
  const migrated = migrate(saved, kind.migrations);
  if (!migrated.ok) return refuseAll(migrated.problems, surroundings, 'city:status.config');
  const node = migrated.value;
  const fields = Object.keys(kind.config.shape).filter((key) => node[key] !== undefined);
  const config = check(kind.config, Object.fromEntries(fields.map((key) => [key, node[key]])));
  if (!config.ok) return refuseAll(config.problems, surroundings, 'city:status.config');
  const link = linkOf(RED);
  if (!link) return refuseAll([NO_LINK], surroundings, 'city:status.noLink');
  return kind.start({ ...surroundings, config: config.value, link });
}

const NO_LINK = problem('link-missing', '', undefined, 'needed is a Node-RED that is attached to a Signalbox');

/** A node that cannot work says so on every message instead of losing it in silence. */
function refuseAll(problems: Problem[], { show, say }: Surroundings, key: string): Behaviour {
  const status: Status = { fill: 'red', shape: 'ring', text: say(key) };
  show(status);
  return { input: () => Promise.reject(new InputError(problems)) };
}

async function finish(
  handle: () => Promise<void> | undefined,
  done: (error?: Error) => void,
  line: StatusLine,
): Promise<void> {
  let failure: Error | undefined;
  try {
    await handle();
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error), { cause: error });
    line.show({ fill: 'red', shape: 'dot', text: firstLine(failure.message) });
  }
  done(failure);
}

/** Node-RED waits for `done`; what a node could not give back ends with its lease. */
async function end(behaviour: Behaviour, done: () => void): Promise<void> {
  try {
    await behaviour.close?.();
  } finally {
    done();
  }
}

/** The longest text under a node, in characters. */
const LONGEST_STATUS = 80;

/** The first line of a text, short enough for the space under a node. */
export function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > LONGEST_STATUS ? `${line.slice(0, LONGEST_STATUS)}…` : line;
}
