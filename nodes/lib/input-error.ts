// What is wrong with a message or a node's configuration, as an error that Node-RED's catch nodes receive.
import { describeProblems, type Problem } from '../../engine/model/result.ts';

/** Carries every problem that was found; its message lists them, one per line. */
export class InputError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(describeProblems(problems));
    this.name = 'InputError';
    this.problems = problems;
  }
}
