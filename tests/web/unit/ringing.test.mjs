import assert from "node:assert/strict";
import { test } from "node:test";
import { FloodWatch, ringOf } from "../../../src/web/console/ringing.ts";
import { patterns, render } from "../../../src/web/kit/sound.ts";
import { at, claimedBy, emergency, important, request } from "../support/lines.mjs";

const now = Date.parse(at(10));
const seat = { me: "me", site: "station1", now, stale: false, silentUntil: 0, asked: false,
  claiming: new Set() };
const tone = (lines, more = {}) => ringOf(lines, { ...seat, ...more }).tone;

test("one voice: the worst that nobody has", () => {
  assert.equal(tone([]), undefined);
  assert.equal(tone([important()]), "p2");
  assert.equal(tone([important(), emergency()]), "p1");
  assert.equal(tone([request(), claimedBy("lina")]), undefined);
});

test("one's own claim is quiet at once, before the house has answered", () => {
  const call = emergency();
  assert.equal(tone([call], { claiming: new Set([call.id]) }), undefined);
});

test("a drill rings like a call; the house's own press rings nobody", () => {
  assert.equal(tone([emergency({ purpose: "drill" })]), "p1");
  assert.equal(tone([emergency({ purpose: "synthetic" })]), undefined);
});

test("nobody is rung while a countdown runs", () => {
  assert.equal(tone([emergency({ state: "pending" })]), undefined);
});

test("another desk's call rings here when that desk has let it ring for 20 seconds", () => {
  const call = emergency({ desk: "station2", raisedAt: at(0) });
  assert.equal(tone([call], { now: Date.parse(at(19)) }), undefined);
  assert.equal(tone([call], { now: Date.parse(at(20)) }), "p1");
  assert.equal(tone([important({ desk: "station2" })], { now: Date.parse(at(50)) }), undefined);
});

test("a new press on what I hold rings me, and nobody else's", () => {
  const again = claimedBy("me", { acknowledgeBy: at(40) });
  assert.equal(tone([again]), "p1");
  assert.equal(tone([again], { me: "lina" }), undefined);
});

test("silenced, an emergency still rings at 30 %, everything else is quiet", () => {
  const silent = { ...seat, silentUntil: now + 60_000 };
  assert.deepEqual(ringOf([emergency()], silent), { tone: "p1", volume: 0.3 });
  assert.equal(ringOf([important()], silent).tone, undefined);
  assert.deepEqual(ringOf([emergency()], { ...silent, now: now + 60_000 }), { tone: "p1", volume: 1 });
});

test("a dead feed has its own tone, but no louder than an emergency's", () => {
  assert.equal(tone([important()], { stale: true }), "stale");
  assert.equal(tone([emergency()], { stale: true }), "p1");
});

test("ten new ones in ten seconds are a flood", () => {
  const watch = new FloodWatch();
  watch.arrived(9, 1000);
  assert.equal(watch.lately(1000), 9);
  watch.arrived(1, 5000);
  assert.equal(watch.lately(5000), 10);
  assert.equal(watch.lately(11_001), 1);
});

// Pulses in a rendered tone: runs of sound with silence between.
function pulsesOf(samples, rate) {
  let count = 0;
  let quiet = rate;
  for (const sample of samples) {
    if (Math.abs(sample) > 0.05) {
      if (quiet > rate * 0.05) count += 1;
      quiet = 0;
    } else {
      quiet += 1;
    }
  }
  return count;
}

test("an emergency is three and two pulses each five seconds, what is important three each fifteen", () => {
  const rate = 8000;
  const p1 = render(patterns.p1, rate);
  assert.equal(p1.length, 5 * rate);
  assert.equal(pulsesOf(p1, rate), 5);
  const p2 = render(patterns.p2, rate);
  assert.equal(p2.length, 15 * rate);
  assert.equal(pulsesOf(p2, rate), 3);
  assert.ok(p1.every((sample) => Math.abs(sample) <= 1));
});

test("whether anybody is there is asked by ear too, behind whatever rings", () => {
  assert.equal(tone([], { asked: true }), "awake");
  assert.equal(tone([important()], { asked: true }), "p2");
  assert.equal(tone([emergency()], { asked: true }), "p1");
});

test("what comes off the shelf is heard by its holder, however small it is, and by nobody else", () => {
  const back = request({ of: "alert", state: "claimed", holder: "me", acknowledgeBy: at(30) });
  assert.equal(tone([back]), "p2");
  assert.equal(tone([back], { me: "lina" }), undefined);
});
