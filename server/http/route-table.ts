// Which routes an Express application has, read from the application itself.
import type { Express } from 'express';

/** One method on one path, as it was written: `GET /api/rules/:department/:name`. */
export type RouteName = string;

/** What Express keeps of a route or of a router that is mounted in another. */
interface Layer {
  route?: { path: string; methods: Record<string, boolean> } | undefined;
  handle: { stack?: Layer[] };
  /** The part of the path that the mount takes, or false. */
  match(path: string): { path: string } | false;
}

/** Every route of the application and of the routers in it, sorted. Middleware without a route is left out. */
export function routeTable(app: Express): RouteName[] {
  // Express's own types leave out what its layers carry.
  const layers: Layer[] = Reflect.get<object, 'stack'>(app.router, 'stack');
  return [...new Set(routesIn(layers, ''))].toSorted();
}

const routesIn = (layers: readonly Layer[], mountedAt: string): RouteName[] =>
  layers.flatMap((layer) => {
    if (layer.route) return namesOf(layer.route, mountedAt);
    return layer.handle.stack ? routesIn(layer.handle.stack, mountedAt + mountOf(layer)) : [];
  });

const namesOf = ({ path, methods }: NonNullable<Layer['route']>, mountedAt: string): RouteName[] =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${mountedAt}${path}`);

/** Where a router is mounted; all of ours are at `/api` or at the root. */
function mountOf(layer: Layer): string {
  const found = layer.match('/api');
  return found === false ? '' : found.path;
}
