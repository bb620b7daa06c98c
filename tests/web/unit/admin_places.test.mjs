// Where one is in the administration; zones as points; days; files; what the house finds wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { join } from "node:path";
import { columnFilter, filtered, listOf, readAddress, writeAddress } from "../../../src/web/admin/address-text.ts";
import { instantAt, monthOf, nextNight } from "../../../src/web/admin/days.ts";
import { figureText, shareOf } from "../../../src/web/admin/figures.ts";
import { placeOf, strangers, textIn, withFiles } from "../../../src/web/admin/import-files.ts";
import { slugOf, takenApart } from "../../../src/web/admin/mistake-slug.ts";
import { circleAround, faultOf, readLines, readShape, withMoved, without, withPoint, writeLines, writeShape } from
  "../../../src/web/admin/polygon.ts";
import { checkout, filesBelow, textOf, web } from "../support/source.mjs";

// ------------------------------------------------------------------ the address
test("what is searched and opened stands in the address, and is read from it again", () => {
  const there = { at: "residents", q: "王 秀&兰", status: "hospital", page: "3", key: "R1" };
  assert.deepEqual(readAddress(writeAddress(there)), there);
});

test("one place has one address: the first page and empty filters go without saying", () => {
  assert.equal(writeAddress({ page: "1", q: "", at: "homes" }), "?at=homes");
});

test("a broken address leads to no nonsense", () => {
  assert.deepEqual(readAddress("?page=-2&evil=1&at=homes"), { at: "homes" });
  assert.equal(readAddress(`?q=${"x".repeat(5000)}`).q.length, 200);
});

test("another filter begins at its first page, and closes what is open", () => {
  const there = { at: "residents", q: "a", page: "7", key: "R1" };
  assert.deepEqual(filtered(there, { status: "away" }), { at: "residents", q: "a", status: "away" });
  assert.deepEqual(listOf(there), { at: "residents", q: "a", page: "7" });
});

// ------------------------------------------------------------------ zones
const square = [[36.06, 103.83], [36.06, 103.84], [36.07, 103.84], [36.07, 103.83]]
  .map(([latitude, longitude]) => ({ latitude, longitude }));

test("a zone is read and written as the house has it: longitude first, closed", () => {
  const wkt = "POLYGON((103.83 36.06,103.84 36.06,103.84 36.07,103.83 36.07,103.83 36.06))";
  assert.deepEqual(readShape(wkt), square);
  assert.equal(writeShape(square), wkt);
  assert.equal(writeShape([...square].reverse()).startsWith("POLYGON(("), true);
  assert.equal(readShape(writeShape(square)).length, 4);
});

test("what has holes, or is no polygon, isn't pretended to be one", () => {
  assert.equal(readShape("POLYGON((0 0,1 0,1 1,0 0),(0.1 0.1,0.2 0.1,0.2 0.2,0.1 0.1))"), undefined);
  assert.equal(readShape("POINT(1 2)"), undefined);
  assert.equal(readShape("POLYGON((a b,c d))"), undefined);
});

test("points are written a line each, north first; the wrong line is named", () => {
  assert.deepEqual(readLines(writeLines(square)), { points: square, wrongLine: 0 });
  assert.deepEqual(readLines("36.06\uff0c 103.83\n\n36.07 103.84").points.length, 2);
  assert.equal(readLines("36.06, 103.83\nhere").wrongLine, 2);
});

test("a border that isn't one is told why", () => {
  const [a, b, c, d] = square;
  assert.equal(faultOf(square), undefined);
  assert.equal(faultOf([a, b]), "too_few");
  assert.equal(faultOf([a, c, b, d]), "crosses");
  assert.equal(faultOf(square.map((p) => ({ latitude: p.longitude, longitude: p.latitude }))), "swapped");
  assert.equal(faultOf([a, b, { latitude: 36, longitude: 200 }]), "off_the_globe");
});

test("a point that is added goes into the side that it lengthens least; moved and removed by its number", () => {
  const added = withPoint(square, { latitude: 36.0601, longitude: 103.835 });
  assert.deepEqual(added.map((p) => p.longitude), [103.83, 103.835, 103.84, 103.84, 103.83]);
  assert.equal(faultOf(added), undefined);
  assert.equal(withMoved(square, 2, { latitude: 1, longitude: 2 })[2].latitude, 1);
  assert.deepEqual(without(square, 0), square.slice(1));
});

test("a circle of 200 m is 200 m wide in every direction", () => {
  const middle = { latitude: 36.06, longitude: 103.83 };
  for (const p of circleAround(middle, 200)) {
    const north = (p.latitude - middle.latitude) * 111_320;
    const east = (p.longitude - middle.longitude) * 111_320 * Math.cos((36.06 * Math.PI) / 180);
    assert.ok(Math.abs(Math.hypot(north, east) - 200) < 1);
  }
});

// ------------------------------------------------------------------ days and figures
test("three at night is the coming one, by the house's clock", () => {
  assert.deepEqual(nextNight(Date.parse("2026-11-28T10:00:00Z")), { day: "2026-11-29", time: "03:00" });
  assert.deepEqual(nextNight(Date.parse("2026-11-28T17:00:00Z")), { day: "2026-11-29", time: "03:00" });
  assert.equal(instantAt("2026-11-29", "03:00"), "2026-11-29T03:00:00+08:00");
  assert.equal(instantAt("2026-11-29", ""), undefined);
  assert.equal(monthOf(Date.parse("2026-11-30T17:00:00Z")), "2026-12");
});

test("a share says of how many; of none there is nothing to say", () => {
  assert.equal(figureText({ name: "x", unit: "ratio", of: 39, all: 40 }), "97.5% (39/40)");
  assert.equal(figureText({ name: "x", unit: "ratio" }), "");
  assert.equal(figureText({ name: "x", unit: "seconds", value: 75, all: 3 }), "01:15 (3)");
  assert.equal(figureText({ name: "x", unit: "count" }), "0");
  assert.equal(shareOf({ unit: "ratio", of: 1, all: 4 }), 0.25);
  assert.equal(shareOf({ unit: "count", value: 4 }), undefined);
});

// ------------------------------------------------------------------ import
test("a file that is chosen again takes its former's place; what the registry has not is named", () => {
  const first = withFiles([], [{ name: "residents.csv", text: "a" }, { name: "areas.csv", text: "b" }]);
  assert.deepEqual(first.map((each) => each.name), ["areas.csv", "residents.csv"]);
  const again = withFiles(first, [{ name: "residents.csv", text: "c" }, { name: "list.xlsx", text: "" }]);
  assert.deepEqual(again.map((each) => each.text), ["b", "c"]);
  assert.deepEqual(strangers(["list.xlsx", "homes.csv"]), ["list.xlsx"]);
  assert.equal(placeOf("residents.csv", 12), "residents.csv:12");
  assert.equal(placeOf("zones.geojson", 0), "zones.geojson");
});

// ------------------------------------------------------------------ what is wrong, in words
const zh = JSON.parse(textOf(join(web, "words/zh-CN.json")));

test("a file is read when it is UTF-8, and no letter of it when it is not", async () => {
  const file = (...parts) => new Blob(parts);
  assert.equal(await textIn(file("id,name\r\nR1,王秀英\r\n")), "id,name\r\nR1,王秀英\r\n");
  assert.equal(await textIn(file(new Uint8Array([0xef, 0xbb, 0xbf]), "id")), "id", "the mark is no letter");
  const gb18030 = new Uint8Array([0xcd, 0xf5, 0xd0, 0xe3, 0xd3, 0xa2]); // 王秀英
  assert.equal(await textIn(file("id,name\r\nR1,", gb18030)), undefined);
  assert.equal(await textIn(file(new Uint8Array([0xff, 0xfe, 0x69, 0, 0x64, 0]))), undefined, "UTF-16");
});

test("what the house finds wrong in a cell is found in the page's words", () => {
  for (const [said, values] of [["not a telephone number", {}], ["latitude and longitude are swapped", {}],
    ["\"a!\" is not a code", { a: "a!", b: "" }]]) {
    const { slug, values: got } = takenApart(said);
    assert.ok(zh.word.mistake[slug], said);
    assert.deepEqual(got, values);
  }
  const { slug, values } = takenApart("write a whole number from 1 to 99");
  assert.ok(zh.word.remedy[slug]);
  assert.deepEqual(values, { a: "1", b: "99" });
});

test("every complaint of the import's cells is translated", () => {
  const cells = textOf(join(checkout, "src/adapters/files/registry_cells.cpp"));
  const said = [...cells.matchAll(/(?:problem|warning)\(\s*column,\s*"([^"]+)",/g)].map((each) => each[1]);
  assert.ok(said.length > 10);
  for (const each of said) assert.ok(zh.word.mistake[slugOf(each)], each);
});

test("which columns an old file lacks is said in the page's words", () => {
  const files = textOf(join(checkout, "src/adapters/files/registry_files.cpp"));
  const [, what, remedy] = /"(not in this file)",\s*"([^"]+)"/.exec(files);
  assert.ok(zh.word.mistake[slugOf(what)]);
  assert.ok(zh.word.remedy[slugOf(remedy)]);
});

test("only of a home, of a provider: the house is asked by the column", () => {
  assert.deepEqual(columnFilter("home:H1"), { home: "H1" });
  assert.deepEqual(columnFilter("H1"), {});
  assert.deepEqual(columnFilter(undefined), {});
});
