// `npm start`: runs a whole box on this machine until Ctrl-C.
import { join } from 'node:path';
import { runBox } from './run-box.ts';

const ROOT = join(import.meta.dirname, '../..');

await runBox({
  core: join(ROOT, 'server/main.ts'),
  flows: join(ROOT, 'flows/host/main.ts'),
  simulator: join(ROOT, 'examples/harbourton/simulator/main.ts'),
  flowsReads: ['package.json', 'node_modules', 'engine', 'nodes', 'flows'].map((name) => join(ROOT, name)),
});
