// `npm run bench -- <name>`: runs one measurement, which prints its result as one line of JSON.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const files = await readdir(import.meta.dirname);
const names = files.filter((file) => file.endsWith('.ts') && file !== 'run.ts').map((file) => file.slice(0, -3));
const [name = ''] = process.argv.slice(2);
if (names.includes(name)) {
  await import(join(import.meta.dirname, `${name}.ts`));
} else {
  console.error(`found "${name}"; allowed is one of ${names.join(', ')}`);
  process.exitCode = 1;
}
