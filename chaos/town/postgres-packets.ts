// PostgreSQL's frontend messages out of a byte stream (protocol 3.0, chapter 54.7 of its manual).

/** A message: its letter, or `startup` for the greeting that has none, and all its bytes. */
export interface Packet {
  type: string;
  bytes: Buffer;
}

const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;

/** The stream's messages, the greeting first. Ends with the stream. */
export async function* readPackets(stream: AsyncIterable<Buffer>): AsyncGenerator<Packet> {
  let rest: Buffer = Buffer.alloc(0);
  let isGreeted = false;
  for await (const chunk of stream) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      // The greeting has a length and no letter.
      const at = isGreeted ? 1 : 0;
      if (rest.length < (isGreeted ? HEADER_BYTES : LENGTH_BYTES)) break;
      const size = rest.readInt32BE(at) + at;
      if (rest.length < size) break;
      yield { type: isGreeted ? String.fromCharCode(rest[0] ?? 0) : 'startup', bytes: rest.subarray(0, size) };
      isGreeted = true;
      rest = rest.subarray(size);
    }
  }
}
