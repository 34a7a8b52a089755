// When something that came due counts as missed.

/** What comes due this much before it is noticed was missed: a busy engine is late by less. In milliseconds. */
export const LATE_MS = 60_000;
