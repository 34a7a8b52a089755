// What a device remembers of commands, so that each is applied once and none is applied late (docs/field-contract.md).
import type { Ack, FieldCommand } from '../../../engine/model/field.ts';
import { pointKey } from '../../../engine/model/names.ts';

/** How many answers are remembered for repeats; older ones are still caught by their sequence. */
const REMEMBERED_ANSWERS = 1_000;

/** What an answer says besides which command it is for. */
export type Answer = Pick<Ack, 'result' | 'reason'>;

/** What is to be done with a command that came in. */
export type Verdict = { do: 'apply' } | { do: 'answer'; answer: Answer; repeated: boolean };

/** The memory of one device. It lasts until the device restarts. */
export class CommandBook {
  readonly #answers = new Map<string, Answer>();
  readonly #applied = new Map<string, number>();
  readonly #fences = new Map<string, number>();

  /**
   * Judges a command at `now` (milliseconds since the epoch), in the contract's order: a repeat gets its earlier answer,
   * an outdated one is refused, then an expired one.
   */
  judge(command: FieldCommand, now: number): Verdict {
    const earlier = this.#answers.get(command.commandId);
    if (earlier) return { do: 'answer', answer: earlier, repeated: true };
    const key = pointKey(command.asset, command.point);
    const outdated = this.#outdated(command, key);
    if (outdated !== undefined) return refuse('outdated', outdated);
    this.#fences.set(key, command.fence);
    if (now > Date.parse(command.notAfter)) return refuse('expired', `not to be applied after ${command.notAfter}`);
    return { do: 'apply' };
  }

  /** Remembers the answer that was given; an accepted command is the last applied to its point. */
  answered(command: FieldCommand, answer: Answer): void {
    this.#answers.set(command.commandId, answer);
    if (answer.result === 'accepted') this.#applied.set(pointKey(command.asset, command.point), command.sequence);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > REMEMBERED_ANSWERS && oldest !== undefined) this.#answers.delete(oldest);
  }

  #outdated({ fence, sequence }: FieldCommand, key: string): string | undefined {
    const seen = this.#fences.get(key) ?? 0;
    if (fence < seen) return `fence ${fence} is lower than ${seen}`;
    const applied = this.#applied.get(key) ?? 0;
    return sequence < applied ? `sequence ${sequence} is lower than ${applied}` : undefined;
  }
}

const refuse = (result: 'outdated' | 'expired', reason: string): Verdict => ({
  do: 'answer',
  answer: { result, reason },
  repeated: false,
});
