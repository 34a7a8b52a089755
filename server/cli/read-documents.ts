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

/** The documents in files that hold one each or a list of them, and what is wrong with the others. */
export function readDocuments<T>(
  files: readonly TextFile[],
  schema: z.ZodType<T>,
): { documents: T[]; problems: FileProblem[] } {
  const documents: T[] = [];
  const problems: FileProblem[] = [];
  for (const { name, text } of files) {
    const json = parseJson(text);
    if (!json.ok) {
      problems.push(...inFile(name, json.problems));
      continue;
    }
    const { value } = json.value;
    const isList = Array.isArray(value);
    const found: Problem[] = [];
    for (const [index, one] of (isList ? value : [value]).entries()) {
      const checked = check(schema, one);
      if (checked.ok) documents.push(checked.value);
      else found.push(...checked.problems.map((each) => (isList ? { ...each, path: `/${index}${each.path}` } : each)));
    }
    problems.push(...inFile(name, json.value.locate([...json.value.problems, ...found])));
  }
  return { documents, problems };
}

/** Problems of one file. */
export const inFile = (file: string, problems: readonly Problem[]): FileProblem[] =>
  problems.map((one) => ({ ...one, file }));

/** Problems at the line and column of their places in a text that is JSON. */
export function located(text: string, problems: readonly Problem[]): Problem[] {
  const json = parseJson(text);
  return json.ok ? json.value.locate(problems) : [...problems];
}
