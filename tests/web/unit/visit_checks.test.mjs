// What a reviewer of visits sees first.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isVisited, latenessMs, passedOf } from "../../../src/web/evidence/checks.ts";

const proof = (kind, more) => ({ kind, holds: true, takenAt: "2026-11-28T06:20:00Z",
  cameAt: "2026-11-28T06:20:04Z", distanceM: 12, position: { accuracyM: 8 }, ...more });

test("a visit with photo and code at the door, sent at once, passes all", () => {
  assert.deepEqual(passedOf([proof("photo"), proof("code")]),
    { photo: true, resident: true, place: true, in_time: true });
});

test("a visit without any proof passes none", () => {
  assert.deepEqual(passedOf([]), { photo: false, resident: false, place: false, in_time: false });
});

test("a wrong code is nobody's word", () => {
  assert.equal(passedOf([proof("code", { holds: false })]).resident, false);
});

test("at the door is within 100 m and what the telephone allows itself, but not more", () => {
  const place = (distanceM, accuracyM) =>
    passedOf([proof("photo", { distanceM, position: { accuracyM } })]).place;
  assert.equal(place(100, 0), true);
  assert.equal(place(101, 0), false);
  assert.equal(place(150, 60), true);
  assert.equal(place(900, 5000), false, "a telephone that knows nothing proves nothing");
  assert.equal(place(undefined, 10), false);
});

test("one proof that came late makes the visit late", () => {
  const late = proof("code", { cameAt: "2026-11-28T06:31:00Z" });
  assert.equal(latenessMs(late), 11 * 60_000);
  assert.equal(passedOf([proof("photo"), late]).in_time, false);
  assert.equal(latenessMs(proof("photo", { takenAt: undefined })), 0);
});

test("an order that somebody says to have been at is a visit; a ring-back is none", () => {
  assert.equal(isVisited({ state: "completed", place: "home" }), true);
  assert.equal(isVisited({ state: "offered", place: "home" }), false);
  assert.equal(isVisited({ state: "completed", place: "seat" }), false);
});
