// A core for tests, seen from the link: a real WebSocket server that speaks the link's contract and remembers.
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { PointRequest } from '../engine/model/input.ts';
import {
  flowReadingSchema,
  LINK_FRAME_BYTES,
  LINK_PATH,
  linkRequestSchema,
  type FlowReading,
  type LinkAnswer,
} from '../engine/model/link.ts';
import { problem, type Problem } from '../engine/model/result.ts';

type Readings = Extract<ReturnType<typeof linkRequestSchema.parse>, { type: 'readings' }>;
type Catalogue = Extract<LinkAnswer, { type: 'catalogue' }>;

/** What a server does with a batch besides remembering it; default: acknowledge it at once. */
export type BatchHandler = (batch: Readings, answer: (answer: LinkAnswer) => void) => void;

/** How a test wants its core. */
export interface LinkServerOptions {
  /** Tokens other than this one are answered with 401. Default `a-token-for-tests`. */
  token?: string;
  /** Loopback port, default 0: any free one. */
  port?: number;
  catalogue?: Omit<Catalogue, 'type'>;
  onBatch?: BatchHandler;
}

/** The core's side of the link. Readings are kept by id: the same reading twice is there once. */
export class LinkServer {
  readonly token: string;
  /** Every accepted reading by its id. */
  readonly readings = new Map<string, FlowReading>();
  /** Every batch frame in the order of arrival, repeats included. */
  readonly batches: Readings[] = [];
  /** Claims that stand, by `<point> <key>`. */
  readonly claims = new Map<string, PointRequest>();
  /** Every request, in order. */
  readonly requests: PointRequest[] = [];
  /** The most requests that were unanswered at the same time. */
  mostRequestsAtOnce = 0;
  #requestsAtOnce = 0;
  /** How many runtimes watch decisions and commands. */
  watchers = 0;
  /** How runtimes said that their flows fare, in order. */
  readonly flows: string[] = [];
  /** The ids of events that runtimes said they have, in order. */
  readonly taken: string[] = [];
  onBatch: BatchHandler;
  readonly #catalogue: Omit<Catalogue, 'type'> | undefined;
  readonly #http: Server;
  readonly #port: number;
  readonly #webSockets = new WebSocketServer({ noServer: true, maxPayload: LINK_FRAME_BYTES });
  readonly #clients = new Set<WebSocket>();

  constructor(options: LinkServerOptions = {}) {
    this.token = options.token ?? 'a-token-for-tests';
    this.#port = options.port ?? 0;
    this.#catalogue = options.catalogue;
    this.onBatch = options.onBatch ?? this.acknowledge;
    this.#http = createServer((_request, response) => response.writeHead(404).end());
    this.#http.on('upgrade', (request, socket, head) => {
      if (request.url !== LINK_PATH || request.headers.authorization !== `Bearer ${this.token}`) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      this.#webSockets.handleUpgrade(request, socket, head, (client) => this.#take(client));
    });
  }

  /** Listens; resolves with the address that a link client is given. */
  async start(): Promise<string> {
    this.#http.listen(this.#port, '127.0.0.1');
    await once(this.#http, 'listening');
    return this.url;
  }

  /** The address, once it listens. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    const address = this.#http.address();
    if (address === null || typeof address === 'string') throw new Error('the server does not listen');
    return address.port;
  }

  /** Closes all connections without a goodbye, as a crash does, and stops listening. Safe to call twice. */
  async stop(): Promise<void> {
    this.dropClients();
    if (!this.#http.listening) return;
    this.#http.close();
    this.#http.closeAllConnections();
    await once(this.#http, 'close');
  }

  /** Cuts every connection; the server goes on listening. */
  dropClients(): void {
    for (const client of this.#clients) client.terminate();
  }

  /** Sends a frame to every runtime. */
  tell(answer: LinkAnswer): void {
    for (const client of this.#clients) client.send(JSON.stringify(answer));
  }

  /** Keeps the valid readings of a batch, and says so. */
  readonly acknowledge: BatchHandler = (batch, answer) => {
    const refused: { index: number; problem: Problem }[] = [];
    for (const [index, each] of batch.readings.entries()) {
      const reading = flowReadingSchema.safeParse(each);
      if (!reading.success) refused.push({ index, problem: problem('schema', '', each, 'allowed is a reading') });
      else if (this.#knows(reading.data.asset)) this.readings.set(reading.data.id, reading.data);
      else refused.push({ index, problem: problem('unknown-asset', '/asset', reading.data.asset, 'not ours') });
    }
    answer({ type: 'ack', seq: batch.seq, accepted: batch.readings.length - refused.length, refused });
  };

  #take(client: WebSocket): void {
    this.#clients.add(client);
    const answer = (frame: LinkAnswer) => client.send(JSON.stringify(frame));
    client.on('close', () => void this.#clients.delete(client));
    client.on('error', () => client.terminate());
    client.on('message', (data) => this.#receive(asText(data), answer));
    if (this.#catalogue) answer({ type: 'catalogue', ...this.#catalogue });
  }

  #receive(text: string, answer: (frame: LinkAnswer) => void): void {
    const request = linkRequestSchema.parse(JSON.parse(text));
    switch (request.type) {
      case 'readings':
        this.batches.push(request);
        this.onBatch(request, answer);
        break;
      case 'request':
        this.#requestsAtOnce += 1;
        this.mostRequestsAtOnce = Math.max(this.mostRequestsAtOnce, this.#requestsAtOnce);
        // As a core does, which puts it into a log first.
        setImmediate(() => {
          this.#requestsAtOnce -= 1;
          answer(this.#decide(request.id, request.request));
        });
        break;
      case 'watch':
        this.watchers += 1;
        break;
      case 'flows':
        this.flows.push(request.state);
        break;
      case 'taken':
        this.taken.push(request.run);
    }
  }

  #decide(id: string, request: PointRequest): LinkAnswer {
    this.requests.push(request);
    const [asset = ''] = request.point.split('#');
    if (!this.#knows(asset))
      return {
        type: 'result',
        id,
        ok: false,
        problems: [problem('unknown-asset', '/point', request.point, 'not ours')],
      };
    const key = `${request.point} ${request.key}`;
    if (request.do === 'claim') this.claims.set(key, request);
    else this.claims.delete(key);
    return { type: 'result', id, ok: true };
  }

  /** Without a catalogue every asset is known. */
  #knows(asset: string): boolean {
    return this.#catalogue?.assets.some(({ id }) => id === asset) ?? true;
  }
}

function asText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (Buffer.isBuffer(data) ? data : Buffer.from(data)).toString('utf8');
}
