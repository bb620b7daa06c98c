// The worker's page opens where there is hardly any network, as the house last gave it, whole.
import assert from "node:assert/strict";
import { test } from "node:test";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { textOf, web } from "../support/source.mjs";

const script = textOf(join(web, "public/worker-cache.js"));
const home = "https://linli.test";
const hundredth = 100; // of its patience

// What it keeps, what it asks, and what the house answers by path: a text, a status, or nothing
// for a line that hangs.
class Telephone {
  #heard = new Map();
  #kept = new Map();
  asked = [];
  house = {};

  constructor() {
    const urlOf = (what) => `${what.url ?? what}`;
    const cache = {
      match: async (what) => this.#kept.get(urlOf(what))?.clone(),
      put: async (what, answer) => void this.#kept.set(urlOf(what), answer),
      keys: async () => [...this.#kept.keys()].map((url) => ({ url })),
      delete: async (what) => this.#kept.delete(urlOf(what)),
    };
    const self = { addEventListener: (name, act) => this.#heard.set(name, act),
      location: new URL(`${home}/worker-cache.js`), registration: { scope: `${home}/` },
      clients: { claim: async () => undefined }, skipWaiting: async () => undefined };
    runInContext(script, createContext({ self, URL, fetch: (what) => this.#answer(urlOf(what)),
      caches: { match: cache.match, open: async () => cache },
      setTimeout: (act, ms) => setTimeout(act, ms / hundredth) }));
  }

  async #answer(url) {
    const path = new URL(url).pathname;
    this.asked.push(path);
    const answer = this.house[path];
    if (answer === undefined) return new Promise(() => undefined);
    if (answer === "gone") throw new TypeError("no network");
    return typeof answer === "number" ? new Response("", { status: answer }) : new Response(answer);
  }

  // Is installed, as when the page is opened for the first time.
  async opensFirst() {
    const done = [];
    this.#heard.get("install")({ waitUntil: (what) => done.push(what) });
    await Promise.all(done);
  }

  // `later`: all that it does behind the answer, unless the line hangs.
  async opens(path) {
    let answer;
    const done = [];
    this.#heard.get("fetch")({ request: { url: home + path, method: "GET" },
      respondWith: (what) => (answer = what), waitUntil: (what) => done.push(what) });
    return { answer: await answer, later: () => Promise.all(done) };
  }

  async reads(path) {
    return (await this.opens(path)).answer.text();
  }

  get keeps() {
    return [...this.#kept.keys()].map((url) => new URL(url).pathname).sort();
  }
}

const page = (n) => `<script src="./check.js"></script><script src="./assets/m-${n}.js"></script>` +
  '<a href="https://elsewhere.test/assets/x.js"></a>';

async function openedOnce() {
  const phone = new Telephone();
  phone.house = { "/m": page(1), "/check.js": "check", "/assets/m-1.js": "one" };
  await phone.opensFirst();
  assert.deepEqual(phone.keeps, ["/assets/m-1.js", "/check.js", "/m"]);
  return phone;
}

test("once it was open it opens on a line that hangs, on none, and at a door whose house is away", async () => {
  for (const answer of [undefined, "gone", 502, 503]) {
    const phone = await openedOnce();
    phone.house = { "/m": answer };
    assert.equal(await phone.reads("/m?to=m"), page(1), `${answer}`);
    assert.equal(await phone.reads("/assets/m-1.js"), "one", `${answer}`);
    assert.equal(await phone.reads("/check.js"), "check", `${answer}`);
  }
});

test("what was never open is handed on as it comes", async () => {
  const phone = new Telephone();
  phone.house = { "/m": 502 };
  assert.equal((await phone.opens("/m")).answer.status, 502);
  phone.house = { "/m": "gone" };
  await assert.rejects(phone.opens("/m"), TypeError);
});

test("a new page is shown at once, and kept with its files; the old ones go", async () => {
  const phone = await openedOnce();
  phone.house = { "/m": page(2), "/check.js": "checks more", "/assets/m-2.js": "two" };
  const { answer, later } = await phone.opens("/m");
  assert.equal(await answer.text(), page(2));
  await later();
  assert.deepEqual(phone.keeps, ["/assets/m-2.js", "/check.js", "/m"]);
  assert.equal(await phone.reads("/check.js"), "checks more");
});

test("a new page of which a file is missing is not kept: without a network it would be an empty one", async () => {
  for (const answer of [404, "gone"]) {
    const phone = await openedOnce();
    phone.house = { "/m": page(2), "/check.js": "checks more", "/assets/m-2.js": answer };
    await (await phone.opens("/m")).later();
    phone.house = {};
    assert.equal(await phone.reads("/m"), page(1), `${answer}`);
    assert.equal(await phone.reads("/assets/m-1.js"), "one", `${answer}`);
  }
});

test("the same page is fetched anew without its files", async () => {
  const phone = await openedOnce();
  phone.asked = [];
  await (await phone.opens("/m")).later();
  assert.deepEqual(phone.asked, ["/m"]);
});

test("what the house says is never kept", async () => {
  const phone = await openedOnce();
  assert.equal((await phone.opens("/v1/own/offers")).answer, undefined, "it is left alone");
});
