// Finds a Node that can run Signalbox: TypeScript without a build, node:sqlite without a flag.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SetupError } from './commands.mjs';

const NEEDED_MAJOR = 24;

/** The path of Node 24 or newer: the running one, else the one that npm installed. @returns {string} */
export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) return process.execPath;
  const isWindows = process.platform === 'win32';
  const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
  const path = resolve('node_modules', name, isWindows ? 'bin/node.exe' : 'bin/node');
  if (existsSync(path)) return path;
  throw new SetupError(
    `Signalbox needs Node ${NEEDED_MAJOR} or newer; this is ${process.version}, and the package ${name} that would bring one is not in ${join('node_modules')}. Install Node ${NEEDED_MAJOR}.`,
  );
}
