import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';

const ROOT = import.meta.dirname;
const NOT_NODES = ['city', 'lib', 'scripts', 'examples', 'resources', 'dist', 'node_modules'];
const LANGUAGES = ['en-US', 'de'];
const NODES = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !NOT_NODES.includes(entry.name))
  .map((entry) => entry.name);
const manifest = JSON.parse(read('package.json'));
const LIBRARY = readdirSync(join(ROOT, 'lib'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => read('lib', file))
  .join('\n');
const RESOURCES = readdirSync(join(ROOT, 'resources')).filter((file) => file.endsWith('.js'));

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

const SHARED = keysOf(JSON.parse(read('city', 'locales', 'en-US', 'city.json')));

it('has the shared texts in every language, and uses each of them', () => {
  for (const language of LANGUAGES)
    expect(keysOf(JSON.parse(read('city', 'locales', language, 'city.json')))).toEqual(SHARED);
  const code = [
    ...RESOURCES.map((file) => read('resources', file)),
    LIBRARY,
    ...NODES.map((node) => read(node, `${node}.ts`)),
  ];
  const drawn = NODES.flatMap((node) => {
    const form = registered(read(node, `${node}.html`));
    return [form.template, ...form.outputs.map((name) => `:outputs.${name}"`)];
  });
  const all = [...code, ...drawn].join('\n');
  // Chosen while running: `city:states.${state}`, and the reason that a kind of field is wrong.
  const computed = /^(states|wrong|status\.(started|ended))/;
  const isFound = (key: string) =>
    all.includes(`'city:${key}'`) || all.includes(`:${key}"`) || all.includes(`'${key}'`);
  expect(SHARED.filter((key) => !isFound(key) && !computed.test(key))).toEqual([]);
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
    for (const field of Object.keys(form.definition.defaults).filter((name) => name !== 'version'))
      expect(form.template).toMatch(new RegExp(`id="node-input-${field}(-list)?"`));
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
    const own = html + form.template + read(node, `${node}.ts`);
    expect(english.filter((key) => !isUsed(key, node, own))).toEqual([]);
  });

  it('has every text that it uses', () => {
    const texts = { [node]: keysOf(JSON.parse(read(node, 'locales', 'en-US', `${node}.json`))), city: SHARED };
    const used = [...form.template.matchAll(/data-i18n="(?:\[placeholder\])?([^"]+)"/g)].map((match) => match[1] ?? '');
    const missing = used.filter((key) => {
      const [last = '', namespace] = key.split(':').toReversed();
      return !(namespace === undefined ? texts[node] : texts['city'])?.includes(last);
    });
    expect(missing).toEqual([]);
    for (const name of form.outputs) expect(SHARED).toContain(`outputs.${name}`);
  });

  it('keeps its form’s script short and explains itself with an example', () => {
    const script = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
    expect(script.trim().split('\n').length).toBeLessThanOrEqual(40);
    const help = /<script type="text\/html" data-help-name="([\w-]+)">([\s\S]*?)<\/script>/.exec(html);
    expect(help?.[1]).toBe(node);
    expect(help?.[2]).toContain('<pre>');
  });
});

/** What a form's script gives Node-RED, and the form that it draws. */
interface Registered {
  type: string;
  definition: { category: string; icon: string; defaults: Record<string, { value: unknown }> };
  template: string;
  outputs: string[];
}

/** Runs the form's script as the editor does, after the shared scripts, and says what it registered. */
function registered(html: string): Registered {
  const script = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
  const found: [string, object][] = [];
  const drawn: string[] = [];
  const asked: string[] = [];
  const element = { text: (text: string) => (drawn.push(text), element), appendTo: () => element };
  const RED = {
    nodes: { registerType: (type: string, definition: object) => found.push([type, definition]) },
    _: (key: string) => (asked.push(key), key),
  };
  const window: Record<string, unknown> = {};
  for (const file of RESOURCES) runInNewContext(read('resources', file), { window, RED, $: () => element });
  runInNewContext(script, { RED, SignalboxForms: window['SignalboxForms'] });
  expect(found).toHaveLength(1);
  const [type, definition] = found[0]!;
  const label: unknown = Reflect.get(definition, 'outputLabels');
  if (typeof label === 'function')
    for (const index of [0, 1].slice(0, Reflect.get(definition, 'outputs'))) label(index);
  return {
    type,
    definition: JSON.parse(JSON.stringify(definition)),
    template: drawn[0] ?? '',
    outputs: asked.flatMap((key) => (key.includes(':outputs.') ? [key.split(':outputs.')[1] ?? ''] : [])),
  };
}

function keysOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => keysOf(inner, path === '' ? key : `${path}.${key}`));
}

/** In the node's form or code in full; in the library, which serves several nodes, without the node's name. */
function isUsed(key: string, node: string, own: string): boolean {
  const short = key.slice(node.length + 1);
  return own.includes(key) || (own + LIBRARY).includes(`'${short}'`) || short === 'label';
}

function read(...path: string[]): string {
  return readFileSync(join(ROOT, ...path), 'utf8');
}
