// A page's part of the live channel, without the browser: that it isn't left alone with a dead worker.
import assert from "node:assert/strict";
import { after, before, mock, test } from "node:test";

const workers = []; // as the page has met them
const hello = { root: "https://linli.test/", user: "li" };
let Live;
before(async () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  globalThis.document = { baseURI: "https://linli.test/console" };
  globalThis.addEventListener = () => undefined;
  globalThis.SharedWorker = class {
    heard = [];
    constructor() {
      this.port = {
        postMessage: (what) => this.heard.push(what),
        addEventListener: (_, ear) => (this.ends = ear),
      };
      workers.push(this);
    }
    says(what) {
      this.port.onmessage({ data: what });
    }
  };
  ({ Live } = await import("../../../src/web/kit/live.ts"));
});
after(() => mock.timers.reset());

function page() {
  const nothing = () => undefined;
  const live = new Live("li", { updated: nothing, stateChanged: nothing, firstChanged: nothing });
  live.start();
  return { live, worker: workers.at(-1) };
}

test("a grey page asks its worker for all, which may have forgotten it, and lets it be if it answers", () => {
  const { live, worker } = page();
  for (let n = 0; n < 3; ++n) {
    worker.says({ state: "connecting" });
    live.knock();
    assert.deepEqual(worker.heard.at(-1), { hello });
  }
  assert.equal(workers.at(-1), worker);
});

test("a worker that answers nothing has ended with the page whose process it shared: another is begun", () => {
  const { live, worker } = page();
  live.sounds(true);
  live.knock();
  assert.equal(workers.at(-1), worker, "it may be slow");
  live.knock();
  const next = workers.at(-1);
  assert.notEqual(next, worker);
  assert.deepEqual(worker.heard.at(-1), { bye: true }, "if it lives after all, the page isn't there twice");
  assert.deepEqual(next.heard, [{ hello }, { sounds: true }]);
  next.says({ state: "live" });
  live.knock();
  assert.equal(workers.at(-1), next);
});

test("where the browser tells that the worker is gone nobody grows grey, and each is told of once", () => {
  const { worker } = page();
  worker.ends();
  mock.timers.tick(1000);
  const next = workers.at(-1);
  assert.notEqual(next, worker);
  worker.ends();
  mock.timers.tick(1000);
  assert.equal(workers.at(-1), next);
});
