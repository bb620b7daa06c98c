// What an administrator has written beside what the house has: what changes, what is sent, and what
// becomes of it when somebody else was quicker.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addRow, byPlace, changeOf, differences, draftOf, isDirty, move, nextPlace, needsClearText, put, rebase, removeRow,
  reveal, undo, valueOf } from "../../../src/web/admin/draft.ts";
import { sheets } from "../support/registry_house.mjs";

const sheet = (name) => sheets.find((each) => each.name === name);
const residents = sheet("residents");
const contacts = sheet("contacts");
const record = (rows, more = {}) => ({ rows: rows.map((cells) => ({ cells })), etag: "e1", masked: true, ...more });
const wang = () => record([{ id: "R1", home: "H1", name: "王**", phone: "139****8888", status: "present" }]);
const two = (more) => record([
  { resident: "R1", place: "1", name: "王*", relation: "女儿", phone: "138****0001" },
  { resident: "R1", place: "2", name: "王*", relation: "儿子", phone: "138****0002" }], more);

test("only what was changed is sent: a masked telephone is kept without being known", () => {
  const draft = draftOf(residents, wang());
  put(draft.rows[0], "status", "hospital");
  assert.deepEqual(changeOf(residents, "R1", draft, "e1"), { rows: [{ cells: { status: "hospital" } }], etag: "e1" });
});

test("written back as it was, nothing has changed; of a masked cell nobody can tell", () => {
  const draft = draftOf(residents, wang());
  put(draft.rows[0], "status", "away");
  put(draft.rows[0], "status", "present");
  assert.equal(isDirty(draft), false);
  put(draft.rows[0], "phone", "139****8888", true);
  assert.equal(isDirty(draft), true);
  undo(draft.rows[0], "phone");
  assert.equal(isDirty(draft), false);
});

test("the difference says what was and what will be", () => {
  const draft = draftOf(residents, wang());
  put(draft.rows[0], "status", "away");
  const [only] = differences(draft);
  assert.deepEqual([only.kind, only.column, only.before, only.after], ["changed", "status", "present", "away"]);
});

test("a new record is sent with all that was given, and must be new", () => {
  const draft = draftOf(residents, undefined);
  for (const [column, text] of [["id", "R9"], ["name", "赵九"]]) put(draft.rows[0], column, text);
  assert.deepEqual(changeOf(residents, "R9", draft, ""), { rows: [{ cells: { id: "R9", name: "赵九" } }], etag: "" });
});

test("the rows of an owner are all of them, each with its name and what changed", () => {
  const draft = draftOf(contacts, two());
  put(draft.rows[1], "relation", "侄子");
  assert.deepEqual(changeOf(contacts, "R1", draft, "e1").rows.map((row) => row.cells), [
    { resident: "R1", place: "1" }, { resident: "R1", place: "2", relation: "侄子" }]);
});

test("a removed row is not sent, a new one is sent whole and takes the next place", () => {
  const draft = draftOf(contacts, two());
  assert.equal(nextPlace(draft), "3");
  addRow(draft, { place: "3", name: "马兰", phone: "13800000003" });
  removeRow(draft, draft.rows[0]);
  const rows = changeOf(contacts, "R1", draft, "e1").rows.map((row) => row.cells);
  assert.deepEqual(rows.map((cells) => cells.place), ["2", "3"]);
  assert.equal(rows[1].phone, "13800000003");
  assert.deepEqual(differences(draft).filter((each) => !each.column).map((each) => each.kind), ["added", "removed"]);
});

test("who takes the place of a removed one has nothing of him", () => {
  const draft = draftOf(contacts, record([
    { resident: "R1", place: "1", name: "赵*", phone: "138****0001", channels: "sms", do_not_tell: "yes" }]));
  removeRow(draft, draft.rows[0]);
  addRow(draft, { place: nextPlace(draft), name: "王丽", phone: "13800000003" });
  const [only] = changeOf(contacts, "R1", draft, "e1").rows.map((row) => row.cells);
  assert.deepEqual([only.place, only.name, only.channels, only.do_not_tell], ["1", "王丽", "", ""]);
});

test("contacts that change places are told whole, and never with their masks", () => {
  const draft = draftOf(contacts, two());
  assert.equal(move(draft, draft.rows[1], -1), true);
  assert.equal(needsClearText(contacts, draft), true);
  reveal(contacts, draft, two({ masked: false, rows: [
    { cells: { resident: "R1", place: "1", name: "王丽", relation: "女儿", phone: "13800000001" } },
    { cells: { resident: "R1", place: "2", name: "王强", relation: "儿子", phone: "13800000002" } }] }));
  const rows = changeOf(contacts, "R1", draft, "e1").rows.map((row) => row.cells);
  const first = rows.find((cells) => cells.place === "1");
  assert.deepEqual([first.name, first.phone], ["王强", "13800000002"]);
  assert.ok(rows.every((cells) => !/\*/.test(cells.phone)));
});

test("the first can't go further up, the last not further down", () => {
  const draft = draftOf(contacts, two());
  assert.equal(move(draft, draft.rows[0], -1), false);
  assert.equal(move(draft, draft.rows[1], 1), false);
  assert.equal(isDirty(draft), false);
});

test("shown in clear, what is written stays, and what equals it is no change", () => {
  const draft = draftOf(residents, wang());
  put(draft.rows[0], "phone", "13912348888", true);
  put(draft.rows[0], "status", "away");
  reveal(residents, draft, record([{ id: "R1", name: "王秀兰", phone: "13912348888", status: "present" }]));
  assert.equal(valueOf(draft.rows[0], "name"), "王秀兰");
  assert.deepEqual(draft.rows[0].changed, { status: "away" });
});

test("when somebody else was quicker, one's own writing stays on top of his, and what both wrote is said", () => {
  const draft = draftOf(residents, wang());
  put(draft.rows[0], "status", "away");
  put(draft.rows[0], "home", "H2");
  const news = record([{ id: "R1", home: "H1", name: "王**", phone: "139****8888", status: "hospital" }], { etag: "e2" });
  const both = rebase(residents, draft, news);
  assert.deepEqual(both.clashes, [{ column: "status", theirs: "hospital", mine: "away" }]);
  assert.deepEqual(both.draft.rows[0].changed, { status: "away", home: "H2" });
  assert.equal(both.draft.rows[0].before.status, "hospital");
});

test("a row that somebody else took away comes back with what was written, without masks", () => {
  const draft = draftOf(contacts, two());
  put(draft.rows[1], "relation", "侄子");
  const left = record([two().rows[0].cells], { etag: "e2" });
  const { draft: fresh } = rebase(contacts, draft, left);
  assert.deepEqual(fresh.rows.map((row) => !!row.before), [true, false]);
  assert.equal(fresh.rows[1].changed.phone, undefined);
  assert.equal(fresh.rows[1].changed.relation, "侄子");
});

test("who was added stands behind whoever was added meanwhile, and one who was taken away comes back with a place", () => {
  const third = { resident: "R1", place: "3", name: "李**", relation: "邻居", phone: "139****0003" };
  const draft = draftOf(contacts, two());
  put(draft.rows[0], "relation", "侄女");
  addRow(draft, { place: nextPlace(draft), name: "马兰", relation: "邻居", phone: "13800000009" });
  const { draft: fresh, clashes } = rebase(contacts, draft, record([two().rows[1].cells, third], { etag: "e2" }));
  assert.deepEqual(byPlace(fresh).map((row) => [valueOf(row, "place"), valueOf(row, "relation")]),
    [["2", "儿子"], ["3", "邻居"], ["4", "侄女"], ["5", "邻居"]]);
  assert.equal(valueOf(fresh.rows[3], "name"), "马兰");
  assert.deepEqual(clashes, []);
});

test("who was added in the place of a removed one keeps it on top of the news", () => {
  const draft = draftOf(contacts, two());
  removeRow(draft, draft.rows[1]);
  addRow(draft, { place: nextPlace(draft), name: "马兰", phone: "13800000009" });
  const { draft: fresh } = rebase(contacts, draft, two({ etag: "e2" }));
  assert.deepEqual(fresh.rows.map((row) => [valueOf(row, "place"), valueOf(row, "name")]), [["1", "王*"], ["2", "马兰"]]);
});

test("what was removed stays removed on top of the news", () => {
  const draft = draftOf(contacts, two());
  removeRow(draft, draft.rows[0]);
  const { draft: fresh } = rebase(contacts, draft, two({ etag: "e2" }));
  assert.deepEqual(fresh.rows.map((row) => row.before.place), ["2"]);
});

// A contact's place is taken by somebody else while one writes.
const moved = (rows, more = {}) => record(rows, { etag: "e2", ...more });
const [wangs, sons] = [two().rows[0].cells, two().rows[1].cells];
const stranger = { resident: "R1", place: "2", name: "李**", relation: "邻居", phone: "139****0003" };

test("what was written of one contact never lands on another who has his place now, and is told", () => {
  const draft = draftOf(contacts, two());
  put(draft.rows[1], "do_not_tell", "yes");
  const { draft: fresh, clashes } = rebase(contacts, draft, moved([wangs, stranger]));
  assert.equal(isDirty(fresh), false);
  assert.deepEqual(clashes, [{ column: "", theirs: "李** 139****0003", mine: "王* 138****0002", lost: { do_not_tell: "yes" } }]);
});

test("whose name or telephone alone is another's now may be another: it is told, and nothing put on him", () => {
  for (const changed of [{ name: "赵**" }, { phone: "139****0009" }]) {
    const draft = draftOf(contacts, two());
    put(draft.rows[1], "do_not_tell", "yes");
    const { draft: fresh, clashes } = rebase(contacts, draft, moved([wangs, { ...sons, ...changed }]));
    assert.equal(isDirty(fresh), false, JSON.stringify(changed));
    assert.deepEqual(clashes.map((each) => each.lost), [{ do_not_tell: "yes" }]);
  }
});

test("what was written of a contact goes with him to his new place", () => {
  const draft = draftOf(contacts, two());
  put(draft.rows[1], "do_not_tell", "yes");
  const { draft: fresh, clashes } = rebase(contacts, draft,
    moved([{ ...sons, place: "1" }, { ...wangs, place: "2" }]));
  assert.deepEqual(fresh.rows.map((row) => row.changed), [{ do_not_tell: "yes" }, {}]);
  assert.deepEqual(clashes, []);
});

test("who was removed takes nobody with him who has his place now", () => {
  const draft = draftOf(contacts, two());
  removeRow(draft, draft.rows[1]);
  const { draft: fresh, clashes } = rebase(contacts, draft, moved([wangs, stranger]));
  assert.deepEqual(fresh.rows.map((row) => row.before.name), ["王*", "李**"]);
  assert.deepEqual(clashes.map((each) => each.lost), [{}]);
});

test("a mask is the same person as its clear text", () => {
  const clear = { resident: "R1", place: "2", name: "王强", relation: "儿子", phone: "13800000002" };
  const draft = draftOf(contacts, record([wangs, clear], { masked: false }));
  put(draft.rows[1], "do_not_tell", "yes");
  const news = moved([wangs, { ...sons, name: "王**", relation: "侄子" }]);
  const { draft: fresh, clashes } = rebase(contacts, draft, news);
  assert.deepEqual(fresh.rows[1].changed, { do_not_tell: "yes" });
  assert.deepEqual(clashes, []);
  const another = moved([wangs, { ...sons, name: "王**", phone: "138****0007" }]);
  assert.equal(rebase(contacts, draft, another).clashes.length, 1);
});
