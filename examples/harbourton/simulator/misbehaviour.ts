// From the words of a command line to what is asked of the simulator: who, which fault or scene. Pure.
import type { Asset } from '../../../engine/model/asset.ts';
import { FAULTS, type Control } from './faults.ts';

/** The scenes that can be staged, and the type of asset that each needs. */
const SCENES = { queue: 'Approach', walk: 'MotionSensor', fill: 'WasteContainer' } as const;
type Scene = keyof typeof SCENES;

/** What is asked and how it reads, or what is wrong with the words. */
export type Request = { ok: true; control: Control; says: string } | { ok: false; problem: string };

/**
 * Reads `J4 policeKey on`, `river-path-17 stuckLamp off` or `J4-east queue`.
 *
 * @param words who (a device, an asset's URN, or its last part or parts), what, and for a fault `on` or `off`
 * @param assets the whole town
 */
export function readRequest([who = '', what = '', state = '', ...rest]: string[], assets: readonly Asset[]): Request {
  if (who === '') return { ok: false, problem: '' };
  if (isScene(what) && state === '') return readScene(who, what, assets);
  if (!isFault(what)) return wrong(`found ${JSON.stringify(what)}; allowed is one of the faults or scenes below`);
  if (!['on', 'off'].includes(state) || rest.length > 0)
    return wrong(`found ${JSON.stringify([state, ...rest].join(' '))} after the fault; allowed is on or off`);
  const fault = { fault: what, on: state === 'on' };
  const says = `${who}: ${what} is ${state} (${FAULTS[what]})`;
  if (devicesOf(assets).has(who)) return { ok: true, control: { device: who, ...fault }, says };
  const found = findAsset(who, assets);
  return 'problem' in found ? wrong(found.problem) : { ok: true, control: { asset: found.id, ...fault }, says };
}

/** How the command is used, with everything that it takes. */
export function usage(assets: readonly Asset[]): string {
  const lines = Object.entries(FAULTS).map(([name, what]) => `  ${name.padEnd(14)} ${what}`);
  const devices = [...devicesOf(assets)].map(([device, types]) => `  ${device.padEnd(24)} ${[...types].join(', ')}`);
  return [
    'npm run --silent misbehave -- <device or asset> <fault> on|off',
    'npm run --silent misbehave -- <asset> <scene>',
    '',
    'for example: J4 policeKey on · river-path-17 stuckLamp on · compactor-hs-1 doorOpen off · J4-east queue',
    '',
    'Faults:',
    ...lines,
    'Scenes:',
    ...Object.entries(SCENES).map(([scene, type]) => `  ${scene.padEnd(14)} needs an asset of type ${type}`),
    'Devices, and what they speak for (an asset is named by its URN or the end of it):',
    ...devices,
    '',
  ].join('\n');
}

function readScene(who: string, scene: Scene, assets: readonly Asset[]): Request {
  const found = findAsset(
    who,
    assets.filter(({ type }) => type === SCENES[scene]),
  );
  if ('problem' in found) return wrong(`${found.problem} (${scene} needs an asset of type ${SCENES[scene]})`);
  return { ok: true, control: { scene, asset: found.id }, says: `${found.id}: ${scene} is staged` };
}

function findAsset(who: string, assets: readonly Asset[]): { id: string } | { problem: string } {
  const found = assets.filter(({ id }) => id === who || id.endsWith(`:${who}`)).map(({ id }) => id);
  const [id] = found;
  if (id === undefined) return { problem: `found ${JSON.stringify(who)}; no device and no asset is called so` };
  return found.length === 1 ? { id } : { problem: `${JSON.stringify(who)} can be ${found.join(' or ')}; say which` };
}

/** Device → the types of its assets. */
function devicesOf(assets: readonly Asset[]): Map<string, Set<string>> {
  const devices = new Map<string, Set<string>>();
  for (const { binding, type } of assets)
    if (binding) devices.set(binding.device, (devices.get(binding.device) ?? new Set()).add(type));
  return devices;
}

const wrong = (problem: string): Request => ({ ok: false, problem });

const isScene = (word: string): word is Scene => Object.hasOwn(SCENES, word);
const isFault = (word: string): word is keyof typeof FAULTS => Object.hasOwn(FAULTS, word);
