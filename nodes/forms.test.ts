// The forms in Node-RED's own editor, in a real browser: drag, fill in, deploy, see the status change.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { PointRequest } from '../engine/model/input.ts';
import { eventually } from '../test/eventually.ts';
import { assertionFor, startBroker, startFlows, type FlowsProcess } from '../test/flows-process.ts';
import { LinkServer } from '../test/link-server.ts';
import { makeTempFolder } from '../test/temp-folder.ts';

const CHROMIUM = process.env['SIGNALBOX_CHROMIUM'] ?? '/usr/bin/chromium';
/** Where pictures go, for people to look at; none are taken without it. */
const SHOTS = process.env['SIGNALBOX_SCREENSHOTS'];
const TOKEN = 'the-token-of-the-lighting-department';
const LAMPS = Array.from({ length: 12 }, (_, index) => ({
  id: `urn:ngsi-ld:Streetlight:river-path-${index + 1}`,
  type: 'Streetlight',
  title: `River path ${index + 1}`,
  zone: 'river-path',
  location: [13.41 + index * 0.0005, 52.52 + (index % 3) * 0.0002] as const,
  points: ['level'],
}));
const SENSOR = {
  id: 'urn:ngsi-ld:LightSensor:harbour-1',
  type: 'LightSensor',
  title: 'Harbour',
  zone: 'harbour',
  location: [13.412, 52.521] as const,
  points: [],
};

const hasChromium = existsSync(CHROMIUM);

describe.skipIf(!hasChromium)(`the forms in Chromium (${hasChromium ? CHROMIUM : 'not installed'})`, () => {
  let browser: Browser;
  let core: LinkServer;
  let flows: FlowsProcess;
  let page: Page;
  let stop: () => Promise<void>;
  const errors: string[] = [];

  beforeAll(async () => {
    const folder = await makeTempFolder();
    const bus = await startBroker('lighting', 'pass-word');
    core = new LinkServer({ token: TOKEN, catalogue: { department: 'lighting', assets: [...LAMPS, SENSOR] } });
    flows = await startFlows({
      SIGNALBOX_DEPARTMENT: 'lighting',
      SIGNALBOX_CORE_URL: await core.start(),
      SIGNALBOX_LINK_TOKEN: TOKEN,
      SIGNALBOX_FLOWS_DIR: folder.path,
      FLOWS_MQTT_URL: bus.url,
    });
    await eventually(async () => {
      const { status } = await fetch(`${flows.url}/healthz`);
      if (status !== 200) throw new Error(`the flows runtime answers ${status}`);
    });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    stop = async () => {
      await browser.close();
      await flows.stop();
      await Promise.all([bus.stop(), core.stop(), folder.remove()]);
    };
  });
  afterAll(() => stop?.());
  afterEach(async () => {
    await page?.context().close();
    expect(errors.splice(0)).toEqual([]);
  });

  /** Opens an empty tab in the editor, in a language and a theme. */
  async function open({ language = 'en-US', theme = 'light' } = {}): Promise<void> {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: language,
      extraHTTPHeaders: { 'x-signalbox-assertion': await assertionFor(TOKEN, 'lighting', { expires: '290 s' }) },
    });
    await context.addInitScript(
      ([lang, view]) => {
        localStorage.setItem('editor-language', lang ?? '');
        localStorage.setItem('view-dark-theme', view ?? '');
      },
      [language, theme],
    );
    page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`${flows.url}/flows/lighting/`);
    await page.locator('.red-ui-palette-node[data-palette-type="streetlight"]').waitFor();
    await page.locator('#red-ui-workspace-tabs .red-ui-tab').first().waitFor();
    await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
    await page.evaluate(() => Reflect.get(globalThis, 'RED').actions.invoke('core:add-flow'));
  }

  /** Drags a node from the palette, and opens its form. */
  async function drag(type: string): Promise<Locator> {
    const chart = page.locator('#red-ui-workspace-chart');
    await page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`).dragTo(chart, {
      targetPosition: { x: 300, y: 200 },
    });
    await page.locator('g.red-ui-flow-node.selected, g.red-ui-flow-node-group .red-ui-flow-node').last().dblclick();
    const form = page.locator('#dialog-form');
    await form.waitFor();
    return form;
  }

  async function shoot(name: string): Promise<void> {
    if (SHOTS === undefined) return;
    await mkdir(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  /** Wires a button behind which the last lamp stands; it presses itself once it is deployed. */
  async function press(payload: number): Promise<void> {
    await page.evaluate((value) => {
      const { nodes, view } = Reflect.get(globalThis, 'RED');
      const lamp = nodes.filterNodes({ type: 'streetlight' }).at(-1);
      const button = {
        id: `press-${lamp.id}`,
        type: 'inject',
        z: lamp.z,
        props: [{ p: 'payload' }],
        payload: String(value),
        payloadType: 'num',
        once: true,
        onceDelay: 0.1,
        repeat: '',
        crontab: '',
        x: 140,
        y: 100,
        wires: [[]],
      };
      const [source] = nodes.import([button]).nodes;
      nodes.addLink({ source, sourcePort: 0, target: lamp });
      nodes.dirty(true);
      view.redraw();
    }, payload);
  }

  const deploy = async (): Promise<void> => {
    await page.locator('#red-ui-header-button-deploy').click();
  };

  it('drags a lamp, finds it by typing, asks it by a button and shows what the core reports', async () => {
    await open();
    const form = await drag('streetlight');
    const search = form.getByRole('combobox', { name: 'Assets' });
    // The editor moves the focus once its form has slid in, which closes a list that is open by then.
    await eventually(async () => {
      await search.fill('path');
      await search.fill('path 7');
      const found = await form.getByRole('listbox').getByRole('option').allTextContents();
      expect(found).toEqual(['River path 7river-path-7 · river-path']);
    });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await form.locator(`circle[data-asset="${LAMPS[2]?.id}"]`).click();
    await expect.poll(() => form.locator('.signalbox-chosen li').count()).toBe(2);
    await form.getByRole('button', { name: 'Remove river-path-3' }).click();
    // By its id: Node-RED puts the reason in the place of the label.
    const lease = form.locator('#node-input-lease');
    await lease.fill('soon');
    await lease.press('Tab');
    await expect.poll(() => lease.evaluate((field) => field.className)).toContain('input-error');
    await lease.fill('15 min');
    await lease.press('Tab');
    await expect.poll(() => lease.evaluate((field) => field.className)).not.toContain('input-error');
    await shoot('streetlight-light');
    await page.locator('#node-dialog-ok').click();
    await press(0.8);
    await deploy();
    const asked = await eventuallyAsked(core);
    expect(asked).toMatchObject([{ point: `${LAMPS[6]?.id}#level`, effect: 'set', value: 0.8, leaseSeconds: 900 }]);
    core.tell({
      type: 'command',
      commandId: 'c1',
      point: `${LAMPS[6]?.id}#level`,
      state: 'verified',
      at: new Date(2026, 10, 22, 14, 2, 11).getTime(),
      value: 0.8,
      key: asked[0]?.key ?? '',
    });
    await page.getByText('river-path-7 level 0.8 · verified 14:02:11').waitFor();
    await shoot('status-light');
  });
});

async function eventuallyAsked(core: LinkServer): Promise<PointRequest[]> {
  await eventually(() => expect(core.requests.length).toBeGreaterThan(0));
  return core.requests;
}
