// Halts: stretches of time in which a rule was kept back whatever its conditions said.

/** One stretch, from its beginning to its end. Instants in milliseconds since the epoch, the log's clock. */
export interface Halt {
  /** Derives from the rule, the kind and the log entry that began it. */
  haltId: string;
  /** `paused` by a person, or `parked` by the engine because the rule misbehaved. */
  kind: 'paused' | 'parked';
  /** The rule document's id. */
  rule: string;
  department: string;
  since: number;
  /** Who paused it; the engine parks by itself. */
  by?: string;
  why: string;
  /** With `paused`: when it ends by itself. */
  until?: number;
  /** With `parked`: the version that misbehaved. */
  ruleVersion?: number;
  ended?: HaltEnd;
}

/** How a halt ended. */
export interface HaltEnd {
  /** Milliseconds since the epoch. */
  at: number;
  /** Who let the rule go on; absent where nobody had to. */
  by?: string;
  why: string;
}
