// Copies what Node-RED reads beside a node's .js (form, locales, icons) into dist, and removes what no longer has a source.
import { cp, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = join(root, 'dist', 'nodes');

for (const folder of await readdir(built)) {
  const source = join(root, folder);
  const target = join(built, folder);
  if (!(await isThere(source))) {
    await rm(target, { recursive: true });
    continue;
  }
  for (const asset of [`${folder}.html`, 'locales', 'icons'])
    if (await isThere(join(source, asset))) await cp(join(source, asset), join(target, asset), { recursive: true });
}

async function isThere(path) {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
