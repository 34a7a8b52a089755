// Watches the lengths that MQTT packets announce, so that a client cannot make the broker gather more than it should.

/** An MQTT length has at most four bytes of seven bits each (MQTT 3.1.1, 2.2.3). */
const LENGTH_BYTES = 4;

/** Follows one client's byte stream. */
export class PacketMeter {
  readonly #limit: number;
  /** Bytes of the present packet's body that have not come yet. */
  #body = 0;
  /** Bytes of the present fixed header that have come: 0 before its first byte. */
  #header = 0;
  #length = 0;

  /** @param limit the largest body of a packet, in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False as soon as a packet announces more than the limit, or a length that MQTT does not know. */
  accepts(chunk: Buffer): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#body > 0) {
        const taken = Math.min(this.#body, chunk.length - at);
        this.#body -= taken;
        at += taken;
        continue;
      }
      if (!this.#readHeaderByte(chunk[at] ?? 0)) return false;
      at += 1;
    }
    return true;
  }

  #readHeaderByte(byte: number): boolean {
    this.#header += 1;
    // The first byte is the packet's type.
    if (this.#header === 1) return true;
    const position = this.#header - 2;
    if (position >= LENGTH_BYTES) return false;
    this.#length += (byte & 0x7f) * 128 ** position;
    if (this.#length > this.#limit) return false;
    if ((byte & 0x80) === 0) {
      this.#body = this.#length;
      this.#header = 0;
      this.#length = 0;
    }
    return true;
  }
}
