// Builds the workspaces whose sources changed since they were built last.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { filesBelow, hashOf } from './hash.mjs';
import { run, say, SetupError, SYSTEM_PATH } from './commands.mjs';

/** Workspaces with a script `build` that fills `dist`, and what of the rest of the repository goes into it. */
const WORKSPACES = [
  { folder: 'nodes', from: ['engine/model'] },
  { folder: 'editor', from: ['engine/model'] },
];

/** @param {{ mayInstall: boolean, node: string }} options nothing is built under NODE_ENV=production */
export async function buildStale({ mayInstall, node }) {
  for (const workspace of WORKSPACES) await buildWorkspace(workspace, { mayInstall, node });
}

async function buildWorkspace({ folder, from }, { mayInstall, node }) {
  if (!hasBuild(folder)) return;
  const stamp = join(folder, 'dist', '.signalbox-source-hash');
  if (!mayInstall) {
    if (existsSync(join(folder, 'dist'))) return;
    throw new SetupError(
      `${folder}/dist is missing, and under NODE_ENV=production nothing is built. Run \`npm run build --workspace ${folder}\` first.`,
    );
  }
  const sources = [folder, ...from.filter((place) => existsSync(place))].flatMap(filesBelow);
  const hash = hashOf([...sources, 'package-lock.json', 'tsconfig.json']);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  say(`building ${folder}`);
  // The build's own programs find Node 24 before the system's.
  const env = { ...process.env, PATH: [dirname(node), SYSTEM_PATH].join(delimiter) };
  if (!(await run('npm', ['run', 'build', '--workspace', folder, '--silent'], { env })))
    throw new SetupError(`${folder} could not be built`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

function hasBuild(folder) {
  const file = join(folder, 'package.json');
  return existsSync(file) && Boolean(JSON.parse(readFileSync(file, 'utf8')).scripts?.build);
}
