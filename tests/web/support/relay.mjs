// The line between a desk and the house: it can be cut, as a cable is, without a word to either end.
import { connect, createServer } from "node:net";

export class Relay {
  #sockets = new Set();
  #isCut = false;
  #server;

  static async before(url) {
    const relay = new Relay();
    const { hostname, port } = new URL(url);
    relay.#server = createServer((desk) => relay.#join(desk, connect({ host: hostname, port: Number(port) })));
    await new Promise((done) => relay.#server.listen(0, "127.0.0.1", done));
    relay.address = `https://127.0.0.1:${relay.#server.address().port}`;
    return relay;
  }

  cut() {
    this.#isCut = true;
    for (const each of this.#sockets) each.pause();
  }

  mend() {
    this.#isCut = false;
    for (const each of this.#sockets) each.resume();
  }

  close() {
    for (const each of this.#sockets) each.destroy();
    this.#server.close();
  }

  #join(...ends) {
    for (const [from, to] of [ends, ends.toReversed()]) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on("data", (bytes) => to.write(bytes));
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.end();
      });
      if (this.#isCut) from.pause();
    }
  }
}
