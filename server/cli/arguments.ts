// The words of the command line, read: what to do, with which files, against which city.
import { parseArgs } from 'node:util';

import { MOST_PREVIEW_DAYS } from '../../engine/index.ts';
import { isDate } from '../../engine/model/local-time.ts';
import { nearest } from '../../engine/model/words.ts';

/** Where the city is that the files belong to. */
interface CityFiles {
  /** Files or folders of assets and of named conditions; undefined for the demo city's. */
  assets: string[] | undefined;
  conditions: string[] | undefined;
  /** Files or folders of calendars; undefined for the demo city's. */
  calendars: string[] | undefined;
  /** Files or folders of other rules that the files may name; undefined for the demo city's. */
  rules: string[] | undefined;
}

/** What was asked about the book of writes. */
export interface AuditRequest {
  command: 'verify';
  /** The export, JSON lines; `-` for standard input. */
  file: string;
  /** A file of heads, JSON lines. */
  heads: string | undefined;
  /** True when the export begins or ends in the midst of the book. */
  isPart: boolean;
}

/** What was asked about rules or a schedule. */
export type CityRequest = CityFiles &
  (
    | {
        command: 'check' | 'test';
        /** Rule files, or folders of them; at least one. */
        files: string[];
      }
    | {
        command: 'preview';
        /** The schedule's file. */
        file: string;
        /** The date with which it begins, on the schedule's clocks; undefined for today. */
        from: string | undefined;
        /** 1 to 366. */
        days: number;
      }
  );

/** What was asked for. */
export type Request = CityRequest | AuditRequest;

/** Days of a preview unless said otherwise. */
const USUAL_DAYS = 14;

/** How it is used. */
export const USAGE = `usage: signalbox rules check FILE…   problems of rules, each at its place
       signalbox rules test FILE…    the same, then the rules' own tests
       signalbox schedule preview FILE  what a schedule will do, day by day, and what it saves
       signalbox audit verify FILE   whether an export of the book of writes is as it was sealed

  FILE                    a rule, or a folder of rules
  --assets FILE           assets that the rules may stand for, a file or a folder; may be repeated
  --conditions FILE       named conditions, a file or a folder; may be repeated
  --calendars FILE        calendars, a file or a folder; may be repeated
  --rules FILE            other rules that these may name, a file or a folder; may be repeated
                          (all default to the demo city in examples/)
  --from DATE             the first day of a preview; default today
  --days N                how many, 1 to 366; default 14
  --heads FILE            heads of the book that were noted elsewhere (JSON lines): shows a missing end, and a book
                          that was sealed anew
  --part                  the export begins or ends in the midst of the book
  --help                  this text

  an export is a file of JSON lines, or - for standard input

exit code: 0 all is well · 1 problems, tests that failed, a broken record · 2 the command line cannot be understood`;

/**
 * Reads the command line.
 *
 * @returns what was asked for, `help`, or in words what cannot be understood
 */
export function readArguments(words: readonly string[]): Request | 'help' | { mistake: string } {
  const parsed = parse(words);
  if ('mistake' in parsed) return parsed;
  const { values, positionals } = parsed;
  if (values.help) return 'help';
  const [subject, command, ...files] = positionals;
  const { assets, conditions, calendars, rules } = values;
  const city = { assets, conditions, calendars, rules };
  if (subject === 'schedule')
    return readPreview([command, ...files], { ...city, from: values.from, days: values.days });
  if (subject === 'audit') return readVerify([command, ...files], values);
  if (subject === undefined) return { mistake: 'say what to do' };
  if (subject !== 'rules')
    return { mistake: `there is no "${subject}"${meant(subject, ['rules', 'schedule', 'audit'])}` };
  if (command !== 'check' && command !== 'test') {
    const found = `found "rules ${command ?? ''}"${meant(command, ['check', 'test'])}`;
    return { mistake: `allowed are "rules check" and "rules test"; ${found}` };
  }
  if (files.length === 0) return { mistake: `"rules ${command}" needs at least one file` };
  return { command, files, ...city };
}

/** Asks for the word that was probably meant. */
function meant(written: string | undefined, words: readonly string[]): string {
  const near = written === undefined ? undefined : nearest(written, words);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

function readPreview(
  [command, file, ...more]: readonly (string | undefined)[],
  { from, days, ...city }: CityFiles & { from: string | undefined; days: string | undefined },
): Request | { mistake: string } {
  if (command !== 'preview') return { mistake: `allowed is "schedule preview"; found "schedule ${command ?? ''}"` };
  if (file === undefined || more.length > 0) return { mistake: '"schedule preview" needs one file' };
  if (from !== undefined && !isDate(from)) return { mistake: `--from is a date such as 2026-11-26; found "${from}"` };
  const count = days === undefined ? USUAL_DAYS : Number(days);
  if (!Number.isInteger(count) || count < 1 || count > MOST_PREVIEW_DAYS)
    return { mistake: `--days is a whole number from 1 to ${MOST_PREVIEW_DAYS}; found "${days}"` };
  return { command, file, from, days: count, ...city };
}

function readVerify(
  [command, file, ...more]: readonly (string | undefined)[],
  { heads, part = false }: { heads?: string | undefined; part?: boolean | undefined },
): AuditRequest | { mistake: string } {
  if (command !== 'verify') return { mistake: `allowed is "audit verify"; found "audit ${command ?? ''}"` };
  if (file === undefined || more.length > 0) return { mistake: '"audit verify" needs one file' };
  return { command, file, heads, isPart: part };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        assets: { type: 'string', multiple: true },
        conditions: { type: 'string', multiple: true },
        calendars: { type: 'string', multiple: true },
        from: { type: 'string' },
        days: { type: 'string' },
        rules: { type: 'string', multiple: true },
        heads: { type: 'string' },
        part: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    if (error instanceof TypeError && 'code' in error) return { mistake: error.message };
    throw error;
  }
}
