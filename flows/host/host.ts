// One department's Node-RED with its link to the core, on one HTTP server.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { Logger } from 'pino';

import { LinkClient } from '../link/link-client.ts';
import { assertionReader } from './assertion.ts';
import { grantMqttAccess } from './mqtt-access.ts';
import { nodeRed } from './node-red.ts';
import { nodeRedSettings } from './node-red-settings.ts';
import { requestListener } from './requests.ts';
import { firstFlowsOf, PROGRAM_FOLDER, type HostSettings } from './settings.ts';
import { prepareUserFolder } from './user-folder.ts';

/** Node-RED is one per process, so there is one host per process. */
export class FlowsHost {
  readonly #settings: HostSettings;
  readonly #log: Logger;
  readonly #link: LinkClient;
  readonly #server: Server = createServer();
  #isRunning = false;
  #areFlowsStarted = false;

  constructor(settings: HostSettings, log: Logger) {
    this.#settings = settings;
    this.#log = log;
    this.#link = new LinkClient({
      coreUrl: settings.coreUrl,
      token: settings.linkToken,
      log: { info: (text) => log.info(text), warn: (text) => log.warn(text) },
    });
  }

  /** Starts link, server and Node-RED. Resolves with the port when the editor can be reached; flows start right after. */
  async start(): Promise<number> {
    const { department, userFolder, linkToken, host, port, mqttUser, mqttPassword, isSafeMode } = this.#settings;
    this.#isRunning = true;
    const readUser = assertionReader(department, linkToken);
    const settings = nodeRedSettings({
      department,
      host,
      port,
      userFolder,
      paletteFolder: join(PROGRAM_FOLDER, 'nodes'),
      isSafeMode,
      credentialSecret: await prepareUserFolder(userFolder, firstFlowsOf(department)),
      readUser,
      link: this.#link,
      log: this.#log,
    });
    nodeRed.init(this.#server, settings);
    nodeRed.events.on('flows:starting', grantMqttAccess(nodeRed.nodes, mqttUser, mqttPassword));
    if (isSafeMode) this.#link.tellFlows('safe-mode');
    nodeRed.events.on('flows:started', () => {
      this.#areFlowsStarted = true;
      this.#link.tellFlows('started');
    });
    nodeRed.events.on('flows:stopped', () => (this.#areFlowsStarted = false));
    this.#link.start();
    await nodeRed.start();
    this.#server.on(
      'request',
      requestListener({
        department,
        admin: nodeRed.httpAdmin,
        endpoints: nodeRed.httpNode,
        readUser,
        health: () => this.#health(),
      }),
    );
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : port;
  }

  /** Stops the flows, which give back what they hold, then the link and the server. Safe to call twice. */
  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    await nodeRed.stop();
    await this.#link.stop();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #health(): { isReady: boolean; flows: string; link: string; readings: object } {
    return {
      isReady: this.#areFlowsStarted && this.#link.isUp,
      flows: this.#areFlowsStarted ? 'started' : 'not started',
      link: this.#link.isUp ? 'up' : 'down',
      readings: this.#link.figures(),
    };
  }
}
