// Runs nodes of the palette in a real Node-RED, on a real link to a core for tests.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import helper from 'node-red-node-test-helper';
import { afterAll, afterEach, beforeAll, expect, onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';
import { LinkClient } from '../flows/link/link-client.ts';
import type { Message, NodeApi } from '../nodes/lib/red.ts';
import { LinkServer, type LinkServerOptions } from './link-server.ts';

/** What a node's file exports for Node-RED. */
type NodeFile = (RED: NodeApi) => void;

/** Call once at the top of a test file: starts Node-RED, empties it after each test. */
export function useNodeRed(): void {
  beforeAll(async () => {
    helper.init(createRequire(import.meta.url).resolve('node-red'));
    await helper.startServer();
  });
  afterEach(() => helper.unload());
  afterAll(() => helper.stopServer());
}

/** A core for tests and a link that is up, both gone when the test is over. */
export async function linkedCore(options: LinkServerOptions = {}): Promise<{ server: LinkServer; link: LinkClient }> {
  const server = new LinkServer(options);
  const link = new LinkClient({ coreUrl: await server.start(), token: server.token });
  link.start();
  onTestFinished(async () => {
    await link.stop();
    await server.stop();
  });
  await eventually(() => expect(link.isUp && server.watchers > 0).toBe(true));
  return { server, link };
}

/** A text that the palette's nodes share, as a Node-RED without its catalogues shows it. */
export const sharedText = (key: string): string => `@signalbox/node-red-city/city:${key}`;

/** A node in Node-RED, with everything that leaves it and every status it showed. */
export interface TestedNode {
  receive(message: Message): void;
  /** What left each output, in order. */
  outputs: Message[][];
  statuses: { fill?: string; shape?: string; text?: string }[];
  /** Messages of the errors that a catch node received. */
  errors: string[];
  /** How often the node said that it is done with a message without an error. */
  completed: number;
  /** Takes the node out of the flow, as deleting it and deploying does. */
  remove(): Promise<void>;
}

/** Loads one node, wired to a listener on each output, a catch and a complete node. */
export async function runNode(
  file: NodeFile,
  config: { type: string; [field: string]: unknown },
  link: unknown,
): Promise<TestedNode> {
  helper.settings({ signalboxLink: link, logging: { console: { level: 'off' } } });
  const flow = [
    { id: 'test-tab', type: 'tab', label: 'Test' },
    { id: 'tested-node', z: 'test-tab', name: 'tested', wires: [['output-0'], ['output-1']], ...config },
    { id: 'output-0', z: 'test-tab', type: 'helper' },
    { id: 'output-1', z: 'test-tab', type: 'helper' },
    { id: 'errors-of-it', z: 'test-tab', type: 'catch', scope: ['tested-node'], wires: [['heard-errors']] },
    { id: 'heard-errors', z: 'test-tab', type: 'helper' },
    { id: 'ends-of-it', z: 'test-tab', type: 'complete', scope: ['tested-node'], wires: [['heard-ends']] },
    { id: 'heard-ends', z: 'test-tab', type: 'helper' },
  ];
  await helper.load(file, flow);
  const node = helper.getNode('tested-node');
  const tested: TestedNode = {
    receive: (message) => node.receive(message),
    outputs: [[], []],
    statuses: [],
    errors: [],
    completed: 0,
    remove: () =>
      helper.setFlows(
        flow.filter(({ id }) => !id.endsWith('of-it') && id !== 'tested-node'),
        'nodes',
      ),
  };
  for (const output of [0, 1]) listen(`output-${output}`, (message) => void tested.outputs[output]?.push(message));
  listen('heard-errors', (message) => void tested.errors.push(Reflect.get(Object(message['error']), 'message')));
  listen('heard-ends', () => void (tested.completed += 1));
  node.on('call:status', (call: { args: TestedNode['statuses'] }) => tested.statuses.push(...call.args));
  return tested;
}

function listen(id: string, heard: (message: Message) => void): void {
  helper.getNode(id).on('input', heard);
}

/** A loopback URL that nobody answers. */
export async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 1}`;
}
