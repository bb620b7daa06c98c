// Which of her pages rings: by the browser's locks, as they are granted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FirstOfPages } from "../../../src/web/kit/first-of-pages.ts";

// Locks of one browser: each name has one holder, and the others wait in their order.
function browser() {
  const queues = new Map();
  const grant = (queue) => {
    const [next] = queue;
    if (!next || next.isHeld) return;
    next.isHeld = true;
    void Promise.resolve(next.run()).then(() => leave(queue, next));
  };
  const leave = (queue, one) => {
    if (!queue.includes(one)) return;
    queue.splice(queue.indexOf(one), 1);
    grant(queue);
  };
  const request = (name, { signal }, run) => new Promise((_, failed) => {
    const queue = queues.get(name) ?? [];
    queues.set(name, queue);
    const one = { run, isHeld: false };
    queue.push(one);
    signal.addEventListener("abort", () => {
      if (one.isHeld) return;
      leave(queue, one);
      failed(new DOMException("", "AbortError"));
    });
    queueMicrotask(() => grant(queue));
  });
  const crashes = (name) => leave(queues.get(name), queues.get(name)[0]);
  return { request, crashes };
}

const settled = () => new Promise(setImmediate);

async function pages(...users) {
  const locks = browser();
  Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
  const all = users.map((user) => {
    const page = { first: undefined };
    page.turn = new FirstOfPages(user, (first) => (page.first = first));
    return page;
  });
  return { all, locks };
}

test("of her pages whose sound runs the oldest rings, and none whose sound doesn't", async () => {
  const { all: [one, two, silent] } = await pages("li", "li", "li");
  one.turn.sounds(true);
  two.turn.sounds(true);
  await settled();
  assert.deepEqual([one.first, two.first, silent.first], [true, false, undefined]);
});

test("a page that crashes frees it: the next one rings, and nobody had to say anything", async () => {
  const { all: [one, two], locks } = await pages("li", "li");
  one.turn.sounds(true);
  two.turn.sounds(true);
  await settled();
  locks.crashes("linli.rings.li");
  await settled();
  assert.equal(two.first, true);
});

test("whose sound stops lets the next one ring, and stands behind it when it runs again", async () => {
  const { all: [one, two] } = await pages("li", "li");
  one.turn.sounds(true);
  two.turn.sounds(true);
  await settled();
  one.turn.sounds(false);
  await settled();
  assert.deepEqual([one.first, two.first], [false, true]);
  one.turn.sounds(true);
  await settled();
  assert.deepEqual([one.first, two.first], [false, true]);
  two.turn.sounds(false);
  await settled();
  assert.deepEqual([one.first, two.first], [true, false]);
});

test("who stopped while waiting doesn't ring when its turn comes", async () => {
  const { all: [one, two] } = await pages("li", "li");
  one.turn.sounds(true);
  two.turn.sounds(true);
  await settled();
  two.turn.sounds(false);
  one.turn.sounds(false);
  await settled();
  assert.deepEqual([one.first, two.first], [false, false]);
});

test("two users of one browser don't take it from each other", async () => {
  const { all: [li, wang] } = await pages("li", "wang");
  li.turn.sounds(true);
  wang.turn.sounds(true);
  await settled();
  assert.deepEqual([li.first, wang.first], [true, true]);
});

test("said twice, it is one wish", async () => {
  const { all: [one, two] } = await pages("li", "li");
  one.turn.sounds(true);
  one.turn.sounds(true);
  two.turn.sounds(true);
  await settled();
  assert.equal(one.first, true);
  one.turn.sounds(false);
  await settled();
  assert.equal(two.first, true);
});
