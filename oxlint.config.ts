// Lint rules: correctness first, then the house's limits and who may import whom (ARCHITECTURE.md).
import { defineConfig } from 'oxlint';

/** For each layer, the only places outside itself that its files may import, seen from the repository's root. */
const LAYERS: Record<string, string[]> = {
  'engine/model': [],
  'engine/facts': ['engine/model'],
  'engine/rules': ['engine/model'],
  'engine/control': ['engine/model'],
  'engine/schedules': ['engine/model', 'engine/facts'],
  'engine/fold': ['engine/model', 'engine/facts', 'engine/rules', 'engine/control', 'engine/schedules'],
  'engine/actions': ['engine/model', 'engine/control', 'engine/fold'],
  'engine/adapters': ['engine/model', 'engine/fold'],
  'engine/store': ['engine/model', 'engine/fold'],
  nodes: ['engine/model'],
  flows: ['engine/model'],
  editor: ['engine/model'],
  examples: ['engine/model'],
  server: ['engine/model', 'engine/index.ts', 'server/launcher'],
  // Not through the engine's door: the launcher must start in no time, without loading an engine.
  'server/launcher': ['engine/model', 'engine/store/file-lock.ts'],
};

/** Packages with one home: nobody else may import them. */
const HOMES: Record<string, string[]> = {
  'json-rules-engine': ['engine/rules'],
  'astronomy-engine': ['engine/facts'],
  'date-holidays': ['engine/facts'],
  'ical.js': ['engine/schedules'],
  croner: ['engine/schedules'],
  bullmq: ['engine/actions'],
  nodemailer: ['engine/actions'],
  mqtt: ['engine/adapters', 'examples'],
  pg: ['engine/store'],
  '@electric-sql/pglite': ['engine/store'],
  'node-red': ['flows'],
  express: ['server'],
};

/** Every place that a layer may not reach, as import patterns. */
const EVERYWHERE = ['engine', 'nodes', 'flows', 'editor', 'examples', 'server', 'test', 'scripts', 'bench', 'chaos'];

function boundary(layer: string, allowed: string[]) {
  const inside = layer.split('/').length;
  const siblings = [...EVERYWHERE, ...Object.keys(LAYERS).filter((name) => name.includes('/'))];
  const forbidden = siblings.filter(
    (place) =>
      place !== layer &&
      !layer.startsWith(`${place}/`) &&
      !allowed.some((ok) => ok === place || place.startsWith(`${ok}/`) || ok.startsWith(`${place}/`)),
  );
  const packages = Object.entries(HOMES).filter(([, homes]) => !homes.some((home) => layer.startsWith(home)));
  const relative = (place: string) => {
    const [top, second] = place.split('/');
    return second && inside === 2 && layer.startsWith(`${top}/`) ? `**/${second}/**` : `**/${place}/**`;
  };
  return {
    files: [`${layer}/**/*.ts`, `${layer}/**/*.tsx`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: packages.map(([name, homes]) => ({ name, message: `${name} lives in ${homes.join(', ')} only.` })),
          patterns: [
            {
              group: forbidden.map(relative),
              message: `${layer} may import only ${allowed.join(', ') || 'itself'} (ARCHITECTURE.md, "Who may import whom").`,
            },
          ],
        },
      ],
    },
  };
}
export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'promise', 'node', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true },
  env: { node: true, es2024: true },
  ignorePatterns: ['**/dist/**', 'bench/zen/**', 'coverage/**'],
  rules: {
    'max-lines': ['error', { max: 400 }],
    'max-lines-per-function': ['error', { max: 60 }],
    'max-params': ['error', { max: 4 }],
    'max-depth': ['error', { max: 4 }],
    complexity: ['error', { max: 20 }],
    eqeqeq: 'error',
    'no-empty': 'error',
    'prefer-const': 'error',
    'no-var': 'error',
    'no-console': 'error',
    'import/no-default-export': 'error',
    'import/no-cycle': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-non-null-assertion': 'error',
    'preserve-caught-error': 'error',
    // A decision table's rows say `when` and `then`, as people do; what they hold is never a function.
    'unicorn/no-thenable': 'off',
    // TypeScript itself reports a path without a return value.
    'consistent-return': 'off',
    // A suite that several implementations run takes its title from them.
    'vitest/valid-title': ['error', { ignoreTypeOfDescribeName: true }],
    'vitest/no-standalone-expect': ['error', { additionalTestBlockFunctions: ['afterEach'] }],
    'vitest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'assert*', 'eventually'] }],
    'node/no-process-env': 'error',
  },
  overrides: [
    ...Object.entries(LAYERS).map(([layer, allowed]) => boundary(layer, allowed)),
    {
      files: ['**/*.test.ts', '**/*.testsuite.ts'],
      rules: {
        'max-lines': ['error', { max: 600 }],
        'max-lines-per-function': 'off',
        'typescript/no-non-null-assertion': 'off',
        'no-restricted-imports': 'off',
        'node/no-process-env': 'off',
      },
    },
    // Scripts of Node-RED's editor are no modules: a block keeps their functions to themselves.
    { files: ['nodes/resources/*.js'], rules: { 'unicorn/consistent-function-scoping': 'off' } },
    { files: ['nodes/*/*.ts', '*.config.ts', 'editor/*.config.ts'], rules: { 'import/no-default-export': 'off' } },
    {
      files: ['**/settings.ts', 'scripts/**', 'bench/**', 'chaos/**', 'test/**'],
      rules: { 'node/no-process-env': 'off' },
    },
    { files: ['scripts/**', 'bench/**'], rules: { 'no-console': 'off' } },
  ],
});
