// How a department's Node-RED is set up: closed to strangers, without what could reach the machine, in the city's words.
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';

import type { LinkClient } from '../link/link-client.ts';
import { ASSERTION_HEADER, takeAssertion, type ReadUser } from './assertion.ts';
import { logNodeRed, type NodeRedLogMessage } from './log.ts';
import { adminRoot, httpNodeRoot } from './roots.ts';
import { FLOW_FILE } from './user-folder.ts';

/** What the settings are made of. */
export interface NodeRedParts {
  department: string;
  /** Where the server listens; Node-RED only names it. */
  host: string;
  port: number;
  userFolder: string;
  /** The folder of the palette: a package that nobody can uninstall from here. */
  paletteFolder: string;
  credentialSecret: string;
  /** Flows are loaded but not started until somebody deploys. */
  isSafeMode: boolean;
  readUser: ReadUser;
  link: LinkClient;
  log: Logger;
}

/** Nodes that start programs, touch files or open plain sockets: a flow reaches devices through the core only. */
const EXCLUDED_NODES = ['90-exec.js', '10-file.js', '23-watch.js', '32-udp.js', '31-tcpin.js'];

/** The settings object for `RED.init`. */
export function nodeRedSettings(parts: NodeRedParts) {
  const { department, log } = parts;
  return {
    uiHost: parts.host,
    uiPort: parts.port,
    userDir: parts.userFolder,
    flowFile: FLOW_FILE,
    credentialSecret: parts.credentialSecret,
    safeMode: parts.isSafeMode,
    nodesDir: [parts.paletteFolder],
    nodesExcludes: EXCLUDED_NODES,
    httpAdminRoot: adminRoot(department),
    httpNodeRoot: httpNodeRoot(department),
    /** Found by the palette (nodes/lib/port.ts). */
    signalboxLink: parts.link,
    // No type: the only way in is an assertion. Nobody has a password here.
    adminAuth: {
      tokens: parts.readUser,
      tokenHeader: ASSERTION_HEADER,
    },
    /** The department's own websockets are for whom the gateway has let in, as its pages are. */
    webSocketNodeVerifyClient: async ({ req }: { req: IncomingMessage }, done: (isWelcome: boolean) => void) => {
      const user = await parts.readUser(takeAssertion(req));
      done(user !== null);
    },
    telemetry: { enabled: false, updateNotification: false },
    externalModules: {
      autoInstall: false,
      palette: { allowInstall: false, allowUpload: false, allowUpdate: false },
      modules: { allowInstall: false },
    },
    functionExternalModules: false,
    mqttReconnectTime: 1_000,
    // A node that gives its claims back waits 2 s for the core at most.
    nodeCloseTimeout: 5_000,
    lang: 'en-US',
    logging: {
      console: {
        level: 'info',
        metrics: false,
        audit: false,
        handler: () => (message: NodeRedLogMessage) => logNodeRed(log, message, parts.link.catalogue() !== undefined),
      },
    },
    editorTheme: editorTheme(department),
  };
}

function editorTheme(department: string) {
  const title = department.charAt(0).toUpperCase() + department.slice(1);
  return {
    page: { title: `Signalbox flows · ${title}` },
    header: { title: `Signalbox · ${title}`, url: '/' },
    login: { message: 'Sign in at Signalbox to see these flows.', button: { label: 'To Signalbox', url: '/' } },
    userMenu: false,
    tours: false,
    projects: { enabled: false },
    palette: {
      categories: [
        'city sensors',
        'city rules',
        'city actuators',
        'common',
        'function',
        'network',
        'sequence',
        'parser',
      ],
    },
  };
}
