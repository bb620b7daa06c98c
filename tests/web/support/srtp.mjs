// One direction of SRTP (RFC 3711) by AES_CM_128_HMAC_SHA1_80, with a key as SDES says it.
import { createCipheriv, createHmac } from "node:crypto";

const counted = (key, block, text) => createCipheriv("aes-128-ctr", key, block).update(text);

export class Srtp {
  #streams = new Map(); // by SSRC: how often its numbers have begun again, and its last

  constructor(inline) {
    this.inline = inline;
    const master = Buffer.from(inline, "base64");
    const derived = (label, size) => {
      const block = Buffer.concat([master.subarray(16), Buffer.alloc(2)]);
      block[7] ^= label;
      return counted(master.subarray(0, 16), block, Buffer.alloc(size));
    };
    this.cipher = derived(0, 16);
    this.proof = derived(1, 20);
    this.salt = derived(2, 14);
  }

  protect(packet) {
    const again = this.#again(packet);
    const secret = this.#crypted(packet, again);
    return Buffer.concat([secret, this.#proven(secret, again)]);
  }

  // Undefined: nobody who has the key has sent it.
  unprotect(packet) {
    const secret = packet.subarray(0, -10);
    const again = this.#again(secret);
    return this.#proven(secret, again).equals(packet.subarray(-10)) ? this.#crypted(secret, again) : undefined;
  }

  #again(packet) {
    const stream = packet.readUInt32BE(8);
    const number = packet.readUInt16BE(2);
    const { again, last } = this.#streams.get(stream) ?? { again: 0, last: number };
    const now = again + (number - last < -0x8000 ? 1 : 0);
    this.#streams.set(stream, { again: now, last: number });
    return now;
  }

  #crypted(packet, again) {
    const block = Buffer.concat([this.salt, Buffer.alloc(2)]);
    const index = Buffer.concat([packet.subarray(8, 12), Buffer.alloc(4), packet.subarray(2, 4)]);
    index.writeUInt32BE(again, 4);
    index.forEach((byte, i) => (block[4 + i] ^= byte));
    return Buffer.concat([packet.subarray(0, 12), counted(this.cipher, block, packet.subarray(12))]);
  }

  #proven(packet, again) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(again);
    return createHmac("sha1", this.proof).update(packet).update(count).digest().subarray(0, 10);
  }
}
