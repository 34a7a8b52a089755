// The waste department's things: 24 containers in three streets, 8 of them compactors.
import { HARBOUR_STREET, MARKET_SQUARE, RIVER_PATH, lengthOf, pointAt, spotAlong, type Street } from './map.ts';
import type { AssetText } from './asset-text.ts';

/** The streets, and which of their eight containers are compactors. */
const STREETS: readonly { zone: string; title: string; short: string; street: Street; compactors: number[] }[] = [
  { zone: 'river-path', title: 'River Path', short: 'rp', street: RIVER_PATH, compactors: [2, 6] },
  { zone: 'harbour-street', title: 'Harbour Street', short: 'hs', street: HARBOUR_STREET, compactors: [1, 4, 7] },
  { zone: 'market-square', title: 'Market Square', short: 'ms', street: MARKET_SQUARE, compactors: [1, 3, 5] },
];
const CONTAINERS_PER_STREET = 8;
/** What the presses are built for; a town that lives 60 times as fast fills a compactor every few minutes. */
const CYCLES_PER_HOUR = 15;

/** All containers. */
export const wasteAssets = (): AssetText[] =>
  STREETS.flatMap((served) =>
    Array.from({ length: CONTAINERS_PER_STREET }, (_, index) => container(served, index + 1)),
  );

function container({ zone, title, short, street, compactors }: (typeof STREETS)[number], number: number): AssetText {
  const compactor = compactors.includes(number);
  const location = pointAt(spotAlong(street, ((number - 0.5) * lengthOf(street)) / CONTAINERS_PER_STREET));
  const name = `${short}-${number}`;
  const common: AssetText = {
    id: `urn:ngsi-ld:WasteContainer:${name}`,
    type: 'WasteContainer',
    title: `${title}, ${compactor ? 'compactor' : 'container'} ${number}`,
    department: 'waste',
    zone,
    location,
    attributes: { fullAt: 0.85 },
    reports: { fillingLevel: { every: '15 s' }, status: { every: '15 s' } },
    // Plain containers have a radio sensor each, heard by the street's gateway.
    binding: { adapter: 'mqtt', device: `bins-${zone}` },
  };
  if (!compactor) return { ...common, tags: zone === 'market-square' ? ['market'] : [] };
  const heartbeat = { onChange: true, heartbeat: '20 s' } as const;
  return {
    ...common,
    tags: zone === 'market-square' ? ['compactor', 'market'] : ['compactor'],
    attributes: { fullAt: 0.85, pressAt: 0.7 },
    reports: { ...common.reports, door: heartbeat, status: heartbeat },
    points: { compaction: { wear: { perHour: CYCLES_PER_HOUR } } },
    binding: { adapter: 'mqtt', device: `compactor-${name}` },
  };
}
