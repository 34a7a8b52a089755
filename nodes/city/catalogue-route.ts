// Tells the editor what the city has, so that forms offer names, units and allowed values instead of asking for them.
import { PROPERTIES } from '../../engine/model/properties.ts';
import { knownUnitsFor } from '../../engine/model/units.ts';
import type { ValueType } from '../../engine/model/value.ts';
import { linkOf } from '../lib/port.ts';
import type { NodeApi } from '../lib/red.ts';

/** Where the editor asks, seen from the editor's own address. */
const ROUTE = '/signalbox/catalogue';

/** Answers `GET signalbox/catalogue` to those who may read the flows. */
export function offerCatalogue(RED: NodeApi): void {
  RED.httpAdmin.get(ROUTE, RED.auth.needsPermission('flows.read'), (_request, response) => {
    const known = linkOf(RED)?.catalogue() ?? { department: '', assets: [] };
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ ...known, properties: PROPERTY_CHOICES }));
  });
}

/** Each property with its type, and the units that its values may come in, its own first. */
const PROPERTY_CHOICES = Object.fromEntries(
  Object.entries(PROPERTIES).map(([name, { description, value }]) => [
    name,
    { description, value, units: unitsOf(value) },
  ]),
);

function unitsOf(value: ValueType): string[] {
  return value.type === 'number' ? knownUnitsFor(value.unit) : [];
}
