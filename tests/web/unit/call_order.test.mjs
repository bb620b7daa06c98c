// Who stands where among the calls, and that nobody takes a place under a finger.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inOrder } from "../../../src/web/console/call-order.ts";
import { at, call } from "../support/lines.mjs";

const ids = (lines) => lines.map((line) => line.id);
const ringing = (seconds) => call({}, { openedAt: at(seconds) });
const answered = (seconds) => call({}, { state: "answered", openedAt: at(seconds) });
const decided = call({ outcome: "joined", alert: "a" }, { state: "answered", openedAt: at(1) });
const missed = call({ outcome: "missed" }, { state: "ended", openedAt: at(0) });

test("who waits stands first, then what nobody has decided, then who is to be rung back; the older before the younger",
  () => {
    const [young, old, undecided] = [ringing(9), ringing(5), answered(2)];
    assert.deepEqual(ids(inOrder([missed, decided, undecided, young, old], [])),
      ids([old, young, undecided, decided, missed]));
  });

test("those that stand keep their places, whatever becomes of them; the new ones come below, in their order", () => {
  const [one, other, first, second] = [answered(2), ringing(3), ringing(8), ringing(9)];
  const stood = [one, other];
  const turned = { ...other, state: "ended", call: { ...other.call, outcome: "missed" } };
  assert.deepEqual(ids(inOrder([second, first, turned, one], stood)), ids([one, turned, first, second]));
});

test("of one that has gone the row stays, and there is nothing to be decided in it", () => {
  const [gone, called, other] = [decided, missed, answered(3)];
  const shown = inOrder([other], [gone, called, other]);
  assert.deepEqual(ids(shown), ids([gone, called, other]));
  for (const line of shown.slice(0, 2)) {
    assert.equal(line.state, "ended");
    assert.equal(line.call.outcome, "no_case");
    assert.equal(line.call.alert || line.call.request, "", "nor to be opened");
  }
  assert.equal(shown[2], other);
  assert.deepEqual(inOrder([other], []), [other], "till she reaches for none any more");
});
