// The worker that holds one connection for all pages of a browser, without the browser.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { emergency } from "../support/lines.mjs";

let sockets = [];
before(async () => {
  globalThis.self = globalThis;
  globalThis.setInterval = globalThis.setTimeout = () => 0; // nothing here is about time
  globalThis.WebSocket = class {
    static OPEN = 1;
    constructor() {
      sockets.push(this);
    }
    close() {}
  };
  await import("../../../src/web/kit/live-worker.ts");
});

function page(user) {
  const heard = [];
  const port = { postMessage: (what) => heard.push(what) };
  globalThis.onconnect({ ports: [port] });
  const says = (what) => port.onmessage({ data: what });
  const last = (name) => heard.findLast((each) => each[name] !== undefined)?.[name];
  says({ hello: { root: "https://linli.test/", user } });
  return { heard, says, last };
}

const tells = (update) => sockets.at(-1).onmessage({ data: JSON.stringify(update) });

test("a page that was forgotten and comes back is the first to ring when no other is", () => {
  const [one, two] = [page("li"), page("li")];
  one.says({ sounds: true });
  two.says({ sounds: true });
  assert.equal(two.last("first"), false);
  two.says({ bye: true });
  one.says({ bye: true });
  two.says({});
  assert.equal(two.last("first"), true);
});

test("who joins later gets all that is open, and no time with it: it may be old", () => {
  page("li");
  const line = emergency();
  tells({ epoch: "e", sequence: "3", snapshot: true, lines: [line], now: "2026-11-30T03:00:00Z" });
  const late = page("li");
  assert.deepEqual(late.last("update").lines, [line]);
  assert.equal(late.last("update").now, undefined);
});

test("another user's sign-in sends the pages of the one before away, and shows them nothing", () => {
  const one = page("li");
  const two = page("wang");
  assert.equal(one.last("state"), "signed_out");
  const heard = one.heard.length;
  tells({ epoch: "e", sequence: "1", snapshot: true, lines: [emergency()] });
  assert.equal(one.heard.length, heard);
  assert.equal(two.last("update").lines.length, 1);
});
