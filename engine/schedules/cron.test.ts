import { expect, it } from 'vitest';

import { cronProblem } from './cron.ts';

it.each(['0 7 * * *', '*/5 6-20 * * 1-5', '30 4 1,15 * *', '0 0 * JAN MON', '15 1 29 2 *'])(
  '%s can be read',
  (pattern) => {
    expect(cronProblem(pattern)).toBeUndefined();
  },
);

it.each([
  ['60 * * * *', /Invalid value for (minute|hour): (60|24)/],
  ['0 24 * * *', /Invalid value for (minute|hour): (60|24)/],
  ['0 7 * *', /part/i],
  ['0 0 7 * * *', /part/i],
  ['often', /part/i],
  ['0 7 * * mo', /./],
  ['0 7 1 * 1', /a day or a weekday, not both/],
  ['0 7 * * */8', /steps cannot be greater/],
  ['0 7 30 2 *', /never comes/],
])('%s is refused', (pattern, said) => {
  expect(cronProblem(pattern)).toMatch(said);
});
