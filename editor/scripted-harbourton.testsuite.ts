// A moment in Harbourton for browser tests: the demo city's own assets, with facts, points and commands of every kind.
import { readFileSync } from 'node:fs';

import type { Asset } from '../engine/model/asset.ts';
import type { ClaimBrief, Command, CommandRecord, CommandState, Want } from '../engine/model/command.ts';
import { CONFIRM_WITHIN_MS, type Confirmation } from '../engine/model/confirmation.ts';
import type { Decision } from '../engine/model/decision.ts';
import type { ActivationView, AssetView, CitySnapshot, FactView, PointView } from '../engine/model/live.ts';
import type { Value } from '../engine/model/value.ts';
import { alarmsAt } from './scripted-alarms.testsuite.ts';

const FOLDER = new URL('../examples/harbourton/assets/', import.meta.url);
const FILES = ['traffic', 'lighting', 'waste', 'environment'];

export const J4 = 'urn:ngsi-ld:TrafficController:J4';
export const J4_EAST = 'urn:ngsi-ld:Approach:J4-east';
export const LAMP_17 = 'urn:ngsi-ld:Streetlight:river-path-17';
/** The command whose trace the tests read. */
export const J2_COMMAND = 'urn:ngsi-ld:TrafficController:J2#timePlan:4';

/** What one command's page answers. */
export interface ScriptedTrace extends CommandRecord {
  decision?: Decision;
  readings: unknown[];
}

const readAssets = (): Asset[] =>
  FILES.flatMap((file): Asset[] => JSON.parse(readFileSync(new URL(`${file}.json`, FOLDER), 'utf8')));

const viewOf = (asset: Asset): AssetView => ({
  id: asset.id,
  type: asset.type,
  title: asset.title,
  department: asset.department,
  points: Object.keys(asset.points ?? {}),
  relations: asset.relations ?? {},
  attributes: asset.attributes ?? {},
  ...(asset.zone === undefined ? {} : { zone: asset.zone }),
  ...(asset.parent === undefined ? {} : { parent: asset.parent }),
  // One cabinet is away.
  ...(asset.id.endsWith(':harbour-street-38') ? { online: false } : {}),
});

/** The city at `now`, milliseconds since the epoch. */
export function harbourton(now: number): CitySnapshot {
  const assets = readAssets().map(viewOf);
  const commands = commandsAt(now);
  return {
    at: now,
    assets,
    facts: assets.flatMap((asset, index) => factsOf(asset, index, now)),
    points: assets.flatMap((asset) => asset.points.map((point) => pointOf(`${asset.id}#${point}`, now, commands))),
    activations: activationsAt(now),
    decisions: [reliefDecision(now), pressDecision(now)],
    commands,
    alarms: alarmsAt(now),
    confirmations: confirmationsAt(now),
  };
}

/** Ben wants J4 dark, and Ann herself J2: each waits for another person. */
export const confirmationsAt = (now: number): Confirmation[] =>
  [
    { id: 'dark-j4', askedBy: 'ben', controller: J4, value: 'Dark', askedAt: now - 20_000 },
    { id: 'flash-j2', askedBy: 'ann', controller: J4.replace('J4', 'J2'), value: 'YellowFlash', askedAt: now - 80_000 },
  ].map(({ id, askedBy, controller, value, askedAt }) => ({
    id,
    askedBy,
    askedAt,
    department: 'traffic',
    expiresAt: askedAt + CONFIRM_WITHIN_MS,
    wish: {
      do: 'claim',
      point: `${controller}#functionalPosition`,
      effect: 'set',
      value,
      slot: 8,
      rampSeconds: 0,
      leaseSeconds: 1_800,
      reason: 'the fire brigade works on the mast',
      key: '',
    },
  }));

/** A command's whole trace. */
export function traceAt(commandId: string, now: number): ScriptedTrace | undefined {
  const record = commandsAt(now).find(({ command }) => command.commandId === commandId);
  if (!record) return undefined;
  const decision = record.command.cause.decisionId === undefined ? undefined : reliefDecision(now);
  const readings = (decision?.trace ?? []).flatMap((trace) =>
    (trace.readings ?? []).map((id) => ({
      id,
      asset: 'urn:ngsi-ld:Detector:J2-north-1',
      property: 'occupancy',
      value: 0.47,
      unit: '1',
      observedAt: now - 63_000,
      receivedAt: now - 62_900,
      quality: 'good',
      source: 'flow:traffic',
    })),
  );
  return { ...record, ...(decision ? { decision } : {}), readings };
}

/** Values that vary from asset to asset, the same in each run. */
const spread = (index: number, step: number): number => ((index * 37 + step * 11) % 100) / 100;

function factsOf(asset: AssetView, index: number, now: number): FactView[] {
  const fact = (property: string, value: Value, unit?: string, ageMs = 2_000): FactView => ({
    asset: asset.id,
    property,
    value,
    ...(unit === undefined ? {} : { unit }),
    observedAt: now - ageMs,
    state: ageMs > 60_000 ? 'stale' : 'known',
    source: 'adapter:mqtt',
  });
  const isJ4East = asset.id.includes('J4-east');
  switch (asset.type) {
    case 'TrafficController':
      return [fact('controlMode', 'control'), fact('policeKey', asset.id.endsWith('J5') ? 'yellowFlash' : 'disabled')];
    case 'Approach':
      return [fact('queueLength', isJ4East ? 17 : Math.floor(spread(index, 2) * 9))];
    case 'Detector':
      return [
        fact(
          'occupancy',
          isJ4East ? 0.46 : spread(index, 1) * 0.3,
          '1',
          asset.id.includes('J6-west') ? 190_000 : 2_000,
        ),
      ];
    case 'Streetlight':
      return [fact('activePower', asset.id === LAMP_17 ? 0 : 12, 'W')];
    case 'MotionSensor':
      return [fact('motion', index % 4 === 0)];
    case 'LightSensor':
      return [fact('illuminance', 4.2, 'lx')];
    case 'WasteContainer':
      return [fact('fillingLevel', spread(index, 3), '1'), fact('status', 'ok')];
    case 'AirQualityStation':
      return [fact('no2', 41.2, 'ug/m3'), fact('pm10', 18, 'ug/m3'), fact('LAeq', 61, 'dB')];
    case 'WeatherStation':
      return [fact('temperature', 6.5, 'Cel'), fact('windSpeed', 14, 'km/h')];
    case 'WaterLevelStation':
      return [fact('waterLevel', 2.31, 'm')];
    default:
      return [];
  }
}

const claim = (owner: string, value: Value, now: number, some: Partial<ClaimBrief> = {}): ClaimBrief => ({
  claimId: `${owner}|${String(value)}`,
  owner,
  slot: 12,
  effect: 'set',
  value,
  reason: 'Relief plan for the approach that queues',
  leaseUntil: now + 240_000,
  ...some,
});

const relief = (value: Value, now: number): ClaimBrief => claim('rule traffic/queue-relief', value, now);

const liftClaim = (now: number): ClaimBrief =>
  claim('rule lighting/motion-lift', 0.8, now, {
    effect: 'atLeast',
    reason: 'Somebody near: at least 80 % on the lamps within 50 m: River Path, motion 3',
    leaseUntil: now + 45_000,
  });

/** Points that somebody holds; all others follow their own programme. */
function pointOf(pointKey: string, now: number, commands: readonly CommandRecord[]): PointView {
  const newest = commands.find(({ command }) => command.point === pointKey);
  const base = { point: pointKey, ...(newest ? { commandId: newest.command.commandId } : {}) };
  const reported = (value: Value) => ({ reported: { value, cause: 'command', at: now - 5_000 } });
  const free = { want: { release: true } as const, bounds: [], losers: [] };
  const [asset = '', point] = pointKey.split('#');
  if (point === 'emergencyRoute') return { ...base, ...reported(0), arbitration: free };
  if (point === 'functionalPosition') return { ...base, ...reported('NormalControl'), arbitration: free };
  if (asset.endsWith('J2'))
    return { ...base, ...reported(3), arbitration: { ...free, want: want(3), winner: relief(3, now) } };
  if (asset.endsWith('J5'))
    return {
      ...base,
      ...reported(1),
      arbitration: { ...free, winner: claim('local J5', 1, now, { slot: 8, reason: 'police key' }), want: want(1) },
    };
  if (point === 'timePlan') return { ...base, ...reported(1), arbitration: free };
  if (point === 'compaction') return { ...base, ...reported(newest ? 'compacting' : 'idle'), arbitration: free };
  const number = Number(/river-path-(\d+)$/.exec(asset)?.[1] ?? 0);
  if (number >= 12 && number <= 19)
    return {
      ...base,
      ...reported(number === 18 ? 0.3 : 0.8),
      arbitration: { ...free, want: want(0.8), bounds: [liftClaim(now)] },
    };
  return { ...base, ...reported(asset.includes('mill') ? 0.6 : 0.3), arbitration: free };
}

const want = (value: Value): Want => ({ value, rampSeconds: 0 });

interface Script {
  point: string;
  sequence: number;
  want: Want;
  /** Seconds before now at which it was issued. */
  ago: number;
  steps: [CommandState, number, string?][];
  winner?: ClaimBrief;
  losers?: Command['cause']['arbitration']['losers'];
  decisionId?: string;
}

const lamp = (number: number): string => `urn:ngsi-ld:Streetlight:river-path-${number}#level`;

function commandsAt(now: number): CommandRecord[] {
  const scripts: Script[] = [
    {
      point: 'urn:ngsi-ld:TrafficController:J2#timePlan',
      sequence: 4,
      want: want(3),
      ago: 58,
      decisionId: 'd-relief',
      winner: relief(3, now),
      losers: [
        {
          ...claim('flow traffic', 2, now, { slot: 13, reason: 'evening plan' }),
          why: 'slot 12 is more urgent than slot 13',
        },
      ],
      steps: [
        ['queued', 0],
        ['sent', 0.1],
        ['accepted', 0.4],
        ['verified', 6.2, 'timePlan 3 reported, cause command'],
      ],
    },
    {
      point: lamp(18),
      sequence: 9,
      want: want(0.8),
      ago: 2,
      winner: liftClaim(now),
      steps: [
        ['queued', 0],
        ['sent', 0.1],
        ['accepted', 0.3],
      ],
    },
    {
      point: lamp(16),
      sequence: 7,
      want: want(0.8),
      ago: 12,
      winner: liftClaim(now),
      steps: [
        ['queued', 0],
        ['sent', 0.2],
        ['accepted', 0.4],
        ['verified', 3],
      ],
    },
    {
      point: `${LAMP_17}#level`,
      sequence: 8,
      want: want(0.8),
      ago: 25,
      winner: liftClaim(now),
      steps: [
        ['queued', 0],
        ['sent', 0.1],
        ['accepted', 0.3],
        ['unverified', 10, 'activePower reads 0 W, expected 32 W ± 15 %'],
      ],
    },
    {
      point: 'urn:ngsi-ld:Streetlight:river-path-1#level',
      sequence: 3,
      want: want(0.1),
      ago: 130,
      steps: [
        ['queued', 0],
        ['refused', 0.1, 'A crossing keeps its class minimum'],
      ],
    },
    {
      point: compactor(),
      sequence: 2,
      want: want('compacting'),
      ago: 4,
      steps: [
        ['queued', 0],
        ['sent', 0.1],
      ],
    },
    {
      point: `${J4}#timePlan`,
      sequence: 11,
      want: { release: true },
      ago: 400,
      steps: [
        ['queued', 0],
        ['superseded', 2],
      ],
    },
  ];
  return scripts.map((script) => toRecord(script, now));
}

/** The first container with a press. */
const compactor = (): string => `${readAssets().find((asset) => asset.points?.['compaction'])?.id ?? ''}#compaction`;

function toRecord(script: Script, now: number): CommandRecord {
  const issuedAt = now - script.ago * 1_000;
  return {
    command: {
      commandId: `${script.point}:${script.sequence}`,
      point: script.point,
      department: 'traffic',
      device: 'device',
      sequence: script.sequence,
      fence: 1,
      issuedAt,
      notAfter: issuedAt + 10_000,
      slot: 12,
      want: script.want,
      leaseUntil: now + 240_000,
      cause: {
        ...(script.decisionId === undefined ? {} : { decisionId: script.decisionId }),
        arbitration: {
          want: script.want,
          ...(script.winner ? { winner: script.winner } : {}),
          bounds: [],
          losers: script.losers ?? [],
        },
      },
    },
    steps: script.steps.map(([state, after, detail]) => ({
      state,
      at: issuedAt + after * 1_000,
      ...(detail === undefined ? {} : { detail }),
      ...(state === 'verified' ? { proof: 'device' as const } : {}),
    })),
  };
}

const RELIEF = { rule: 'traffic/queue-relief', ruleVersion: 1, title: 'Relief plan for the approach that queues' };

const key = (rule: string, asset: string, related = ''): string => `${rule}|${asset}|${related}`;

function activationsAt(now: number): ActivationView[] {
  const [j2, j2North] = ['urn:ngsi-ld:TrafficController:J2', 'urn:ngsi-ld:Approach:J2-north'];
  return [
    {
      ...RELIEF,
      key: key(RELIEF.rule, J4, J4_EAST),
      asset: J4,
      related: J4_EAST,
      phase: 'pending',
      since: now - 4_000,
      until: now + 6_000,
    },
    {
      ...RELIEF,
      key: key(RELIEF.rule, j2, j2North),
      asset: j2,
      related: j2North,
      phase: 'active',
      since: now - 58_000,
      activeSince: now - 58_000,
    },
    {
      rule: 'lighting/motion-lift',
      ruleVersion: 2,
      title: 'Somebody near: at least 80 % on the lamps within 50 m',
      key: key('lighting/motion-lift', 'urn:ngsi-ld:MotionSensor:river-path-3'),
      asset: 'urn:ngsi-ld:MotionSensor:river-path-3',
      phase: 'clearing',
      since: now - 3_000,
      until: now + 12_000,
    },
  ];
}

function reliefDecision(now: number): Decision {
  return {
    decisionId: 'd-relief',
    kind: 'started',
    ...RELIEF,
    department: 'traffic',
    asset: 'urn:ngsi-ld:TrafficController:J2',
    related: 'urn:ngsi-ld:Approach:J2-north',
    at: now - 58_100,
    causedBy: '1-0',
    reason: 'the conditions hold',
    trace: [
      { path: '/conditions/all', outcome: true },
      {
        path: '/conditions/all/0',
        outcome: true,
        fact: 'occupancy of approach/detectors, max, avg over 15 s',
        operator: 'greaterThan',
        wanted: 0.35,
        found: 0.462,
        unit: '1',
        ageMs: 1_200,
        readings: ['r-1', 'r-2'],
      },
      {
        path: '/conditions/all/1',
        outcome: true,
        fact: 'controlMode',
        operator: 'equal',
        wanted: 'control',
        found: 'control',
        ageMs: 800,
      },
      {
        path: '/conditions/all/2/condition:dark',
        outcome: 'unknown',
        fact: 'illuminance',
        operator: 'lessThan',
        wanted: 20,
        why: 'never seen',
      },
    ],
    claims: ['rule traffic/queue-relief|3'],
  };
}

function pressDecision(now: number): Decision {
  const { related: _none, ...relieved } = reliefDecision(now);
  return {
    ...relieved,
    decisionId: 'd-press',
    kind: 'ended',
    rule: 'waste/compact',
    title: 'Press what is loose before the container is full',
    department: 'waste',
    asset: compactor().split('#')[0] ?? '',
    at: now - 4_000,
    reason: 'the conditions do not hold any more',
    trace: [
      {
        path: '/conditions',
        outcome: false,
        fact: 'fillingLevel',
        operator: 'greaterThanInclusive',
        wanted: 0.7,
        found: 0.31,
        unit: '1',
      },
    ],
  };
}
