// Passwords of people and devices: argon2id, kept as PHC strings (https://github.com/P-H-C/phc-string-format).
import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';

/** The longest password that is looked at, in bytes of UTF-8; longer ones would only cost time. */
export const LONGEST_PASSWORD_BYTES = 1_024;

/** OWASP's choice for argon2id: 19 MiB of memory, 2 passes, 1 lane. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** More than this in a stored hash is a broken record, not a stronger password. */
const MOST_MEMORY_KIB = 262_144;

const derive: (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer> = promisify(argon2);

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/**
 * Hashes a password off the main thread (about 50 to 200 ms).
 *
 * @returns `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`, base64 without padding
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive('argon2id', {
    message: password,
    nonce: salt,
    memory: MEMORY_KIB,
    passes: PASSES,
    parallelism: LANES,
    tagLength: HASH_BYTES,
  });
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${unpadded(salt)}$${unpadded(hash)}`;
}

/**
 * Does the password belong to the hash? Takes as long for a wrong one as for a right one.
 *
 * @returns false too for a text that is no argon2id PHC string, or a password over `LONGEST_PASSWORD_BYTES`
 */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const [, memory, passes, lanes, salt, wanted] = PHC.exec(phc) ?? [];
  if (wanted === undefined || salt === undefined || Number(memory) > MOST_MEMORY_KIB) return false;
  if (Buffer.byteLength(password) > LONGEST_PASSWORD_BYTES) return false;
  const expected = Buffer.from(wanted, 'base64');
  const found = await derive('argon2id', {
    message: password,
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(lanes),
    tagLength: expected.length,
  });
  return timingSafeEqual(found, expected);
}

/** Letters and digits that nobody confuses when reading them aloud (Crockford's base 32, lower case). */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

/** A password to show to a person once: `groups` (default 5) of five letters, 25 bits each. */
export function generatePassword(groups = 5): string {
  return Array.from({ length: groups }, () => Array.from(randomBytes(5), letter).join('')).join('-');
}

const letter = (byte: number): string => LETTERS[byte % LETTERS.length] ?? '';
const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
