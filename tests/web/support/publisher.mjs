// Devices that speak MQTT, over one connection: what mosquitto_pub can't do two hundred times a second.
// As much of MQTT 5 as that needs: CONNECT, PUBLISH with QoS 1, PUBACK.
import { connect } from "node:net";

const [connectFlags, connack, puback, publishOnce] = [0x02, 0x20, 0x40, 0x32]; // a clean start; QoS 1
const keepAliveS = 0; // it may be silent for ever
const mostUnderWay = 20; // so many unacknowledged messages mosquitto takes from a client

// A whole packet: its type, its length in seven bits a byte, and the rest.
function packet(type, ...parts) {
  const body = Buffer.concat(parts);
  const length = [];
  let rest = body.length;
  do {
    length.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from([type, ...length]), body]);
}

const short = (number) => Buffer.from([number >> 8, number & 0xff]);

function text(words) {
  const bytes = Buffer.from(words);
  return Buffer.concat([short(bytes.length), bytes]);
}

const contentType = Buffer.concat([Buffer.from([0x03]), text("application/json")]);
const properties = Buffer.concat([Buffer.from([contentType.length]), contentType]);

// The packets that are whole in `bytes`, and what is left. None of a broker's to us needs a second
// byte of length.
function split(bytes) {
  const packets = [];
  while (bytes.length >= 2 && bytes.length >= 2 + bytes[1]) {
    packets.push({ type: bytes[0] & 0xf0, body: bytes.subarray(2, 2 + bytes[1]) });
    bytes = bytes.subarray(2 + bytes[1]);
  }
  return { packets, rest: bytes };
}

export class Publisher {
  #socket;
  #rest = Buffer.alloc(0);
  #waiting = []; // until the broker takes more
  #acknowledged = new Map(); // by packet id: who waits for it
  #underWay = 0;
  #id = 0;

  static async connect(port) {
    const publisher = new Publisher();
    await publisher.#open(port);
    return publisher;
  }

  // Resolves when the broker has it.
  publish(topic, message) {
    this.#id = (this.#id % 65_535) + 1;
    const id = this.#id;
    const bytes = packet(publishOnce, text(topic), short(id), properties, Buffer.from(JSON.stringify(message)));
    return new Promise((done) => {
      this.#acknowledged.set(id, done);
      this.#waiting.push(bytes);
      this.#send();
    });
  }

  #open(port) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const nothing = Buffer.from([0]);
    this.#socket.write(packet(0x10, text("MQTT"), Buffer.from([5, connectFlags]), short(keepAliveS),
      nothing, text(`publisher-${process.pid}`)));
    return new Promise((done, failed) => {
      this.#socket.on("error", failed);
      this.#socket.on("close", () => {
        throw new Error("the broker has ended the publisher's connection");
      });
      this.#socket.on("data", (bytes) => {
        const { packets, rest } = split(Buffer.concat([this.#rest, bytes]));
        this.#rest = rest;
        for (const each of packets) this.#hear(each, done, failed);
      });
    });
  }

  #hear({ type, body }, done, failed) {
    if (type === connack) {
      if (body[1] !== 0) return failed(new Error(`the broker refused the publisher: ${body[1]}`));
      return done();
    }
    if (type !== puback) return;
    const id = body.readUInt16BE(0);
    if (body.length > 2 && body[2] >= 0x80) throw new Error(`the broker refused a message: ${body[2]}`);
    this.#underWay -= 1;
    this.#acknowledged.get(id)?.();
    this.#acknowledged.delete(id);
    this.#send();
  }

  #send() {
    while (this.#waiting.length > 0 && this.#underWay < mostUnderWay) {
      this.#underWay += 1;
      this.#socket.write(this.#waiting.shift());
    }
  }
}
