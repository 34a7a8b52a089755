// How the web app is built: one small entry, Monaco in its own chunks, nothing inline.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev -w editor` finds a running box. */
const BOX = 'http://127.0.0.1:1880';

export default defineConfig({
  plugins: [react()],
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
