// The command line of `npm run chaos`.
import { parseArgs } from 'node:util';

import { FAULTS, type FaultName } from './faults.ts';

/** What is asked. */
export interface ChaosArguments {
  faults: FaultName[];
  rounds: number;
  rate: number;
  seed: number;
  isPlain: boolean;
}

const USAGE = `npm run chaos -- <fault|all> [--rounds N] [--rate R] [--seed S] [--plain]`;
const DEFAULT_RATE = 300;
const DEFAULT_ROUNDS = 5;
/** `all` is short. */
const DEFAULT_ROUNDS_OF_ALL = 1;
const LIMITS = { rounds: 1_000, rate: 2_000, seed: 2 ** 31 };

/** The arguments, or all that is wrong with them, in words. */
export function readArguments(words: readonly string[]): ChaosArguments | { problems: string } {
  const problems: string[] = [];
  const options = {
    rounds: { type: 'string' },
    rate: { type: 'string' },
    seed: { type: 'string' },
    plain: { type: 'boolean' },
  } as const;
  const { values, positionals, unknown } = parse(words, options);
  problems.push(...unknown);
  const [fault = '', ...more] = positionals;
  const names = fault === 'all' ? Object.keys(FAULTS).filter(isFault) : [fault].filter(isFault);
  if (names.length === 0)
    problems.push(`found "${fault}"; allowed is all, or one of ${Object.keys(FAULTS).join(', ')}`);
  if (more.length > 0) problems.push(`found "${more.join(' ')}" besides; allowed is one fault`);
  const whole = (name: keyof typeof LIMITS, byDefault: number): number => {
    const text = values[name];
    if (text === undefined) return byDefault;
    const number = Number(text);
    if (!Number.isInteger(number) || number < 1 || number > LIMITS[name])
      problems.push(`--${name}: found "${text}"; allowed is a whole number from 1 to ${LIMITS[name]}`);
    return number;
  };
  const read: ChaosArguments = {
    faults: names,
    rounds: whole('rounds', fault === 'all' ? DEFAULT_ROUNDS_OF_ALL : DEFAULT_ROUNDS),
    rate: whole('rate', DEFAULT_RATE),
    seed: whole('seed', 1),
    isPlain: values.plain === true,
  };
  return problems.length > 0 ? { problems: [...problems, USAGE].join('\n') } : read;
}

function parse<Options extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(
  words: readonly string[],
  options: Options,
) {
  const { values, positionals, tokens } = parseArgs({
    args: [...words],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const unknown = tokens.flatMap((token) =>
    token.kind === 'option' && !Object.hasOwn(options ?? {}, token.name)
      ? [`found --${token.name}, which is no option`]
      : [],
  );
  return { values, positionals, unknown };
}

const isFault = (name: string): name is FaultName => Object.hasOwn(FAULTS, name);
