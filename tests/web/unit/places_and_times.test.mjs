import assert from "node:assert/strict";
import { test } from "node:test";
import { draw, isPlace, metresBetween, scaleOf } from "../../../src/web/console/places.ts";
import { HouseClock, span } from "../../../src/web/kit/house-clock.ts";

test("a running time is short to read and never negative", () => {
  assert.equal(span(14_000), "00:14");
  assert.equal(span(-5), "00:00");
  assert.equal(span(3_599_999), "59:59");
  assert.equal(span(3_600_000), "1:00:00");
  assert.equal(span(90_000_000), "1d 01h");
});

test("the house's time is the house's, whatever this machine's clock says", () => {
  const clock = new HouseClock();
  const said = Date.UTC(2020, 0, 1);
  clock.hear(new Date(said).toISOString(), performance.now() - 1000);
  assert.ok(Math.abs(clock.now() - said - 1000) < 100);
  clock.hear("nonsense");
  assert.ok(Math.abs(clock.now() - said - 1000) < 100);
});

test("a telephone that slept knows how long, also when an answer from before wakes with it", () => {
  const clock = new HouseClock();
  const said = Date.UTC(2026, 10, 30, 2);
  const text = (after) => new Date(said + after).toISOString();
  clock.hear(text(0), 1000, 5_000_000);
  const slept = 20 * 60_000; // of which performance.now() knows nothing
  assert.equal(clock.now(2000, 5_001_000 + slept), said + 1000 + slept);
  clock.hear(text(500), 2000, 5_001_000 + slept); // was under way when it fell asleep
  assert.equal(clock.now(2000, 5_001_000 + slept), said + 1000 + slept);
  clock.hear(text(2000 + slept), 3000, 5_002_000 + slept);
  assert.equal(clock.now(3000, 5_002_000 + slept), said + 2000 + slept);
});

test("a clock that somebody sets ahead is believed until three answers have said otherwise", () => {
  const clock = new HouseClock();
  const said = Date.UTC(2026, 10, 30, 2);
  for (let s = 0; s < 3; ++s) clock.hear(new Date(said + 1000 * s).toISOString(), 1000 * s, 9_000_000 + 1000 * s);
  const set = 300_000;
  for (let s = 3; s < 6; ++s) clock.hear(new Date(said + 1000 * s).toISOString(), 1000 * s, 9_000_000 + set + 1000 * s);
  assert.equal(clock.now(5000, 9_000_000 + set + 5000), said + 5000);
});

test("a degree of latitude is 111 km; of longitude less in Lanzhou", () => {
  const lanzhou = { latitude: 36, longitude: 103.8 };
  assert.ok(Math.abs(metresBetween(lanzhou, { latitude: 37, longitude: 103.8 }) - 111_320) < 1);
  const east = metresBetween(lanzhou, { latitude: 36, longitude: 104.8 });
  assert.ok(Math.abs(east - 90_060) < 100);
});

test("everything that is drawn lies in the drawing, north up, east right", () => {
  const dot = (latitude, longitude) => ({ kind: "candidate", label: "", position: { latitude, longitude } });
  const { drawn } = draw([dot(36, 103.8), dot(36.02, 103.8), dot(36, 103.85)], 480, 260);
  for (const each of drawn) {
    assert.ok(each.x >= 0 && each.x <= 480 && each.y >= 0 && each.y <= 260);
  }
  assert.ok(drawn[1].y < drawn[0].y);
  assert.ok(drawn[2].x > drawn[0].x);
});

test("one place alone is drawn in the middle, and a place without numbers is none", () => {
  const { drawn } = draw([{ kind: "home", label: "", position: { latitude: 1, longitude: 2 } }], 480, 260);
  assert.deepEqual([drawn[0].x, drawn[0].y], [240, 130]);
  assert.equal(isPlace(undefined), false);
  assert.equal(isPlace({}), false);
});

test("the scale is a round number", () => {
  assert.equal(scaleOf(1000), 200);
  assert.equal(scaleOf(9000), 2000);
});
