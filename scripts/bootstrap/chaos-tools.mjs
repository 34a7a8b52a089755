// Provides what breaking a town needs besides: mosquitto, and strace for a power cut. Without mosquitto the embedded broker runs.
import { existsSync } from 'node:fs';
import { aptInstall, findOnPath, say } from './commands.mjs';

const isThere = {
  // Debian installs it outside of ordinary users' PATH.
  mosquitto: () => findOnPath('mosquitto') !== undefined || existsSync('/usr/sbin/mosquitto'),
  strace: () => findOnPath('strace') !== undefined,
};

/** Installs what is missing where that takes no password. */
export async function provideChaosTools() {
  const missing = Object.entries(isThere).filter(([, isHere]) => !isHere());
  const mayInstall = process.getuid?.() === 0 && process.env.NODE_ENV !== 'production' && findOnPath('apt-get');
  if (missing.length > 0 && mayInstall) await aptInstall(missing.map(([name]) => name));
  if (!isThere.mosquitto()) say('no mosquitto: the embedded broker stands in for it');
  if (!isThere.strace()) say('no strace: power-cut cannot be run');
}
