// Inputs as the log keeps them: JSON, in which readings of one asset and moment say what they share only once.
import type { Input } from '../model/input.ts';
import type { Reading } from '../model/reading.ts';

/** What a reading has of its own. */
type OwnPart = Pick<Reading, 'id' | 'property' | 'value' | 'unit'>;

/** What the readings of one message have in common. */
type Shared = Omit<Reading, keyof OwnPart>;

/** Readings next to each other that differ in nothing else: a message of one sensor. */
interface Message extends Shared {
  readings: OwnPart[];
}

/** Readings as they are written. Half the text of one by one: less to write, to keep in memory and to read. */
interface Messages {
  kind: 'messages';
  messages: Message[];
}

/** An input as text. */
export const writeInput = (input: Input): string =>
  JSON.stringify(input.kind === 'readings' ? gather(input.readings) : input);

/**
 * The input of such a text, or of a plain one: its JSON. Only the core writes the log, and it has checked what it writes;
 * so nothing is checked again on this path, which every reading takes.
 *
 * @throws where the text is no JSON
 */
export function readInput(text: string): Input {
  const read: Input | Messages = JSON.parse(text);
  return read.kind === 'messages' ? { kind: 'readings', readings: read.messages.flatMap(readingsOf) } : read;
}

function gather(readings: readonly Reading[]): Messages {
  const messages: Message[] = [];
  let last: Message | undefined;
  for (const reading of readings) {
    const { id, property, value, unit } = reading;
    if (!last || !isTogether(last, reading)) {
      last = { ...sharedOf(reading), readings: [] };
      messages.push(last);
    }
    last.readings.push({ id, property, value, unit });
  }
  return { kind: 'messages', messages };
}

const sharedOf = ({ asset, observedAt, receivedAt, quality, source }: Shared): Shared => ({
  asset,
  observedAt,
  receivedAt,
  quality,
  source,
});

const isTogether = (left: Shared, right: Shared): boolean =>
  left.asset === right.asset &&
  left.observedAt === right.observedAt &&
  left.receivedAt === right.receivedAt &&
  left.quality === right.quality &&
  left.source === right.source;

/** Written out: spreading would cost more than reading the text. */
function readingsOf({ asset, observedAt, receivedAt, quality, source, readings }: Message): Reading[] {
  return readings.map(({ id, property, value, unit }) =>
    unit === undefined
      ? { id, asset, property, value, observedAt, receivedAt, quality, source }
      : { id, asset, property, value, unit, observedAt, receivedAt, quality, source },
  );
}
