// Reads Harbourton's assets from their files.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assetSchema, type Asset } from '../../../engine/model/asset.ts';
import { check } from '../../../engine/model/check.ts';
import { describeProblems } from '../../../engine/model/result.ts';

/** All assets of a folder's `*.json` files, each an array. Throws with all problems of a file that is not accepted. */
export function loadAssets(folder: string): Asset[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.toSorted().flatMap((name) => {
    const checked = check(assetSchema.array(), JSON.parse(readFileSync(join(folder, name), 'utf8')));
    if (!checked.ok) throw new Error(`${name} is not accepted:\n${describeProblems(checked.problems)}`);
    return checked.value;
  });
}
