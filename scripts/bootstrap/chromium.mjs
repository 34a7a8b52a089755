// Provides a Chromium for the tests that drive a browser; without one they are skipped by name.
import { aptInstall, findOnPath, say } from './commands.mjs';

/** @returns {Promise<{ SIGNALBOX_CHROMIUM?: string }>} what the tests' environment gets */
export async function provideChromium() {
  if (process.env.SIGNALBOX_CHROMIUM) return {};
  let path = findChromium();
  if (!path && process.getuid?.() === 0 && process.env.NODE_ENV !== 'production' && findOnPath('apt-get')) {
    say('installing Chromium for the tests that drive a browser');
    await aptInstall(['chromium']);
    path = findChromium();
  }
  if (!path) say('no Chromium: tests that drive a browser are skipped');
  return path ? { SIGNALBOX_CHROMIUM: path } : {};
}

function findChromium() {
  return findOnPath('chromium', 'chromium-browser', 'google-chrome');
}
