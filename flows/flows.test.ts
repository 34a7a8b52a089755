import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface FlowNode {
  id: string;
  type: string;
  z?: string;
  g?: string;
  x?: number;
  y?: number;
  wires?: string[][];
  nodes?: string[];
  broker?: string;
  tls?: string;
  topic?: string;
  disabled?: boolean;
}

const ROOT = join(import.meta.dirname, '..');
const DEPARTMENTS = ['traffic', 'lighting', 'waste'];
const CITY_NODES = Object.keys(JSON.parse(readFileSync(join(ROOT, 'nodes/package.json'), 'utf8'))['node-red'].nodes);
const EXAMPLES = readdirSync(join(ROOT, 'nodes/examples')).map((file) => `nodes/examples/${file}`);

describe.each([...DEPARTMENTS.map((department) => `flows/${department}/flows.json`), ...EXAMPLES])('%s', (file) => {
  const flow = read(file);
  const ids = flow.map(({ id }) => id);

  it('refers only to nodes that it has', () => {
    expect(new Set(ids).size).toBe(ids.length);
    const referred = flow.flatMap(({ type, z, g, wires = [], nodes = [], broker, tls }) =>
      [z, g, type === 'mqtt in' ? broker : undefined, tls, ...wires.flat(), ...nodes].filter(
        (id) => id !== undefined && id !== '',
      ),
    );
    expect(referred.filter((id) => !ids.includes(String(id)))).toEqual([]);
  });

  it('gives the city’s nodes forms that they accept', async () => {
    const own = flow.filter(({ type }) => CITY_NODES.includes(type));
    expect(own.length).toBeGreaterThan(0);
    for (const node of own) {
      const { configSchema } = await import(join(ROOT, 'nodes', node.type, `${node.type}.ts`));
      const fields = Object.keys(configSchema.shape).map((field) => [field, Reflect.get(node, field)]);
      expect(configSchema.safeParse(Object.fromEntries(fields))).toMatchObject({ success: true });
    }
  });

  it('stands tidily on the editor’s grid, with a comment', () => {
    const placed = flow.filter(({ type, x }) => x !== undefined && type !== 'group');
    expect(placed.filter(({ x = 0, y = 0 }) => x % 10 !== 0 || y % 20 !== 0)).toEqual([]);
    expect(flow.map(({ type }) => type)).toContain('comment');
  });
});

it.each(DEPARTMENTS)(
  '%s hears its own telemetry, from its own field bus, and shows a disabled example',
  (department) => {
    const flow = read(`flows/${department}/flows.json`);
    expect(flow.filter(({ type }) => type === 'mqtt in').map(({ topic }) => topic)).toEqual([
      `signalbox/v1/${department}/+/telemetry`,
    ]);
    expect(flow.filter(({ type }) => type === 'mqtt-broker').map(({ broker }) => broker)).toEqual([
      '${FLOWS_MQTT_URL}',
    ]);
    expect(flow.filter(({ type }) => type === 'tab').map(({ disabled }) => disabled)).toEqual([false, true]);
    expect(flow.map(({ type }) => type)).not.toContain('debug');
  },
);

function read(file: string): FlowNode[] {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
}
