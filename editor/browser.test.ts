// The built web app in a real browser against a small real server: sign-in, live changes, loss, traces, rules.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { systemClock } from '../engine/model/clock.ts';
import { ruleSchema } from '../engine/model/rule.ts';
import { PASSWORD, RULE_ID, ScriptedBox } from './scripted-box.testsuite.ts';
import { harbourton, J2_COMMAND, J4, LAMP_17 } from './scripted-harbourton.testsuite.ts';

const CHROMIUM = process.env['SIGNALBOX_CHROMIUM'] ?? '/usr/bin/chromium';
// Without its own tests, which would only be more to type.
const { tests: _, ...RULE } = ruleSchema.parse(
  JSON.parse(readFileSync(new URL('../examples/rules/traffic/queue-relief.json', import.meta.url), 'utf8')),
);

const hasChromium = existsSync(CHROMIUM);

describe.skipIf(!hasChromium)(`the web app in Chromium (${hasChromium ? CHROMIUM : 'not installed'})`, () => {
  let browser: Browser;
  let box: ScriptedBox;
  let address: string;
  let page: Page;
  let errors: string[];
  let foreign: string[];

  beforeAll(async () => {
    // The app as it is now, not as somebody built it before; about three seconds.
    const built = spawnSync(
      process.execPath,
      ['../node_modules/vite/bin/vite.js', 'build', '--outDir', '.cache/browser-test'],
      {
        cwd: import.meta.dirname,
        encoding: 'utf8',
      },
    );
    if (built.status !== 0) throw new Error(built.stderr);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    box = new ScriptedBox({ snapshot: () => harbourton(systemClock.now()), rule: RULE });
    address = await box.start();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    page = await context.newPage();
    errors = [];
    foreign = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) errors.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url())) foreign.push(request.url());
    });
  });
  afterEach(async () => {
    await page.context().close();
    await box.stop();
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  async function signIn(path = '/'): Promise<void> {
    await page.goto(address + path);
    await page.getByLabel('Name').fill('ann');
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText('Live').waitFor();
  }

  async function seriousProblems(): Promise<string[]> {
    await page.evaluate(axe.source);
    return page.evaluate(async () => {
      const inPage: {
        run: () => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
      } = Reflect.get(globalThis, 'axe');
      const { violations } = await inPage.run();
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
    });
  }

  it('says clearly why nobody is signed in, and then signs in', async () => {
    await page.goto(address);
    const [name, password] = [page.getByLabel('Name'), page.getByRole('textbox', { name: 'Password' })];
    await name.waitFor();
    expect(await seriousProblems()).toEqual([]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Fill in name and password.').waitFor();
    await name.fill('ann');
    await password.fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('Name or password is wrong.').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Too many attempts. Try again in 30 s.').waitFor();
    await password.fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText('simulated, shortened times').waitFor();
    await page.getByRole('button', { name: /ann/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.getByText('Harbourton').count()).toBe(0);
  });

  it('shows a change as it happens, without a reload', async () => {
    await signIn();
    const card = page.getByRole('article').filter({ hasText: 'J4 Old Bridge' });
    await card.getByText('Plan 1', { exact: true }).waitFor();
    await card.getByText(/true for 0:0\d of 0:10/).waitFor();
    const now = systemClock.now();
    const winner = {
      claimId: 'c',
      owner: 'rule traffic/queue-relief',
      slot: 12,
      effect: 'set',
      value: 3,
      reason: 'Relief plan for the approach that queues',
      leaseUntil: now + 60_000,
    };
    const arbitration = { want: { value: 3, rampSeconds: 0 }, winner, bounds: [], losers: [] };
    box.send({
      event: 'point',
      data: { point: `${J4}#timePlan`, reported: { value: 1, cause: 'programme', at: now }, arbitration },
    });
    await card.getByText('Wanted: Plan 3').waitFor();
    box.send({
      event: 'point',
      data: { point: `${J4}#timePlan`, reported: { value: 3, cause: 'command', at: now }, arbitration },
    });
    await card.getByText('Wanted: Plan 3').waitFor({ state: 'detached' });
    expect(await card.textContent()).toContain('Held by Relief plan for the approach that queues · slot 12 · until');
  });

  it('shows open alarms by severity, who was told and whether it arrived, and takes acknowledgements and shelves', async () => {
    await signIn('/alarms');
    const unseen = page.getByRole('region', { name: 'To be acknowledged' });
    await unseen.getByText('Signal conflict').waitFor();
    expect(await page.getByRole('link', { name: 'Alarms' }).textContent()).toBe('Alarms 2');
    expect(await unseen.getByRole('strong').allTextContents()).toEqual(['Signal conflict', 'Does not obey']);
    await page.getByText('37 more follow from it').waitFor();
    const lamp = unseen.getByRole('listitem').filter({ hasText: 'Does not obey' });
    await lamp.getByRole('button', { name: 'Details' }).click();
    await lamp.getByText('told Duty person · delivered').waitFor();
    await lamp.getByText('told Head of lighting · not delivered · the mail server said 550').waitFor();
    expect(await seriousProblems()).toEqual([]);
    const critical = unseen.getByRole('listitem').filter({ hasText: 'Signal conflict' });
    expect(await critical.getByRole('button', { name: 'Put aside' }).count()).toBe(0);
    await critical.getByRole('button', { name: 'Acknowledge' }).click();
    const seen = page.getByRole('region', { name: 'Acknowledged, not over yet' });
    await seen.getByText('Signal conflict').waitFor();
    await lamp.getByRole('button', { name: 'Put aside' }).click();
    await lamp.getByLabel('Reason').fill('lamp is being replaced');
    await page.keyboard.press('Enter');
    await page.getByText('put aside by ann (lamp is being replaced) until').waitFor();
    expect(box.saved).toEqual({ duration: '1 h', reason: 'lamp is being replaced' });
    await page.getByText('Nothing wants to be acknowledged.').waitFor();
  });

  it('shows what waits for a second person, confirmed by another and only taken back by who asked', async () => {
    await signIn();
    const waiting = page.getByRole('region', { name: 'Waits for a second person' });
    const [bens, own] = ['dark', 'yellow flash'].map((value) =>
      waiting.getByRole('listitem').filter({ has: page.getByText(value, { exact: true }) }),
    );
    await bens?.getByText('asked by ben, for 30:00: the fire brigade works on the mast').waitFor();
    expect(await own?.getByRole('button', { name: 'Confirm' }).count()).toBe(0);
    expect(await seriousProblems()).toEqual([]);
    await bens?.getByRole('button', { name: 'Confirm' }).click();
    await bens?.waitFor({ state: 'detached' });
    expect(box.saved).toEqual({ verb: 'confirm', key: 'dark-j4', body: {} });
    await own?.getByRole('button', { name: 'Take back' }).click();
    await own?.getByLabel('Reason').fill('wrong junction');
    await page.keyboard.press('Enter');
    await waiting.waitFor({ state: 'detached' });
    expect(box.saved).toEqual({ verb: 'decline', key: 'flash-j2', body: { reason: 'wrong junction' } });
  });

  it('stands down when the button is held for two seconds, and says what is true of the points', async () => {
    await page.clock.install();
    await signIn();
    await page.getByRole('button', { name: 'Stand down…' }).click();
    const form = page.getByRole('region', { name: 'Stand down', exact: true });
    const press = form.getByRole('button', { name: 'Hold for 2 s to stand down' });
    expect(await press.isDisabled()).toBe(true);
    await form.getByLabel('Zone').selectOption('river-path');
    await form.getByLabel('Type').selectOption('Streetlight');
    await form.getByLabel('Reason').fill('the river comes over the quay');
    await form.getByText('40 points of 40 assets').waitFor();
    expect(await seriousProblems()).toEqual([]);
    await press.hover();
    // Its own clock from here on: how long it is held must not depend on how fast the test runs.
    await page.clock.pauseAt(await page.evaluate(() => Date.now() + 5_000));
    await page.mouse.down();
    await form.getByText('Keep holding…').waitFor();
    await page.clock.fastForward(1_900);
    await page.mouse.up();
    await page.clock.fastForward(5_000);
    await press.waitFor();
    expect(box.saved).toBeUndefined();
    await press.focus();
    await page.keyboard.down('Enter');
    await form.getByText('Keep holding…').waitFor();
    await page.clock.fastForward(2_000);
    await page.getByText('only safe values leave the box. How far').waitFor();
    await page.keyboard.up('Enter');
    await page.clock.resume();
    const scope = { zone: 'river-path', type: 'Streetlight' };
    expect(box.saved).toEqual({ scope, reason: 'the river comes over the quay' });
    const standing = page.getByRole('region', { name: 'Stood down: Lamps, River Path' });
    await standing.getByText('0 of 40 points report their safe value').waitFor();
    await standing.getByText('40 not told yet').waitFor();
    await standing.getByText('by ann: the river comes over the quay').waitFor();
  });

  it('ends a stand-down by a second person only, who is not asked twice', async () => {
    await signIn();
    const [at, reason] = [systemClock.now(), 'the river comes over the quay'];
    box.restrain({ kind: 'stand-down', id: '*/one', by: 'ben', at, reason, endAsked: [], scope: {} });
    const standing = page.getByRole('region', { name: 'Stood down: the whole city' });
    await standing.getByLabel('Reason').fill('the water is gone');
    expect(await seriousProblems()).toEqual([]);
    await standing.getByRole('button', { name: 'End (two people)' }).click();
    await standing.getByText('ann asked for its end; another person must ask too').waitFor();
    expect(await standing.getByRole('button', { name: 'End (two people)' }).count()).toBe(0);
    const endAsked = [{ by: 'ben', at, reason: 'the water is gone' }];
    box.restrain({ kind: 'stand-down', id: '*/one', by: 'ben', at, reason, endAsked, scope: {} });
    await standing.getByText('ben asked for its end').waitFor();
    await standing.getByLabel('Reason').fill('the water is gone');
    await page.keyboard.press('Enter');
    await standing.waitFor({ state: 'detached' });
  });

  it('takes an asset out of service on its panel, and its setter ends it', async () => {
    await signIn(`/?asset=${LAMP_17}`);
    const panel = page.getByRole('complementary');
    await panel.getByRole('button', { name: 'Take out of service…' }).click();
    await panel.getByLabel('Reason').fill('the pole is open');
    await panel.getByRole('button', { name: 'Take out of service' }).click();
    const own = panel.getByRole('region', { name: 'Out of service' });
    await own.getByText('by ann: the pole is open').waitFor();
    expect(await panel.getByRole('button', { name: /Take out of service/ }).count()).toBe(0);
    expect(await seriousProblems()).toEqual([]);
    await own.getByLabel('Reason').fill('closed again');
    await own.getByRole('button', { name: 'End' }).click();
    await own.waitFor({ state: 'detached' });
  });

  it('shows a lost connection at once and catches up after it', async () => {
    await signIn();
    box.lose();
    await page
      .getByRole('alert')
      .getByText(/Connection lost at \d\d:\d\d:\d\d/)
      .waitFor();
    await page.getByRole('article').filter({ hasText: 'J4 Old Bridge' }).getByText('Plan 1', { exact: true }).waitFor();
    expect(await seriousProblems()).toEqual([]);
    box.comeBack();
    await page.getByText(/Connection lost at/).waitFor({ state: 'detached' });
    await page.getByText('Live', { exact: true }).waitFor();
  });

  it('explains a command from the reading to the proof', async () => {
    await signIn();
    await page
      .getByRole('button', { name: /J2 Custom House → Plan 3/ })
      .first()
      .click();
    const panel = page.getByRole('complementary');
    await panel.getByText('Occupancy of approach/detectors, max, avg over 15 s').waitFor();
    for (const text of ['46.2 %', 'unknown', 'slot 12 is more urgent than slot 13', 'proven by the device'])
      await panel.getByText(text, { exact: false }).first().waitFor();
    expect(new URL(page.url()).searchParams.get('command')).toBe(J2_COMMAND);
    expect(await seriousProblems()).toEqual([]);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
  });

  it('is worked by keyboard alone: one stop per street, arrows within, Enter opens a lamp', async () => {
    await signIn();
    const street = page.getByRole('list', { name: 'Lamps of River Path' });
    await street.getByRole('button').first().focus();
    for (let step = 0; step < 16; step += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary').getByText(LAMP_17).waitFor();
    expect(await page.getByRole('complementary').textContent()).toContain('Wanted80 %');
  });

  it.each([
    ['light', 1440],
    ['dark', 390],
  ] as const)('has no serious barrier in %s at %i px, and nothing sticks out', async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    await signIn();
    await page.getByText('Needs a look').waitFor();
    expect(await seriousProblems()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });

  it('speaks German when asked to, and keeps to it', async () => {
    await signIn();
    await page.getByRole('button', { name: /ann/ }).click();
    await page.getByText('Deutsch').click();
    await page.getByRole('heading', { name: 'Letzte Befehle' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Letzte Befehle' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
  });

  it('underlines the server’s problem at its place and saves what is right', async () => {
    await signIn('/rules');
    await page.getByRole('link', { name: 'Relief plan for the approach that queues' }).click();
    const text = page.locator('.monaco-editor .view-lines').first();
    await text.waitFor();
    expect(await seriousProblems()).toEqual([]);
    await replaceAll({ ...RULE, for: 'ten seconds' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('1 problem').waitFor();
    const problem = page.getByRole('button', { name: /\/for .*ten seconds/ });
    await problem.waitFor();
    await page.locator('.squiggly-error').first().waitFor();
    await replaceAll({ ...RULE, for: '20 s' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/Saved as version 4/).waitFor();
    expect(box.saved).toMatchObject({ id: RULE_ID, for: '20 s' });
  });

  it('offers both versions when another author was faster', async () => {
    await signIn(`/rules/${RULE_ID}`);
    await page.locator('.monaco-editor .view-lines').first().waitFor();
    await replaceAll({ ...RULE, title: 'Mine' });
    box.overtake();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/version 4 by person:ben came in between/).waitFor();
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor();
    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await page.getByText(/Saved as version 5/).waitFor();
    expect(box.saved).toMatchObject({ title: 'Mine' });
  });

  it('asks before unsaved changes are left', async () => {
    await signIn(`/rules/${RULE_ID}`);
    await page.locator('.monaco-editor .view-lines').first().waitFor();
    await replaceAll({ ...RULE, title: 'Mine' });
    await page.getByRole('link', { name: 'City' }).click();
    await page.getByText('Leave without saving?').waitFor();
    await page.getByRole('button', { name: 'Stay', exact: true }).last().click();
    expect(new URL(page.url()).pathname).toBe(`/rules/${RULE_ID}`);
  });

  /** Types as a person who pastes does: everything selected, then the new text. */
  async function replaceAll(rule: unknown): Promise<void> {
    await page.locator('.monaco-editor .view-lines').first().click();
    await page.keyboard.press('Control+A');
    await page.evaluate((text) => navigator.clipboard.writeText(text), JSON.stringify(rule, undefined, 2));
    await page.keyboard.press('Control+V');
  }
});
