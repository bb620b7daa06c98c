// Positions on tiles that are drawn elsewhere than where they lie.
import assert from "node:assert/strict";
import { test } from "node:test";
import { offTiles, onTiles } from "../../../src/web/kit/crs.ts";

// Points that the open implementations share (eviltransform's tests): WGS-84, GCJ-02.
const known = [
  [[31.1774276, 121.5272106], [31.17530398364597, 121.531541859215]], // Shanghai
  [[22.543847, 113.912316], [22.540796131694766, 113.9171764808363]], // Shenzhen
  [[39.911954, 116.377817], [39.91334545536069, 116.38404722455657]], // Beijing
];
const near = (one, other, degrees) =>
  one.every((each, n) => Math.abs(each - other[n]) < degrees);

test("a position stands where a map in GCJ-02 has it, and a click there means the position", () => {
  for (const [wgs, gcj] of known) {
    assert.ok(near(onTiles(wgs, "gcj02"), gcj, 1e-9), `${onTiles(wgs, "gcj02")}`);
    assert.ok(near(offTiles(gcj, "gcj02"), wgs, 1e-7), `${offTiles(gcj, "gcj02")}`); // 1 cm
  }
});

test("nothing moves on tiles in WGS-84 or CGCS2000, nor outside China", () => {
  for (const crs of ["wgs84", "cgcs2000"]) assert.deepEqual(onTiles([36.06, 103.83], crs), [36.06, 103.83]);
  assert.deepEqual(onTiles([48.1, 11.5], "gcj02"), [48.1, 11.5]);
  assert.deepEqual(offTiles([48.1, 11.5], "gcj02"), [48.1, 11.5]);
});
