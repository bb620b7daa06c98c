// Field-rules 24: "Still here?" every 30 min at night.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AwakeWatch } from "../../../src/web/kit/awake-watch.ts";

const minutes = 60_000;
const watch = () => new AwakeWatch(30 * minutes, 1 * minutes, 0);

test("whoever has touched nothing for half an hour is asked, and a touch answers", () => {
  const w = watch();
  assert.equal(w.look(30 * minutes - 1, true), "awake");
  assert.equal(w.look(30 * minutes, true), "asked");
  assert.equal(w.leftMs(30 * minutes + 20_000), 40_000);
  w.touch(30 * minutes + 30_000);
  assert.equal(w.look(32 * minutes, true), "awake");
  assert.equal(w.look(60 * minutes + 29_999, true), "awake");
  assert.equal(w.look(60 * minutes + 30_000, true), "asked", "half an hour after the touch");
});

test("no answer for a minute: away, until she says that she is back", () => {
  const w = watch();
  w.look(30 * minutes, true);
  assert.equal(w.look(31 * minutes - 1, true), "asked");
  assert.equal(w.look(31 * minutes, true), "away");
  w.touch(32 * minutes);
  assert.equal(w.look(32 * minutes, true), "away", "a cat on the keyboard is nobody");
  w.isBack(33 * minutes);
  assert.equal(w.look(33 * minutes, true), "awake");
});

test("by day, and off duty, nobody is asked", () => {
  const w = watch();
  assert.equal(w.look(500 * minutes, false), "awake");
  assert.equal(w.look(500 * minutes, true), "asked", "as soon as it is night");
  assert.equal(w.look(500 * minutes + 1, false), "awake");
});

test("after hours of a closed lid she has her minute", () => {
  const w = watch();
  assert.equal(w.look(600 * minutes, true), "asked");
  assert.equal(w.look(600 * minutes + 59_999, true), "asked");
});
