// The command line as CI runs it: a process of its own, without Redis or database; output and exit codes.
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

import { makeTempFolder } from '../../test/temp-folder.ts';
import { runCommand } from './run-command.ts';

const ROOT = join(import.meta.dirname, '../..');
const LAMP = 'urn:ngsi-ld:Streetlight:l1';
const RULE = {
  id: 'lighting/busy',
  title: 'Busy',
  scope: { type: 'Streetlight' },
  conditions: { all: [{ fact: 'occupancy', operator: 'greaterThan', value: 0.5 }] },
  actions: [{ point: 'level', atLeast: 0.8 }],
  tests: [
    {
      name: 'lifts the lamp where it is busy',
      given: [{ at: '0 s', asset: LAMP, property: 'occupancy', value: 0.9 }],
      expect: [{ at: '1 s', activation: 'active', claims: [{ point: `${LAMP}#level`, atLeast: 0.8 }] }],
    },
  ],
};
const ASSET = {
  id: LAMP,
  type: 'Streetlight',
  title: 'Lamp 1',
  department: 'lighting',
  reports: { occupancy: { every: '10 s' } },
  points: { level: {} },
  binding: { adapter: 'mqtt', device: 'cabinet' },
};

let folder: string;
beforeEach(async () => {
  const made = await makeTempFolder();
  onTestFinished(() => made.remove());
  folder = made.path;
});

interface Ended {
  code: number | null;
  out: string[];
  err: string[];
}

/** Runs a program in a folder and waits for its end. */
function run(program: string, words: string[], cwd = folder): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd, env: { PATH: process.env['PATH'] } };
    const child = execFile(program, words, options, (_, out, err) =>
      resolve({ code: child.exitCode, out: lines(out), err: lines(err) }),
    );
  });
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Runs the process of `signalbox …`. */
const signalboxProcess = (...words: string[]): Promise<Ended> => run(join(ROOT, 'scripts/signalbox.mjs'), words);

/** What that process does, without starting it. */
async function signalbox(...words: string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const talk = { print: (line: string) => out.push(line), complain: (line: string) => err.push(line) };
  const code = await runCommand(words, { folder, examples: join(ROOT, 'examples'), stdin: Readable.from([]), ...talk });
  return { code, out, err };
}

/** Writes a document, a field per line. */
async function write(name: string, content: unknown): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
}

/** A city of its own: one lamp, no conditions but one. */
async function ownCity(): Promise<string[]> {
  await write('city/lamps.json', [ASSET]);
  const conditions = { fact: 'occupancy', operator: 'lessThan', value: 0.1 };
  await write('names/quiet.json', { id: 'lighting/quiet', name: 'quiet', title: 'Quiet', conditions });
  return ['--assets', 'city', '--conditions', 'names/quiet.json'];
}

describe('signalbox rules check', () => {
  test('finds nothing in the demo’s rules, in the demo city', async () => {
    const { code, out, err } = await signalbox('rules', 'check', join(ROOT, 'examples/rules'));
    expect({ code, err }).toEqual({ code: 0, err: [] });
    expect(out.at(-1)).toMatch(/^6 rules against \d+ assets and 1 named condition: 0 problems, 0 warnings$/);
  });

  test('names every problem by file, line and column, and ends with 1', async () => {
    await write('busy.json', { ...RULE, conditions: { all: [{ ...RULE.conditions.all[0], value: 80 }] } });
    await write('rules/broken.json', '{\n  "id": "lighting/x",\n}');
    await write('rules/deeper/empty.json', '{}');
    const { code, out } = await signalbox('rules', 'check', 'busy.json', 'rules', ...(await ownCity()));
    expect(code).toBe(1);
    expect(out.slice(0, -1)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^busy\.json:12:\d+ rule-value .*80.*0\.8/),
        expect.stringMatching(/^rules\/broken\.json:3:1 json-syntax /),
        expect.stringMatching(/^rules\/deeper\/empty\.json:1:1 schema .*nothing/),
      ]),
    );
    expect(out.at(-1)).toMatch(/^3 rules against 1 asset and 1 named condition: \d+ problems, \d+ warnings?$/);
  });

  test('names what is wrong with the city', async () => {
    await write('busy.json', RULE);
    await write('city.json', [ASSET, { ...ASSET, id: 'lamp' }]);
    const { code, out } = await signalbox('rules', 'check', 'busy.json', '--assets', 'city.json');
    expect(code).toBe(1);
    expect(out[0]).toMatch(/^city\.json:\d+:\d+ schema .*an asset id is/);
  });

  test('checks named conditions as when they are saved, each problem at its place', async () => {
    await write('busy.json', RULE);
    const words = await ownCity();
    const odd = [
      { fact: 'nonsense', operator: 'greaterThan', value: 1 },
      { fact: 'occupancy', operator: 'greaterThan', value: 80 },
    ];
    const bad = { id: 'lighting/bad', name: 'bad', title: 'Bad', conditions: { all: odd } };
    await write('names/bad.json', [bad, { ...bad, id: 'lighting/worse', conditions: { condition: 'worse' } }]);
    const { code, out } = await signalbox('rules', 'check', 'busy.json', ...words, '--conditions', 'names/bad.json');
    expect(code).toBe(1);
    expect(out.slice(0, -1)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^names\/bad\.json:9:\d+ rule-fact .*nonsense/),
        expect.stringMatching(/^names\/bad\.json:16:\d+ rule-value .*80.*0\.8/),
        expect.stringMatching(/^names\/bad\.json:23:\d+ rule-name-taken /),
      ]),
    );
  });

  test('warns of the state of a rule that is neither among the files nor among those that may be named', async () => {
    const reading = (name: string) => ({
      ...RULE,
      tests: [],
      conditions: { fact: 'activation', params: { name }, operator: 'equal', value: 'none' },
    });
    await write('own/a.json', { ...reading('lighting/b'), id: 'lighting/a' });
    await write('own/b.json', { ...reading('lighting/c'), id: 'lighting/b' });
    await write('own/d.json', { ...reading('lighting/nosuch'), id: 'lighting/d' });
    await write('others/c.json', { ...RULE, id: 'lighting/c' });
    const { code, out } = await signalbox('rules', 'check', 'own', '--rules', 'others', ...(await ownCity()));
    expect(code).toBe(0);
    expect(out.slice(0, -1)).toEqual([
      expect.stringMatching(/^own\/d\.json:\d+:\d+ warning rule-no-rule found "lighting\/nosuch"/),
    ]);
  });

  test('asks for what was probably meant: names, words of a list, places', async () => {
    const [comparison] = RULE.conditions.all;
    const conditions = {
      all: [
        { ...comparison, fact: 'ocupancy' },
        { ...comparison, params: { of: 'near:50 m/Streetlight', across: 'maxx' } },
      ],
    };
    await write('busy.json', { ...RULE, conditions, onUnknown: 'releas', when: { days: 'workdays' } });
    const { out } = await signalbox('rules', 'check', 'busy.json', ...(await ownCity()));
    for (const word of ['occupancy', 'near:50m/Streetlight', 'max', 'release', 'workday'])
      expect(out).toContainEqual(expect.stringContaining(`; did you mean "${word}"?`));
  });

  test('runs no tests', async () => {
    await write('busy.json', { ...RULE, tests: [{ ...RULE.tests[0], given: [] }] });
    expect((await signalbox('rules', 'check', 'busy.json', ...(await ownCity()))).code).toBe(0);
  });
});

describe('signalbox rules test', () => {
  test('passes the demo’s rules', async () => {
    const { code, out } = await signalbox('rules', 'test', join(ROOT, 'examples/rules'));
    expect(code).toBe(0);
    expect(out.filter((line) => line.startsWith('ok ')).length).toBeGreaterThanOrEqual(6);
    expect(out.at(-1)).toMatch(/ \d+ tests passed, 0 failed$/);
  });

  test('says what was expected and what was found, at its line, and ends with 1', async () => {
    const [one] = RULE.tests;
    await write('busy.json', {
      ...RULE,
      tests: [one, { ...one, name: 'lifts nothing', expect: [{ at: '1 s', activation: 'none' }] }],
    });
    const { code, out } = await signalbox('rules', 'test', 'busy.json', ...(await ownCity()));
    expect(code).toBe(1);
    const text = (await readFile(join(folder, 'busy.json'), 'utf8')).split('\n');
    const line = text.findIndex((each) => each.includes('"none"')) + 1;
    expect(out).toEqual([
      'ok    busy.json lifts the lamp where it is busy',
      'FAIL  busy.json lifts nothing',
      `busy.json:${line}:25 rule-test at 1 s: expected none; found active since 0 s`,
      expect.stringMatching(/^1 rule against .* 1 test passed, 1 failed$/),
    ]);
  });

  test('says which rule has no tests', async () => {
    const { tests: _, ...untested } = RULE;
    await write('busy.json', untested);
    const { code, out } = await signalbox('rules', 'test', 'busy.json', ...(await ownCity()));
    expect({ code, first: out[0] }).toEqual({ code: 0, first: 'none  busy.json has no tests' });
  });

  test('does not test a rule that cannot work', async () => {
    await write('busy.json', { ...RULE, scope: {} });
    const { code, out } = await signalbox('rules', 'test', 'busy.json', ...(await ownCity()));
    expect(code).toBe(1);
    expect(out.filter((line) => /^(ok|FAIL)/.test(line))).toEqual([]);
  });
});

test.each([
  [[], 'say what to do'],
  [['flows'], 'there is no "flows"'],
  [['rule', 'check', 'x.json'], 'there is no "rule"; did you mean "rules"?'],
  [
    ['rules', 'chek', 'x.json'],
    'allowed are "rules check" and "rules test"; found "rules chek"; did you mean "check"?',
  ],
  [['rules', 'check'], '"rules check" needs at least one file'],
  [['rules', 'check', '--asset', 'x', 'y'], "Unknown option '--asset'"],
  [['rules', 'check', 'nowhere.json'], 'nowhere.json cannot be read: ENOENT'],
  [['rules', 'test', '.'], 'there is no .json file in .'],
])('what cannot be understood ends with 2: %j', async (words, said) => {
  const { code, out, err } = await signalbox(...words);
  expect({ code, out }).toEqual({ code: 2, out: [] });
  expect(err[0]).toContain(`signalbox: ${said}`);
});

test('--help says how it is used', async () => {
  const { code, out } = await signalbox('--help');
  expect(code).toBe(0);
  expect(out[0]).toContain('usage: signalbox rules check');
});

describe('the process', () => {
  test('ends with 0 when all is well', async () => {
    const { code, out, err } = await signalboxProcess('rules', 'test', join(ROOT, 'examples/rules'));
    expect({ code, err, last: out.at(-1) }).toEqual({ code: 0, err: [], last: expect.stringContaining(', 0 failed') });
  });

  test('ends with 1 when a rule has problems', async () => {
    await write('busy.json', { ...RULE, scope: {} });
    const { code, out } = await signalboxProcess('rules', 'check', 'busy.json');
    expect({ code, first: out[0] }).toEqual({ code: 1, first: expect.stringMatching(/^busy\.json:4:\d+ schema /) });
  });

  test('ends with 2 when it cannot be understood', async () => {
    expect(await signalboxProcess('rules', 'chek')).toMatchObject({ code: 2, out: [] });
  });

  test('takes files as they are called where npm was called', async () => {
    const words = ['run', '--silent', 'signalbox', '--', 'rules', 'check', 'traffic/queue-relief.json'];
    const { code, out } = await run('npm', words, join(ROOT, 'examples/rules'));
    expect({ code, out }).toEqual({ code: 0, out: [expect.stringMatching(/^1 rule against /)] });
  });
});
