// Air, weather and water-level stations, each with the department that acts on what they measure.
import { pointAt, type Spot } from './map.ts';
import type { AssetText } from './asset-text.ts';

/** The stations: air and water matter to traffic (low-emission plans, the flood closure), weather to lighting. */
const STATIONS: readonly {
  kind: 'AirQualityStation' | 'WeatherStation' | 'WaterLevelStation';
  name: string;
  title: string;
  department: string;
  zone: string;
  spot: Spot;
  measures: string[];
}[] = [
  {
    kind: 'AirQualityStation',
    name: 'air-market-square',
    title: 'Market Square, air',
    department: 'traffic',
    zone: 'market-square',
    spot: { eastM: -315, northM: 470 },
    measures: ['no2', 'pm10', 'pm25', 'LAeq'],
  },
  {
    kind: 'AirQualityStation',
    name: 'air-harbour-street',
    title: 'Harbour Street, air',
    department: 'traffic',
    zone: 'harbour-street',
    spot: { eastM: -100, northM: 65 },
    measures: ['no2', 'pm10', 'pm25', 'LAeq'],
  },
  {
    kind: 'WeatherStation',
    name: 'weather-harbour-light',
    title: 'Harbour light, weather',
    department: 'lighting',
    zone: 'harbour-street',
    spot: { eastM: 0, northM: 0 },
    measures: ['temperature', 'relativeHumidity', 'windSpeed', 'precipitation'],
  },
  {
    kind: 'WaterLevelStation',
    name: 'water-old-bridge',
    title: 'Old Bridge, water level',
    department: 'traffic',
    zone: 'river-path',
    spot: { eastM: 48, northM: 45 },
    measures: ['waterLevel'],
  },
  {
    kind: 'WaterLevelStation',
    name: 'water-mill',
    title: 'Mill weir, water level',
    department: 'traffic',
    zone: 'river-path',
    spot: { eastM: 165, northM: 1_000 },
    measures: ['waterLevel'],
  },
];

/** All stations. */
export const environmentAssets = (): AssetText[] =>
  STATIONS.map(({ kind, name, title, department, zone, spot, measures }) => ({
    id: `urn:ngsi-ld:${kind}:${name}`,
    type: kind,
    title,
    department,
    zone,
    location: pointAt(spot),
    reports: Object.fromEntries(measures.map((property) => [property, { every: '15 s' }])),
    binding: { adapter: 'mqtt', device: name },
  }));
