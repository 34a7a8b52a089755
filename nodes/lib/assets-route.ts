// Tells the editor which assets the department has, so that forms offer names instead of asking for URNs.
import { linkOf } from './port.ts';
import type { NodeApi } from './red.ts';

/** Where the editor asks, seen from the editor's own address. */
const ROUTE = '/signalbox/assets';

/** Every node file calls; one route is enough. */
const offered = new WeakSet<object>();

/** Answers `GET signalbox/assets` with the link's catalogue, to those who may read the flows. Once per Node-RED. */
export function offerAssets(RED: NodeApi): void {
  if (offered.has(RED.httpAdmin)) return;
  offered.add(RED.httpAdmin);
  RED.httpAdmin.get(ROUTE, RED.auth.needsPermission('flows.read'), (_request, response) => {
    const catalogue = linkOf(RED)?.catalogue() ?? { department: '', assets: [] };
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(catalogue));
  });
}
