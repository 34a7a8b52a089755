// Writes Harbourton's asset files from the town's plan; `node examples/harbourton/build-assets.ts` after a change of the plan.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AssetText } from './plan/asset-text.ts';
import { environmentAssets } from './plan/environment.ts';
import { lightingAssets } from './plan/lighting.ts';
import { trafficAssets } from './plan/traffic.ts';
import { wasteAssets } from './plan/waste.ts';

/** Where the files are. */
export const ASSETS_FOLDER = join(import.meta.dirname, 'assets');

/** The content of each file, by its name without `.json`. */
export const buildAssets = (): Record<string, AssetText[]> => ({
  traffic: trafficAssets(),
  lighting: lightingAssets(),
  waste: wasteAssets(),
  environment: environmentAssets(),
});

function writeAssets(): void {
  const paths = Object.entries(buildAssets()).map(([name, assets]) => {
    const path = join(ASSETS_FOLDER, `${name}.json`);
    writeFileSync(path, `${JSON.stringify(assets, null, 2)}\n`);
    return path;
  });
  execFileSync('oxfmt', paths, { stdio: 'inherit' });
}

if (import.meta.main) writeAssets();
