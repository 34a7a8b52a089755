// Carries out what the command line asks: rules checked, their tests run, everything printed where it is in the files.
import { join } from 'node:path';
import {
  Calendars,
  checkSchedule,
  inScope,
  parseRule,
  pointsByType,
  previewSchedule,
  runRuleTests,
  type TestCity,
} from '../../engine/index.ts';
import { systemClock } from '../../engine/model/clock.ts';
import { parseJson } from '../../engine/model/json-text.ts';
import { instantOf } from '../../engine/model/local-time.ts';
import type { Problem } from '../../engine/model/result.ts';
import type { RuleDocument } from '../../engine/model/rule.ts';
import { readArguments, USAGE, type CityRequest, type Request } from './arguments.ts';
import { previewLines } from './preview-text.ts';
import { readCity, type City } from './read-city.ts';
import { inFile, located, readFiles, UnreadableError, type FileProblem, type TextFile } from './read-documents.ts';
import { verifyAudit } from './verify-audit.ts';

/** Exit codes: all is well; a rule has problems or a test failed; the command line cannot be understood. */
const FINE = 0;
const PROBLEMS = 1;
const WRONG_USAGE = 2;
/** A preview begins with the day that has this noon, in milliseconds since midnight. */
const NOON_MS = 43_200_000;

/** Where the command was called, and whom it talks to. */
export interface Surroundings {
  /** Where relative paths begin. */
  folder: string;
  /** The demo city: what rules are checked against unless another is given. */
  examples: string;
  /** What `-` stands for. */
  stdin: NodeJS.ReadableStream;
  /** One line of the result. */
  print: (line: string) => void;
  /** One line about the command itself. */
  complain: (line: string) => void;
}

/** Runs one command. @returns the exit code: 0, 1 or 2 */
export async function runCommand(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const request = readArguments(words);
  if (request === 'help') {
    surroundings.print(USAGE);
    return FINE;
  }
  if ('mistake' in request) {
    surroundings.complain(`signalbox: ${request.mistake}; see signalbox --help`);
    return WRONG_USAGE;
  }
  try {
    return await runRequest(request, surroundings);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    surroundings.complain(`signalbox: ${error.message}`);
    return WRONG_USAGE;
  }
}

async function runRequest(request: Request, surroundings: Surroundings): Promise<number> {
  if (request.command === 'verify') return (await verifyAudit(request, surroundings)) ? FINE : PROBLEMS;
  return request.command === 'preview' ? preview(request, surroundings) : runRules(request, surroundings);
}

async function runRules(
  request: Extract<CityRequest, { files: string[] }>,
  { folder, examples, print }: Surroundings,
): Promise<number> {
  const files = await readFiles(request.files, folder);
  const city = await readCityFiles(request, { folder, examples }, files);
  for (const one of [...city.problems, ...city.warnings.map(asWarning)]) print(lineOf(one));
  const tally = { problems: city.problems.length, warnings: city.warnings.length, passed: 0, failed: 0 };
  for (const file of files) {
    const { rule, problems, warnings } = readRule(file, city);
    for (const one of [...problems, ...warnings.map(asWarning)]) print(lineOf(one));
    tally.problems += problems.length;
    tally.warnings += warnings.length;
    if (request.command === 'check' || !rule) continue;
    const { lines, passed, failed } = await testRule(rule, file, city);
    for (const line of lines) print(line);
    tally.passed += passed;
    tally.failed += failed;
  }
  const tests = request.command === 'test' ? `, ${counted(tally.passed, 'test')} passed, ${tally.failed} failed` : '';
  const against = `${counted(city.assets.length, 'asset')} and ${counted(city.conditions.length, 'named condition')}`;
  const found = `${counted(tally.problems, 'problem')}, ${counted(tally.warnings, 'warning')}`;
  print(`${counted(files.length, 'rule')} against ${against}: ${found}${tests}`);
  return tally.problems + tally.failed === 0 ? FINE : PROBLEMS;
}

async function preview(
  request: Extract<CityRequest, { command: 'preview' }>,
  { folder, examples, print }: Surroundings,
): Promise<number> {
  const city = await readCityFiles(request, { folder, examples });
  for (const one of city.problems) print(lineOf(one));
  const [file] = await readFiles([request.file], folder);
  const read = parseJson(file?.text ?? '');
  const checked = read.ok ? checkScheduleIn(city, read.value.value) : { ...read, warnings: [] };
  const locate = (problems: readonly Problem[]) =>
    inFile(file?.name ?? '', read.ok ? read.value.locate(problems) : problems);
  for (const one of [...(checked.ok ? [] : locate(checked.problems)), ...locate(checked.warnings).map(asWarning)])
    print(lineOf(one));
  if (!checked.ok) return PROBLEMS;
  const schedule = checked.value;
  const { targets, timeZone } = schedule;
  const calendars = new Calendars(timeZone);
  for (const one of city.calendars ?? []) calendars.put(one.id, one);
  const lines = previewLines(
    previewSchedule(schedule, {
      from: request.from === undefined ? systemClock.now() : instantOf(request.from, NOON_MS, timeZone),
      days: request.days,
      ask: calendars.ask,
      assets: targets ? city.assets.filter((asset) => inScope(targets, asset)) : [],
    }),
  );
  for (const line of lines) print(line);
  return city.problems.length === 0 ? FINE : PROBLEMS;
}

function checkScheduleIn(city: City, document: unknown) {
  const calendars = new Map((city.calendars ?? []).map((one) => [one.id, one]));
  return checkSchedule(document, { calendars, ...pointsByType(city.catalogue) });
}

/** @param rules files of rules that may be named beside the others */
async function readCityFiles(
  request: Pick<CityRequest, 'assets' | 'conditions' | 'calendars' | 'rules'>,
  { folder, examples }: Pick<Surroundings, 'folder' | 'examples'>,
  rules: readonly TextFile[] = [],
): Promise<City> {
  return readCity({
    assets: await readFiles(request.assets ?? [join(examples, 'harbourton/assets')], folder),
    conditions: await readFiles(request.conditions ?? [join(examples, 'conditions')], folder),
    calendars: await readFiles(request.calendars ?? [join(examples, 'calendars')], folder),
    rules: [...rules, ...(await readFiles(request.rules ?? [join(examples, 'rules')], folder))],
  });
}

function readRule(
  { name, text }: TextFile,
  { catalogue }: City,
): { rule?: RuleDocument; problems: FileProblem[]; warnings: FileProblem[] } {
  const result = parseRule(text, catalogue);
  const warnings = inFile(name, result.warnings);
  if (result.ok) return { rule: result.value, problems: [], warnings };
  return { problems: inFile(name, result.problems), warnings };
}

async function testRule(
  rule: RuleDocument,
  { name, text }: TextFile,
  city: TestCity,
): Promise<{ lines: string[]; passed: number; failed: number }> {
  const results = await runRuleTests(rule, city);
  if (results.length === 0) return { lines: [`none  ${name} has no tests`], passed: 0, failed: 0 };
  const lines = results.flatMap((result) => [
    `${result.passed ? 'ok   ' : 'FAIL '} ${name} ${result.name}`,
    ...inFile(name, located(text, result.failures)).map(lineOf),
  ]);
  const passed = results.filter((result) => result.passed).length;
  return { lines, passed, failed: results.length - passed };
}

const asWarning = (one: FileProblem): FileProblem => ({ ...one, code: `warning ${one.code}` });

/** `file:line:column code message`, as editors and CI read it; with what may stand there instead, where that is known. */
function lineOf({ file, line, column, code, message, path, fix }: FileProblem): string {
  const what = fix ? `${message}; did you mean ${JSON.stringify(fix.value)}?` : message;
  if (line !== undefined) return `${file}:${line}:${column ?? 1} ${code} ${what}`;
  return `${file} ${code} ${path === '' ? '' : `${path}: `}${what}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
