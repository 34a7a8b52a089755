// The words of the command line, read: what to do, with which files, against which city.
import { parseArgs } from 'node:util';

/** What was asked for. */
export interface Request {
  command: 'check' | 'test';
  /** Rule files, or folders of them; at least one. */
  files: string[];
  /** Files or folders of assets and of named conditions; undefined for the demo city's. */
  assets: string[] | undefined;
  conditions: string[] | undefined;
  /** Files or folders of calendars; undefined for the demo city's. */
  calendars: string[] | undefined;
}

/** How it is used. */
export const USAGE = `usage: signalbox rules check FILE…   problems of rules, each at its place
       signalbox rules test FILE…    the same, then the rules' own tests

  FILE                    a rule, or a folder of rules
  --assets FILE           assets that the rules may stand for, a file or a folder; may be repeated
  --conditions FILE       named conditions, a file or a folder; may be repeated
  --calendars FILE        calendars, a file or a folder; may be repeated
                          (all default to the demo city in examples/)
  --help                  this text

exit code: 0 all is well · 1 problems, or tests that failed · 2 the command line cannot be understood`;

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
  if (subject !== 'rules') return { mistake: subject === undefined ? 'say what to do' : `there is no "${subject}"` };
  if (command !== 'check' && command !== 'test')
    return { mistake: `allowed are "rules check" and "rules test"; found "rules ${command ?? ''}"` };
  if (files.length === 0) return { mistake: `"rules ${command}" needs at least one file` };
  return { command, files, assets: values.assets, conditions: values.conditions, calendars: values.calendars };
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
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    if (error instanceof TypeError && 'code' in error) return { mistake: error.message };
    throw error;
  }
}
