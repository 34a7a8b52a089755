// What a database says about a statement it refused, in one form for PostgreSQL and PGlite.
import { SignalboxError } from '../model/errors.ts';

/** The database answered, and the answer was an error. Carries no parameters: they may be secrets. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  /** Five characters, PostgreSQL's appendix A: `23505`. */
  readonly sqlState: string;
  /** The constraint that was violated, if one was. */
  readonly constraint: string | undefined;

  /** @param message the database's own words */
  constructor(message: string, sqlState: string, constraint?: string, options?: ErrorOptions) {
    super(message, options);
    this.sqlState = sqlState;
    this.constraint = constraint;
  }
}

/** A row with this key exists already (unique_violation). */
export const isUniqueViolation = (error: unknown): boolean => error instanceof SqlError && error.sqlState === '23505';

/** The values themselves cannot be stored (classes 22 data exception and 23 integrity): repeating will not help. */
export const isBadData = (error: unknown): boolean => error instanceof SqlError && /^2[23]/.test(error.sqlState);

/** `database-unavailable` with its reason in words. */
export const unavailable = (why: string, cause?: unknown): SignalboxError =>
  new SignalboxError('database-unavailable', { why }, { cause });

/** Is this error `database-unavailable`? */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof SignalboxError && error.code === 'database-unavailable';
