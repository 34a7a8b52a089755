// The properties that sensors and devices report: one name, one unit, one range each.
import type { ValueType } from './value.ts';

/** One property as the whole city knows it. */
export interface Property {
  /** What it means, for documentation and completion. */
  description: string;
  value: ValueType;
}

const ratio = (description: string): Property => ({
  description,
  value: { type: 'number', unit: '1', min: 0, max: 1, integer: false },
});
const amount = (description: string, unit: string, min: number, max: number): Property => ({
  description,
  value: { type: 'number', unit, min, max, integer: false },
});
const truth = (description: string): Property => ({ description, value: { type: 'boolean' } });
const word = (description: string, ...words: string[]): Property => ({
  description,
  value: { type: 'word', words },
});

/** Names and enumerations follow Smart Data Models where they have one, RSMP's signal exchange list for controllers. */
export const PROPERTIES: Readonly<Record<string, Property>> = {
  occupancy: ratio('Share of time a detector is occupied'),
  intensity: amount('Vehicles per hour past a detector', '/h', 0, 20_000),
  averageVehicleSpeed: amount('Average speed of vehicles', 'km/h', 0, 250),
  queueLength: amount('Vehicles standing in the queue', '1', 0, 1_000),
  controlMode: word('Controller: who is in control (RSMP S0020)', 'startup', 'control', 'standby', 'failure', 'test'),
  policeKey: word('Controller: police key (RSMP S0013)', 'disabled', 'dark', 'yellowFlash', 'allRed'),
  manualControl: truth('Controller: an officer works it by hand (RSMP S0008)'),
  illuminance: amount('Light falling on a sensor', 'lx', 0, 200_000),
  motion: truth('Somebody moves within the sensor’s reach'),
  activePower: amount('Power drawn, measured by a meter', 'W', 0, 100_000),
  lampFailure: truth('The lamp’s own failure report (TALQ lampFailure)'),
  fillingLevel: ratio('How full a container is'),
  status: word('State of a container', 'ok', 'lidOpen', 'dropped', 'moved', 'vandalized', 'burning', 'unknown'),
  door: word('Door of a compactor or cabinet', 'open', 'closed'),
  temperature: amount('Air or content temperature', 'Cel', -60, 1_000),
  relativeHumidity: ratio('Relative humidity of the air'),
  windSpeed: amount('Wind speed', 'km/h', 0, 400),
  precipitation: amount('Rain within the last hour', 'l/m2', 0, 500),
  no2: amount('Nitrogen dioxide', 'ug/m3', 0, 5_000),
  pm10: amount('Particulate matter up to 10 µm', 'ug/m3', 0, 10_000),
  pm25: amount('Particulate matter up to 2.5 µm', 'ug/m3', 0, 10_000),
  LAeq: amount('Equivalent continuous sound level, A-weighted', 'dB', 0, 200),
  waterLevel: amount('Water above the station’s zero', 'm', -10, 30),
  batteryLevel: ratio('Charge left in a battery'),
};
