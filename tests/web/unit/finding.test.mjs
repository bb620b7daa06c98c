// What somebody types at F9 means the open work that it names.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isMeant, linesMeant, mostFound } from "../../../src/web/console/finding.ts";

const sos = { id: "a1", of: "alert", level: 1, name: "王**", place: "南河街12号", areaName: "雁滩",
  subject: "resident:R1", openedAt: "2026-11-29T02:00:00Z",
  orders: [{ number: "620102-1129-7", worker: "K1", provider: "p1" }] };
const fall = { id: "a2", of: "alert", level: 1, name: "李**", place: "南河街3号", holderName: "张敏",
  openedAt: "2026-11-29T01:00:00Z" };
const bed = { id: "a3", of: "alert", level: 2, name: "王**", place: "北山路1号", openedAt: "2026-11-29T00:00:00Z" };
const call = { id: "c1", of: "call", name: "王**", place: "南河街12号" };
const all = [bed, sos, fall, call];
const meant = (typed) => linesMeant(all, typed).map((each) => each.id);

test("a line is found by name, place, order, worker, holder or id, the most urgent and oldest first", () => {
  for (const [typed, ids] of [["王", ["a1", "a3"]], ["南河街", ["a2", "a1"]], ["1129-7", ["a1"]],
    ["k1", ["a1"]], ["张敏", ["a2"]], ["r1", ["a1"]], ["王 北山", ["a3"]], ["南河街１２", ["a1"]],
    ["nobody", []], ["", []], ["  ", []]])
    assert.deepEqual(meant(typed), ids, typed);
});

test("a whole name finds the lines whose masked name begins so, behind those that say what was typed", () => {
  const couple = { id: "a4", of: "alert", level: 3, name: "赵**\u3001王**", place: "东岗路9号" };
  const street = { id: "a5", of: "alert", level: 4, name: "孙**", place: "王府街2号" };
  const ids = (typed) => linesMeant([...all, couple, street], typed).map((each) => each.id);
  for (const [typed, expected] of [["王秀兰", ["a1", "a3", "a4"]], ["赵大海", ["a4"]],
    ["王秀兰 北山", ["a3"]], ["欧阳王兰", []], ["王秀兰的女儿", []], ["王府街", ["a5", "a1", "a3", "a4"]], ["wang", []]])
    assert.deepEqual(ids(typed), expected, typed);
});

test("a call is no work of the queue, and at most nine are shown", () => {
  assert.ok(!meant("王").includes("c1"));
  const many = Array.from({ length: 20 }, (_, n) => ({ ...sos, id: `a${n}` }));
  assert.equal(linesMeant(many, "王").length, mostFound);
});

test("an act is found by the words of its name in any order, and all are when nothing is typed", () => {
  assert.ok(isMeant("Take the most urgent one", "urgent TAKE"));
  assert.ok(isMeant("派单", ""));
  assert.ok(!isMeant("派单", "结案"));
});
