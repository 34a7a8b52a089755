// Fingerprints of files, to know whether something made from them is stale.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A hash over names and contents. @param {readonly string[]} files @returns {string} */
export function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** All files below a folder in a stable order, without those that are made or installed. @param {string} folder @returns {string[]} */
export function filesBelow(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((one, other) =>
    one.name < other.name ? -1 : 1,
  );
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['dist', 'node_modules', 'coverage'].includes(entry.name) ? [] : filesBelow(path);
    return entry.isFile() && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
}
