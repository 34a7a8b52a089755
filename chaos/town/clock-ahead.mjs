// Preloaded into one process (`node --import`): its clock is CHAOS_CLOCK_AHEAD_MS ahead of everybody else's.
const aheadMs = Number(process.env.CHAOS_CLOCK_AHEAD_MS);
const RealDate = Date;
const now = () => RealDate.now() + aheadMs;
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }
  static now() {
    return now();
  }
};
