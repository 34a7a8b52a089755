// A part of a running box: started in one order, stopped in the other.

/** Something with a life. `stop` is safe to call twice, and without `start`. */
export interface Part {
  name: string;
  start(): Promise<void> | void;
  stop(): Promise<void> | void;
}
