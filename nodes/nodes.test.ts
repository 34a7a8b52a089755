import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';

const ROOT = import.meta.dirname;
const NOT_NODES = ['lib', 'scripts', 'examples', 'resources', 'dist', 'node_modules'];
const LANGUAGES = ['en-US', 'de'];
const NODES = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !NOT_NODES.includes(entry.name))
  .map((entry) => entry.name);
const manifest = JSON.parse(read('package.json'));
const LIBRARY = readdirSync(join(ROOT, 'lib'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => read('lib', file))
  .join('\n');

it('lists each node’s folder in package.json, and nothing else', () => {
  expect(manifest['node-red'].nodes).toEqual(
    Object.fromEntries(NODES.map((node) => [node, `dist/nodes/${node}/${node}.js`])),
  );
});

it('says what Node-RED’s catalogue needs to know', () => {
  expect(manifest).toMatchObject({
    keywords: expect.arrayContaining(['node-red']),
    license: 'Apache-2.0',
    engines: { node: '>=22.9.0' },
    'node-red': { version: '>=5.0.0' },
  });
  expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(6);
  expect(read('LICENSE')).toContain('Version 2.0, January 2004');
});

it('shows an example of every node', () => {
  const used = readdirSync(join(ROOT, 'examples')).flatMap((file) =>
    JSON.parse(read('examples', file)).map(({ type }: { type: string }) => type),
  );
  expect(NODES.filter((node) => !used.includes(node))).toEqual([]);
});

describe.each(NODES)('%s', (node) => {
  const html = read(node, `${node}.html`);
  const form = registered(html);

  it('registers the same type in its form as in its code', () => {
    expect(form.type).toBe(node);
    expect(read(node, `${node}.ts`)).toContain(`type: '${node}'`);
  });

  it('has the fields of its configuration in its form, with the same defaults', async () => {
    const { configSchema } = await import(join(ROOT, node, `${node}.ts`));
    expect(Object.keys(form.definition.defaults).toSorted()).toEqual(Object.keys(configSchema.shape).toSorted());
    const defaults = Object.entries(form.definition.defaults);
    const withDefault = defaults.filter(([field]) => configSchema.shape[field].safeParse(undefined).success);
    expect(withDefault.map(([field, { value }]) => [field, value])).toEqual(
      withDefault.map(([field]) => [field, configSchema.shape[field].parse(undefined)]),
    );
    for (const [field] of defaults) expect(html).toMatch(new RegExp(`id="node-input-${field}(-list)?"`));
  });

  it('stands in one of the city’s groups of the palette, with an icon of its own', () => {
    expect(['city sensors', 'city rules', 'city actuators']).toContain(form.definition.category);
    expect(read(node, 'icons', form.definition.icon)).toContain('<svg');
  });

  it('has the same texts in every language, and uses each of them', () => {
    const [english = [], ...others] = LANGUAGES.map((language) =>
      keysOf(JSON.parse(read(node, 'locales', language, `${node}.json`))),
    );
    for (const keys of others) expect(keys).toEqual(english);
    const own = html + read(node, `${node}.ts`);
    expect(english.filter((key) => !isUsed(key, node, own))).toEqual([]);
  });

  it('has every text that it uses', () => {
    const keys = keysOf(JSON.parse(read(node, 'locales', 'en-US', `${node}.json`)));
    const inForm = [...html.matchAll(/data-i18n="(?:\[placeholder\])?([\w.-]+)"/g)].map((match) => match[1]);
    const inScript = [...html.matchAll(/_\('([\w.-]+\w)'\)/g)].map((match) => match[1]);
    expect([...inForm, ...inScript].filter((key) => !keys.includes(key ?? ''))).toEqual([]);
  });

  it('keeps its form’s script short and explains itself with an example', () => {
    const script = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
    expect(script.trim().split('\n').length).toBeLessThanOrEqual(40);
    const help = /<script type="text\/html" data-help-name="([\w-]+)">([\s\S]*?)<\/script>/.exec(html);
    expect(help?.[1]).toBe(node);
    expect(help?.[2]).toContain('<pre>');
  });
});

/** Runs the form's script as the editor does, and says what it registered. */
function registered(html: string): {
  type: string;
  definition: { category: string; icon: string; defaults: Record<string, { value: unknown }> };
} {
  const script = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
  const found: [string, object][] = [];
  const RED = { nodes: { registerType: (type: string, definition: object) => found.push([type, definition]) } };
  const window: Record<string, unknown> = {};
  runInNewContext(read('resources', 'city-forms.js'), { window });
  runInNewContext(script, { RED, SignalboxForms: window['SignalboxForms'] });
  expect(found).toHaveLength(1);
  return JSON.parse(JSON.stringify({ type: found[0]?.[0], definition: found[0]?.[1] }));
}

function keysOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => keysOf(inner, path === '' ? key : `${path}.${key}`));
}

/** In the node's own files in full; in the library, which serves several nodes, without the node's name. */
function isUsed(key: string, node: string, own: string): boolean {
  const short = key.slice(node.length + 1);
  const [group, last] = short.split('.');
  return (
    own.includes(key) ||
    (own + LIBRARY).includes(`'${short}'`) ||
    // Chosen while running: `status.${decision.kind}`, `'traffic-sensor.outputs.' + …`
    (own.includes(`\`${group}.\${`) && own.includes('decision.kind')) ||
    (own.includes(`'${node}.${group}.'`) && own.includes(`'${last}'`))
  );
}

function read(...path: string[]): string {
  return readFileSync(join(ROOT, ...path), 'utf8');
}
