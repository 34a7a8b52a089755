// Incarnations: epochs and sequences go on growing although Redis, which counts them, has forgotten everything.

/**
 * The numbers of one incarnation. Each incarnation counts above all earlier ones, so whoever compares sequences and
 * fences as numbers (ledger, gateways, devices) holds those of a newer incarnation to be higher without knowing of it.
 * There is room for 9 million incarnations below the largest number that JavaScript counts exactly.
 */
const NUMBERS_EACH = 1_000_000_000;

/** The numbers of an incarnation (0 for the first, whole) come after this one. */
export const numbersAfter = (incarnation: number): number => incarnation * NUMBERS_EACH;

/** The incarnation of an epoch or sequence. */
export const incarnationOf = (number: number): number => Math.floor(number / NUMBERS_EACH);
