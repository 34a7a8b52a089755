// Every error that Signalbox raises by itself, in one catalogue; docs/errors.md lists the same codes.

/** Code, HTTP status where an API answers with it, and what it means. `{name}` is filled from the details. */
export const ERRORS = {
  'log-unavailable': { status: 503, text: 'The input log cannot be reached: {why}.' },
  'log-full': {
    status: 503,
    text: 'The input log is at its memory limit; inputs are refused so that commands and stops have room.',
  },
  'log-entry': { status: 500, text: 'Log entry {id} cannot be read: {why}.' },
  'queue-unavailable': { status: 503, text: 'The command queue cannot be reached: {why}.' },
  deposed: { status: 503, text: 'This engine was replaced by one of a newer epoch ({epoch}).' },
  'database-unavailable': { status: 503, text: 'The database cannot be reached: {why}.' },
  'database-newer': {
    status: 500,
    text: 'The database was written by a newer Signalbox (migration {found}, this program knows {known}).',
  },
  'folder-in-use': { status: 500, text: '{path} is in use by another process.' },
  'not-found': { status: 404, text: 'There is no {what} here.' },
  'version-conflict': {
    status: 409,
    text: '{what} was changed meanwhile: the newest version is {found}, yours was based on {expected}.',
  },
  'version-missing': { status: 428, text: 'Say which version you changed: send If-Match with the ETag that you read.' },
  invalid: { status: 422, text: '{what} cannot be accepted.' },
  'alarm-critical': { status: 409, text: 'Alarm {alarm} is critical: it cannot be put aside.' },
  restrained: { status: 409, text: '{point} is {why}. Only its safe value is taken.' },
  'not-signed-in': { status: 401, text: 'Sign in first.' },
  'wrong-credentials': { status: 401, text: 'Name or password is wrong.' },
  'too-many-attempts': { status: 429, text: 'Too many attempts; try again in {seconds} s.' },
  'confirm-first': {
    status: 403,
    text: 'Give your password again first: {what} needs that within the last {minutes} min.',
  },
  'name-taken': { status: 409, text: '{what} exists already.' },
  'last-administrator': {
    status: 409,
    text: '{name} is the last administrator of the whole city; make another one first.',
  },
  forbidden: { status: 403, text: '{reason}.' },
  'foreign-origin': { status: 403, text: 'Requests from {origin} are not accepted.' },
  'too-large': { status: 413, text: 'The request is larger than {limit} bytes.' },
  settings: { status: 500, text: 'The settings cannot be used:\n{problems}' },
  'flows-unavailable': {
    status: 502,
    text: 'The flows of {department} are not running at the moment; they are being restarted.',
  },
  'device-unreachable': { status: 503, text: 'The field bus cannot be reached: {why}.' },
  internal: { status: 500, text: 'Something went wrong here; the log has the details.' },
} as const satisfies Record<string, { status: number; text: string }>;

/** One of the catalogue's codes. */
export type ErrorCode = keyof typeof ERRORS;

/** An error with a code from the catalogue. */
export class SignalboxError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  /**
   * @param code one of `ERRORS`
   * @param details what the text's `{names}` stand for, and anything else that helps
   * @param options `cause`: the error behind it
   */
  constructor(code: ErrorCode, details: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(
      ERRORS[code].text.replaceAll(/\{(\w+)\}/g, (_, name: string) => inWords(details[name])),
      options,
    );
    this.name = 'SignalboxError';
    this.code = code;
    this.details = details;
  }

  /** The HTTP status that an API answers with. */
  get status(): number {
    return ERRORS[this.code].status;
  }
}

const inWords = (detail: unknown): string =>
  typeof detail === 'string' ? detail : (JSON.stringify(detail) ?? 'unknown');
