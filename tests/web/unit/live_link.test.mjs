// The one connection to the house, without browser and house: what it does as time goes by.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { LiveLink } from "../../../src/web/kit/live-link.ts";

const staleAfterMs = 5_000; // a desk that has heard nothing for so long is grey

async function fastForward(milliseconds) {
  for (let gone = 0; gone < milliseconds; gone += 100) {
    mock.timers.tick(100);
    await new Promise(setImmediate); // whoever waited goes on
  }
}

test("behind a proxy that swallows WebSockets a desk that polls is never grey", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  let tried = 0;
  globalThis.WebSocket = class {
    static OPEN = 1;
    constructor() {
      tried += 1;
    }
    close() {}
  };
  globalThis.fetch = (url) => new Promise((done) => {
    const wait = Number(new URL(url).searchParams.get("wait"));
    setTimeout(() => done({ ok: true, status: 200, json: async () => ({ epoch: "e", snapshot: true }) }), wait * 1000 + 50);
  });
  const heard = [];
  let pollsSince;
  const link = new LiveLink("https://linli.test/", {
    updated: () => heard.push(Date.now()),
    stateChanged: (state) => {
      if (state === "polling") pollsSince ??= Date.now();
    },
  });
  link.start();
  await fastForward(120_000);
  link.stop();
  assert.ok(tried > 3, "it goes on trying");
  const since = heard.filter((at) => at >= pollsSince);
  const longest = Math.max(...since.map((at, n) => at - (since[n - 1] ?? at)));
  assert.ok(longest < staleAfterMs, `silent for ${longest} ms`);
  mock.timers.reset();
});
