import assert from "node:assert/strict";
import { test } from "node:test";
import {
  allBound, defaultKeys, objectionTo, readKept, writeKept,
} from "../../../src/web/kit/key-bindings.ts";

test("as they come, no two acts have the same key, and each may have its own", () => {
  assert.equal(new Set(Object.values(defaultKeys)).size, allBound.length);
  for (const act of allBound) assert.equal(objectionTo(act, defaultKeys[act], defaultKeys), undefined, act);
});

test("a key that another act has is refused, and it is said whose it is", () => {
  assert.deepEqual(objectionTo("note", "K", defaultKeys), { code: "taken", by: "contact" });
  assert.deepEqual(objectionTo("claim", "F2", defaultKeys), { code: "taken", by: "take_next" });
  assert.equal(objectionTo("note", "g", defaultKeys), undefined);
});

test("keys that choose, move, confirm or are the browser's can't be given away", () => {
  for (const key of ["1", "9", "Enter", "Escape", "ArrowUp", " ", "Tab", "F1", "F5", "F11", "F12", "Process", "\u4e0b"])
    assert.deepEqual(objectionTo("note", key, defaultKeys), { code: "not_allowed" }, key);
});

test("what she has changed is kept, and only that", () => {
  const hers = { keys: { ...defaultKeys, claim: "g", close: "" }, letters: false };
  assert.deepEqual(JSON.parse(writeKept(hers)), { keys: { claim: "g", close: "" }, letters: false });
  assert.deepEqual(readKept(writeKept(hers)), hers);
});

test("what can't be read is as it came", () => {
  for (const text of [null, "", "{", "[]", "7", '{"keys":{"claim":7,"fly":"f"}}', '{"keys":{"claim":"Enter"}}'])
    assert.deepEqual(readKept(text), { keys: defaultKeys, letters: true }, text);
});

test("a key of hers is not lost to a default that came later", () => {
  const { keys } = readKept('{"keys":{"note":"F9"}}');
  assert.equal(keys.note, "F9");
  assert.equal(keys.find, "");
});

test("of two acts that were kept on one key the first has it, so that no press does two things", () => {
  const { keys } = readKept('{"keys":{"close":"g","claim":"g"}}');
  assert.equal(keys.claim, "g");
  assert.equal(keys.close, "");
});
