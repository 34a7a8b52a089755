// What a message carries, as a value: text and bytes are read as JSON.
import { ok, problem, refused, type Result } from '../../engine/model/result.ts';

/**
 * Reads a payload.
 *
 * @param payload an object as it is; a string or a Buffer as JSON
 * @returns a plain object or an array, or the problem with code `payload`
 */
export function readPayload(payload: unknown): Result<object> {
  const text = Buffer.isBuffer(payload) ? payload.toString('utf8') : payload;
  const value = typeof text === 'string' ? parseJson(text) : text;
  if (typeof value === 'object' && value !== null) return ok(value);
  return refused(problem('payload', '', text, 'allowed is a JSON object, or an array of them'));
}

/** The value at `key` of a payload's object, or undefined. */
export const fieldOf = (value: object, key: string): unknown => Reflect.get(value, key);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the caller's refusal repeats what was found.
    return undefined;
  }
}
