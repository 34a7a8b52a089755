// How the web app is built: one small entry, Monaco in its own chunks, nothing inline.
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

import { ruleJsonSchema } from './src/rules/rule-schema.ts';

/** Where `npm run dev -w editor` finds a running box. */
const BOX = 'http://127.0.0.1:1880';

/**
 * Works the rules' JSON Schema out now and hands the browser the result: zod itself would be 27 kB more (gzip), and it tries
 * `new Function`, which our Content-Security-Policy reports.
 */
const schemaAtBuildTime: Plugin = {
  name: 'schema-at-build-time',
  load: (id) =>
    id.endsWith('/src/rules/rule-schema.ts')
      ? `export const ruleJsonSchema = ${JSON.stringify(ruleJsonSchema)};`
      : undefined,
};

export default defineConfig({
  plugins: [react(), schemaAtBuildTime],
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    // A data: URL would need an exception in the Content-Security-Policy.
    assetsInlineLimit: 0,
    // Monaco's chunk is 4 MB by nature and loads only with a rule's page.
    chunkSizeWarningLimit: 4_500,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': BOX, '/flows': { target: BOX, ws: true } } },
});
