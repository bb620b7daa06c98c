import assert from "node:assert/strict";
import { test } from "node:test";
import { HeldBack } from "../../../src/web/kit/held-back.ts";

function desk() {
  const sent = [];
  let answer;
  const held = new HeldBack(5000, (what, pageEnds) => {
    sent.push(pageEnds ? `${what}, the page ends` : what);
    return new Promise((done) => (answer = done));
  });
  const settle = () => new Promise((done) => setImmediate(done));
  return { held, sent, settle, answers: () => answer() };
}

test("it goes out when the moment is over, once", async () => {
  const { held, sent, settle } = desk();
  held.hold("close", 1000);
  held.look(5999, true);
  await settle();
  assert.deepEqual(sent, []);
  assert.equal(held.leftMs(5999), 1);
  held.look(6000, true);
  held.look(6100, true);
  await settle();
  assert.deepEqual(sent, ["close"]);
});

test("taken back it never goes out, not even when the page ends", async () => {
  const { held, sent, settle } = desk();
  held.hold("close", 0);
  assert.equal(held.takeBack(), "close");
  assert.equal(held.takeBack(), undefined);
  held.look(9000, true);
  held.pageEnds();
  await held.flush();
  await settle();
  assert.deepEqual(sent, []);
});

test("the end of the page sends it at once, and nothing sends it again", async () => {
  const { held, sent, settle } = desk();
  held.hold("close", 0);
  held.pageEnds();
  held.pageEnds();
  held.look(9000, true);
  await settle();
  assert.deepEqual(sent, ["close, the page ends"]);
});

test("what was just being sent when the page ended is sent so that it outlives the page", async () => {
  const { held, sent, settle } = desk();
  held.hold("close", 0);
  held.look(5000, true);
  await settle();
  held.pageEnds();
  assert.deepEqual(sent, ["close", "close, the page ends"]);
});

test("the next one sends the one before it", async () => {
  const { held, sent, settle, answers } = desk();
  held.hold("first", 0);
  held.hold("second", 100);
  await settle();
  assert.deepEqual(sent, ["first"]);
  held.look(5100, true);
  await settle();
  assert.deepEqual(sent, ["first"], "one after the other");
  answers();
  await settle();
  assert.deepEqual(sent, ["first", "second"]);
});

test("while nothing can be sent it waits, and can still be taken back", async () => {
  const { held, sent, settle } = desk();
  held.hold("close", 0);
  held.look(60_000, false);
  await settle();
  assert.deepEqual(sent, []);
  assert.equal(held.leftMs(60_000), 0);
  assert.equal(held.takeBack(), "close");
});

test("who wants to leave waits until the house has it", async () => {
  const { held, sent, settle, answers } = desk();
  held.hold("close", 0);
  let gone = false;
  void held.flush().then(() => (gone = true));
  await settle();
  assert.deepEqual(sent, ["close"]);
  assert.equal(gone, false);
  void held.flush().then(() => (gone = true));
  await settle();
  assert.equal(gone, false, "also when it is under way already");
  answers();
  await settle();
  assert.equal(gone, true);
});
