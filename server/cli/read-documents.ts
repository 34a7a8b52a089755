// Documents from files and folders, each with what is wrong with it at its line and column.
import { readFile, readdir, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { z } from 'zod';

import { check } from '../../engine/model/check.ts';
import { parseJson } from '../../engine/model/json-text.ts';
import type { Problem } from '../../engine/model/result.ts';

/** A file's text, under the name by which it is spoken of. */
export interface TextFile {
  /** Relative to the folder where the command was called. */
  name: string;
  text: string;
}

/** A problem in a file. */
export interface FileProblem extends Problem {
  file: string;
}

/** A file or a folder that was named and cannot be read. */
export class UnreadableError extends Error {}

/**
 * The text files that paths name; of a folder every `.json` in it, at any depth.
 *
 * @param folder where relative paths begin
 * @throws UnreadableError when one of them is not there, or a folder holds none
 */
export async function readFiles(paths: readonly string[], folder: string): Promise<TextFile[]> {
  const files = new Set((await Promise.all(paths.map((path) => filesAt(resolve(folder, path), path)))).flat());
  return Promise.all(
    [...files].map(async (path) => ({ name: relative(folder, path), text: await readFile(path, 'utf8') })),
  );
}

async function filesAt(path: string, said: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path, { recursive: true });
    const files = names.filter((name) => name.endsWith('.json')).toSorted();
    if (files.length > 0) return files.map((name) => join(path, name));
  } catch (error) {
    throw new UnreadableError(`${said} cannot be read: ${error instanceof Error ? error.message : 'no reason given'}`, {
      cause: error,
    });
  }
  throw new UnreadableError(`there is no .json file in ${said}`);
}

/** A file with what was written in it: one document, or a list of them. */
export interface DocumentFile extends TextFile {
  /** As they were written, each with its JSON pointer in the file. */
  documents: readonly { raw: unknown; at: string }[];
}

/** Reads the documents in files, sound or not, and what of the files is no JSON. */
export function readDocuments(files: readonly TextFile[]): { files: DocumentFile[]; problems: FileProblem[] } {
  const read = files.map(({ name, text }) => ({ name, text, json: parseJson(text) }));
  return {
    files: read.flatMap(({ json, ...file }) => (json.ok ? { ...file, documents: documentsIn(json.value.value) } : [])),
    problems: read.flatMap(({ name, json }) =>
      inFile(name, json.ok ? json.value.locate(json.value.problems) : json.problems),
    ),
  };
}

const documentsIn = (value: unknown): DocumentFile['documents'] =>
  Array.isArray(value) ? value.map((raw: unknown, index) => ({ raw, at: `/${index}` })) : [{ raw: value, at: '' }];

/** Those of the documents that have the right form. */
export const documentsOf = <T>(files: readonly DocumentFile[], schema: z.ZodType<T>): T[] =>
  files.flatMap(({ documents }) =>
    documents.flatMap(({ raw }) => {
      const checked = check(schema, raw);
      return checked.ok ? [checked.value] : [];
    }),
  );

/** What a check has to say of each document, at its place in its file. */
export function judged(
  files: readonly DocumentFile[],
  judge: (raw: unknown) => { ok: boolean; problems?: Problem[]; warnings?: Problem[] },
): { problems: FileProblem[]; warnings: FileProblem[] } {
  const all = files.map(({ name, text, documents }) => {
    const said = documents.map(({ raw, at }) => ({ at, ...judge(raw) }));
    const placed = (what: 'problems' | 'warnings'): FileProblem[] => {
      const found = said.flatMap(({ at, [what]: some = [] }) =>
        some.map((one) => ({ ...one, path: `${at}${one.path}` })),
      );
      return found.length === 0 ? [] : inFile(name, located(text, found));
    };
    return { problems: placed('problems'), warnings: placed('warnings') };
  });
  return { problems: all.flatMap(({ problems }) => problems), warnings: all.flatMap(({ warnings }) => warnings) };
}

/** Problems of one file. */
export const inFile = (file: string, problems: readonly Problem[]): FileProblem[] =>
  problems.map((one) => ({ ...one, file }));

/** Problems at the line and column of their places in a text that is JSON. */
export function located(text: string, problems: readonly Problem[]): Problem[] {
  const json = parseJson(text);
  return json.ok ? json.value.locate(problems) : [...problems];
}
