// The town's map: an invented harbour, laid out in metres and turned into coordinates.

/** Metres east and north of the harbour light. */
export interface Spot {
  eastM: number;
  northM: number;
}

/** A street as a line of corners. */
export type Street = readonly Spot[];

/** The harbour light, origin of the town's plan: a place in the Channel where no town is. */
const ORIGIN = { longitude: -2.0412, latitude: 50.4187 };
/** Metres per degree of latitude (WGS 84, mean). */
const METRES_PER_DEGREE = 111_195;
/** Seven decimals are about a centimetre. */
const DECIMALS = 7;

/** The promenade along the river, 1 km, from the sea up to the mill. */
export const RIVER_PATH: Street = [
  { eastM: 40, northM: 60 },
  { eastM: 110, northM: 330 },
  { eastM: 60, northM: 620 },
  { eastM: 170, northM: 1_020 },
];

/** The street along the quays, from the ferry terminal in the west to the fish market in the east. */
export const HARBOUR_STREET: Street = [
  { eastM: -620, northM: 20 },
  { eastM: -240, northM: 90 },
  { eastM: 30, northM: 30 },
  { eastM: 420, northM: 110 },
];

/** Once around the market square, three blocks inland. */
export const MARKET_SQUARE: Street = [
  { eastM: -420, northM: 380 },
  { eastM: -200, northM: 400 },
  { eastM: -210, northM: 560 },
  { eastM: -430, northM: 540 },
  { eastM: -420, northM: 380 },
];

/** The place `alongM` metres along a street from its beginning; the street's end when it is shorter. */
export function spotAlong(street: Street, alongM: number): Spot {
  let leftM = alongM;
  for (const [index, from] of street.entries()) {
    const to = street[index + 1];
    if (to === undefined) return from;
    const lengthM = Math.hypot(to.eastM - from.eastM, to.northM - from.northM);
    if (leftM <= lengthM) {
      const share = leftM / lengthM;
      return {
        eastM: from.eastM + (to.eastM - from.eastM) * share,
        northM: from.northM + (to.northM - from.northM) * share,
      };
    }
    leftM -= lengthM;
  }
  return ORIGIN_SPOT;
}

/** A street's length in metres. */
export const lengthOf = (street: Street): number =>
  street.reduce((sumM, to, index) => {
    const from = street[index - 1] ?? to;
    return sumM + Math.hypot(to.eastM - from.eastM, to.northM - from.northM);
  }, 0);

/** A spot as GeoJSON (RFC 7946): longitude before latitude. */
export function pointAt(spot: Spot): { type: 'Point'; coordinates: [number, number] } {
  const perDegreeEast = METRES_PER_DEGREE * Math.cos((ORIGIN.latitude * Math.PI) / 180);
  return {
    type: 'Point',
    coordinates: [
      Number((ORIGIN.longitude + spot.eastM / perDegreeEast).toFixed(DECIMALS)),
      Number((ORIGIN.latitude + spot.northM / METRES_PER_DEGREE).toFixed(DECIMALS)),
    ],
  };
}

const ORIGIN_SPOT: Spot = { eastM: 0, northM: 0 };
