// Provides what some tests need besides: a Chromium, and mosquitto's clients. Without them those tests are skipped by name.
import { aptInstall, findOnPath, say } from './commands.mjs';

/** What tests may need: the programs it may be called, the Debian package, and for what. */
const TOOLS = [
  { programs: ['chromium', 'chromium-browser', 'google-chrome'], package: 'chromium', use: 'drive a browser' },
  { programs: ['mosquitto_pub'], package: 'mosquitto-clients', use: 'follow the field contract’s page' },
];

/** @returns {Promise<{ SIGNALBOX_CHROMIUM?: string }>} what the tests' environment gets */
export async function provideTestTools() {
  const missing = TOOLS.filter(({ programs }) => !findOnPath(...programs));
  const mayInstall = process.getuid?.() === 0 && process.env.NODE_ENV !== 'production' && findOnPath('apt-get');
  if (missing.length > 0 && mayInstall) {
    say(`installing what tests need that ${missing.map(({ use }) => use).join(' or ')}`);
    await aptInstall(missing.map((tool) => tool.package));
  }
  for (const { programs, use } of TOOLS) {
    if (!findOnPath(...programs)) say(`no ${programs[0]}: tests that ${use} are skipped`);
  }
  const chromium = process.env.SIGNALBOX_CHROMIUM || findOnPath(...TOOLS[0].programs);
  return chromium ? { SIGNALBOX_CHROMIUM: chromium } : {};
}
