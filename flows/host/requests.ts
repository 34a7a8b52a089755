// Sends each HTTP request where it belongs: the host's own health, the editor, or the department's endpoints.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import { takeAssertion, type ReadUser } from './assertion.ts';
import { adminRoot, httpNodeRoot } from './roots.ts';

/** Where requests go. */
export interface Destinations {
  department: string;
  admin: RequestListener;
  endpoints: RequestListener;
  readUser: ReadUser;
  /** What `GET /healthz` answers. */
  health: () => { isReady: boolean; [detail: string]: unknown };
}

/** The listener of the one server. Node-RED's two applications see paths without their mount point, as Express mounts do. */
export function requestListener({ department, admin, endpoints, readUser, health }: Destinations): RequestListener {
  const mounts: [string, RequestListener][] = [
    [httpNodeRoot(department), forVisitors(endpoints, readUser)],
    [adminRoot(department), admin],
  ];
  return (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    if (path === '/healthz') return answerHealth(response, health());
    const mount = mounts.find(([root]) => path === root || path.startsWith(`${root}/`));
    if (mount) mountAt(mount[0], request, () => mount[1](request, response));
    else response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is nothing here.');
  };
}

/**
 * The department's own pages are for whom the gateway has let in: other programs of this machine reach this server, too.
 * What the gateway says of the visitor stays here: with it, a flow could deploy in the visitor's name.
 */
function forVisitors(endpoints: RequestListener, readUser: ReadUser): RequestListener {
  return (request, response) =>
    void readUser(takeAssertion(request)).then((user) => {
      if (user !== null) return endpoints(request, response);
      return response.writeHead(401, { 'Content-Type': 'text/plain' }).end('Come through Signalbox.');
    });
}

/** Express 4 takes the mount point from `baseUrl` and builds redirects from `originalUrl`. */
function mountAt(root: string, request: IncomingMessage, handle: () => void): void {
  const url = request.url ?? root;
  const rest = url.slice(root.length);
  Object.assign(request, { originalUrl: url, baseUrl: root });
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
  handle();
}

function answerHealth(response: ServerResponse, { isReady, ...details }: ReturnType<Destinations['health']>): void {
  response.writeHead(isReady ? 200 : 503, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify({ status: isReady ? 'ready' : 'not ready', ...details }));
}
