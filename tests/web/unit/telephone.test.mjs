// What an operator's telephone does, and what it tells the house, as it happens.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isTrouble, silentTelephone, stateOf, step, talkTime } from "../../../src/web/console/telephone.ts";

const good = [{ what: "microphone", is: "good" }, { what: "line", is: "stands" }, { what: "ready" },
  { what: "seat", is: "ready" }];
const rings = { what: "rings", call: "c1", at: 0 };
const inTalk = [...good, rings, { what: "answers" }, { what: "talks", at: 1000 }];

// How it stands after all of that, and what was said to the house in turn.
function after(...all) {
  let one = silentTelephone;
  const said = [];
  for (const each of all.flat()) {
    const [next, word] = step(one, each);
    one = next;
    if (word) said.push(word);
  }
  return { is: stateOf(one), said, one };
}

test("nobody is sent to her before she can be heard and reached", () => {
  assert.equal(after({ what: "ready" }).said.length, 0);
  assert.deepEqual(after({ what: "ready" }, { what: "line", is: "stands" }).said, []);
  assert.deepEqual(after(good).said, ["ready"]);
  assert.equal(after(good).is, "ready");
});

test("a telephone that is off is a fault when she is on duty and hasn't said that she goes without it", () => {
  assert.equal(stateOf(silentTelephone, true), "left_off");
  assert.ok(isTrouble("left_off"));
  assert.equal(stateOf(silentTelephone, false), "off");
  assert.ok(!isTrouble("off"));
  assert.equal(stateOf({ ...silentTelephone, line: "elsewhere" }, true), "elsewhere", "another page says it");
  assert.equal(stateOf(after(good).one, true), "ready");
});

test("the house's word counts, not her wish", () => {
  assert.equal(after(good.slice(0, 3)).is, "away");
});

for (const is of ["refused", "gone"])
  test(`a microphone that is ${is} sends her away, and she comes back only by herself`, () => {
    const lost = after(good, { what: "microphone", is });
    assert.deepEqual(lost.said, ["ready", "away"]);
    assert.equal(lost.is, "no_microphone");
    const back = after(good, { what: "microphone", is }, { what: "microphone", is: "good" });
    assert.deepEqual(back.said, ["ready", "away"]);
    assert.deepEqual(after(good, { what: "microphone", is }, good.slice(0, 1), { what: "ready" }).said,
      ["ready", "away", "ready"]);
  });

test("a line that is lost says away and is ready again by itself when it stands", () => {
  const lost = after(good, { what: "line", is: "lost" });
  assert.equal(lost.is, "no_network");
  assert.deepEqual(lost.said, ["ready", "away"]);
  const back = after(good, { what: "line", is: "lost" }, { what: "seat", is: "away" }, { what: "line", is: "stands" });
  assert.deepEqual(back.said, ["ready", "away", "ready"]);
});

test("the line says that it stands with each registration, and the house hears it once", () => {
  assert.deepEqual(after(good, { what: "line", is: "stands" }, { what: "line", is: "stands" }).said, ["ready"]);
});

test("who has gone away is not made ready by her line", () => {
  assert.deepEqual(after(good, { what: "away" }, { what: "line", is: "lost" }, { what: "line", is: "stands" }).said,
    ["ready", "away"]);
});

test("it rings, connects, talks, and wraps up until she is ready again", () => {
  assert.equal(after(good, rings).is, "ringing");
  assert.equal(after(good, rings, { what: "answers" }).is, "answering");
  assert.equal(after(inTalk).is, "talking");
  const over = after(inTalk, { what: "ended", how: "over" });
  assert.equal(over.is, "wrapping_up");
  assert.equal(after(inTalk, { what: "ended", how: "over" }, { what: "ready" }, { what: "seat", is: "ready" }).is, "ready");
});

test("a house that is a moment behind makes nobody look ready who is not", () => {
  assert.equal(after(inTalk, { what: "ended", how: "over" }, { what: "seat", is: "talking" }).is, "wrapping_up");
  assert.equal(after(good, { what: "seat", is: "ringing" }).is, "ready");
});

test("a second call does not take the place of the first", () => {
  assert.equal(after(inTalk, { what: "rings", call: "c2", at: 5 }).one.talk.call, "c1");
});

test("held and muted are seen", () => {
  const held = after(inTalk, { what: "held", is: true }, { what: "muted", is: true });
  assert.equal(held.is, "held");
  assert.equal(held.one.talk.muted, true);
  assert.equal(after(inTalk, { what: "held", is: true }, { what: "held", is: false }).is, "talking");
});

test("a talk without sound sends her away, and says why", () => {
  const deaf = after(inTalk, { what: "ended", how: "no_sound" });
  assert.equal(deaf.is, "no_sound");
  assert.deepEqual(deaf.said, ["ready", "away"]);
});

test("its line ends with it, and what she was told of it stays", () => {
  const deaf = after(inTalk, { what: "ended", how: "no_sound" }, { what: "ended", how: "over" });
  assert.equal(deaf.is, "no_sound");
  assert.equal(deaf.one.wants, false);
});

test("who sits down at another machine is told so here, and isn't put away there", () => {
  const moved = after(good, { what: "line", is: "moved" }, { what: "microphone", is: "unasked" });
  assert.equal(moved.is, "moved");
  assert.deepEqual(moved.said, ["ready"]);
  assert.equal(moved.one.wants, false);
  assert.equal(after(inTalk, { what: "line", is: "moved" }).is, "talking");
  assert.equal(after(inTalk, { what: "line", is: "moved" }, { what: "ended", how: "over" }).is, "moved");
});

test("who has got up is ready only after she has opened the microphone anew", () => {
  const up = [{ what: "away" }, { what: "microphone", is: "unasked" }, { what: "line", is: "off" }];
  assert.equal(after(good, up).is, "off");
  assert.deepEqual(after(good, up, { what: "ready" }, { what: "line", is: "stands" }).said, ["ready", "away"]);
});

test("whom it rang in vain the house puts away, and she is told", () => {
  const missed = after(good, rings, { what: "ended", how: "over" }, { what: "seat", is: "away" });
  assert.equal(missed.is, "not_answered");
  assert.deepEqual(missed.said, ["ready"]);
});

test("her own away is no missed call", () => {
  assert.equal(after(good, { what: "away" }, { what: "seat", is: "away" }).is, "away");
});

test("a talk goes on over a lost line and a lost microphone", () => {
  assert.equal(after(inTalk, { what: "line", is: "lost" }).is, "talking");
  assert.equal(after(inTalk, { what: "microphone", is: "gone" }).is, "talking");
});

test("how long one talks is minutes and seconds", () => {
  assert.equal(talkTime(0, 0), "0:00");
  assert.equal(talkTime(1000, 66_999), "1:05");
  assert.equal(talkTime(5000, 1000), "0:00");
  assert.equal(talkTime(0, 3_661_000), "61:01");
});
