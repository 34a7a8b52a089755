// The sun against published times.
import { expect, it } from 'vitest';

import { sunDay, type Place } from './sun.ts';

const DAY_MS = 86_400_000;
/** The most that a published time may be off, in milliseconds. */
const WITHIN_MS = 60_000;

/** Degrees below the horizon of what is published: sunrise and sunset, then civil, nautical and astronomical twilight. */
const LIMITS = [0, -6, -12, -18] as const;

// From tables to the second for 2023 that github.com/hablullah/go-sampa measures itself by (scripts/comparison/data).
// Per limit: the morning's time, the evening's, on the clocks of the place.
const PUBLISHED: [place: string, where: Place, offset: string, date: string, times: [string, string][]][] = [
  [
    'New York',
    [-74.0167, 40.7167],
    '-04:00',
    '2023-03-20',
    [
      ['06:59:46', '19:07:54'],
      ['06:32:30', '19:35:14'],
      ['06:00:35', '20:07:14'],
      ['05:28:07', '20:39:49'],
    ],
  ],
  [
    'New York',
    [-74.0167, 40.7167],
    '-05:00',
    '2023-12-22',
    [
      ['07:16:55', '16:32:13'],
      ['06:45:57', '17:03:11'],
      ['06:11:27', '17:37:41'],
      ['05:38:06', '18:11:03'],
    ],
  ],
  [
    'Amsterdam',
    [4.9, 52.3667],
    '+01:00',
    '2023-12-22',
    [
      ['08:48:31', '16:29:10'],
      ['08:07:03', '17:10:38'],
      ['07:22:51', '17:54:50'],
      ['06:41:11', '18:36:30'],
    ],
  ],
  [
    'Oslo',
    [10.7333, 59.9167],
    '+01:00',
    '2023-12-31',
    [
      ['09:19:04', '15:20:51'],
      ['08:22:25', '16:17:31'],
      ['07:26:11', '17:13:45'],
      ['06:35:01', '18:04:57'],
    ],
  ],
  [
    'Lord Howe Island',
    [159.0833, -31.55],
    '+11:00',
    '2023-12-22',
    [
      ['05:15:30', '19:28:13'],
      ['04:47:25', '19:56:18'],
      ['04:13:05', '20:30:37'],
      ['03:36:02', '21:07:41'],
    ],
  ],
  [
    'Maputo',
    [32.5667, -25.9667],
    '+02:00',
    '2023-12-22',
    [
      ['04:55:04', '18:41:09'],
      ['04:28:59', '19:07:14'],
      ['03:57:35', '19:38:37'],
      ['03:24:31', '20:11:41'],
    ],
  ],
  [
    'Philipsburg',
    [-63.05, 18.0333],
    '-04:00',
    '2023-12-22',
    [
      ['06:39:10', '17:42:13'],
      ['06:15:28', '18:05:55'],
      ['05:48:15', '18:33:08'],
      ['05:21:21', '19:00:02'],
    ],
  ],
];

it.each(PUBLISHED)('in %s it rises, sets and dawns when it is published to', (...[, where, offset, date, times]) => {
  const start = Date.parse(`${date}T00:00:00${offset}`);
  for (const [index, limit] of LIMITS.entries()) {
    const { crossings } = sunDay(where, limit, start, start + DAY_MS);
    const published = (times[index] ?? []).map((time) => Date.parse(`${date}T${time}${offset}`));
    expect(crossings.map(({ isUp }) => isUp)).toEqual([true, false]);
    for (const [nth, { at }] of crossings.entries())
      expect(Math.abs(at - (published[nth] ?? Number.NaN))).toBeLessThanOrEqual(WITHIN_MS);
  }
});
