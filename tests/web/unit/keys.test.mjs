import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultKeys } from "../../../src/web/kit/key-bindings.ts";
import { actOf } from "../../../src/web/kit/keys.ts";

const queue = { region: "queue", editing: false, inEmptyNote: false, onButton: false, armed: 0,
  undoes: false, letters: true, keys: defaultKeys };
const card = { ...queue, region: "card" };
const nowhere = { ...queue, region: "none" };
const writing = { ...card, editing: true };
const note = { ...writing, inEmptyNote: true };
const press = (key, where, more = {}) => actOf({ key, ...more }, where);

test("F2, F8 and F9 act everywhere, also while a note is being written", () => {
  for (const where of [queue, card, nowhere, writing]) {
    assert.equal(press("F2", where), "take_next");
    assert.equal(press("F8", where), "silence");
    assert.equal(press("F9", where), "find");
  }
});

test("the queue's keys", () => {
  const keys = { ArrowUp: "up", ArrowDown: "down", Home: "first", End: "last", PageUp: "page_up",
    PageDown: "page_down", Enter: "open", a: "claim", T: "take_over", Escape: "back", "?": "help",
    z: "undo" };
  for (const [key, act] of Object.entries(keys)) assert.equal(press(key, queue), act, key);
  for (const key of ["d", "x", "n", "c", "h", "k", "r", "m", "s", "1"]) assert.equal(press(key, queue), undefined, key);
});

test("the card's keys", () => {
  const keys = { a: "claim", t: "take_over", d: "dispatch", n: "note", h: "handle", x: "close",
    C: "ring_back", k: "contact", r: "refer", m: "map", s: "shelve", z: "undo", "?": "help", Escape: "back" };
  for (const [key, act] of Object.entries(keys)) assert.equal(press(key, card), act, key);
});

test("the calls' keys, and F4 goes to them from everywhere", () => {
  for (const where of [queue, card, nowhere, writing]) assert.equal(press("F4", where), "calls");
  const keys = { o: "open_call", E: "call_alert", r: "call_request", n: "no_case", d: "dial_call" };
  for (const [key, act] of Object.entries(keys)) assert.equal(press(key, { ...queue, region: "calls" }), act, key);
  assert.equal(press("e", { ...queue, region: "calls" }, { repeat: true }), undefined, "a held key is one press");
});

test("letters mean nothing outside their region", () => {
  for (const key of "abcdefghijklmnopqrstuvwxyz?123456789")
    assert.equal(press(key, nowhere), undefined, key);
});

test("what can still be taken back is so wherever she is, but not in the middle of a word", () => {
  for (const where of [queue, card, nowhere, { ...queue, region: "calls" }, { ...queue, region: "telephone" }]) {
    assert.equal(press("z", { ...where, undoes: true }), "undo", where.region);
    assert.equal(press("z", { ...where, undoes: true, letters: false }), undefined);
  }
  assert.equal(press("z", nowhere), undefined, "there is nothing to take back");
  assert.equal(press("z", { ...writing, undoes: true }), undefined);
  assert.equal(press("x", { ...nowhere, undoes: true }), undefined, "no other letter");
});

test("nothing acts while something is written, but function keys", () => {
  for (const key of [..."adtnxhckrmsz?1", "Enter", "ArrowDown", "Home"])
    assert.equal(press(key, writing), undefined, key);
});

test("500 composed characters fire nothing, not even F2", () => {
  for (let n = 0; n < 500; ++n) {
    const key = "adtnxhckrmz1"[n % 12];
    for (const where of [queue, card, writing, note, { ...card, armed: 9 }]) {
      assert.equal(press(key, where, { isComposing: true }), undefined);
      assert.equal(press(key, where, { keyCode: 229 }), undefined);
      for (const each of ["F2", "F4", "F8", "F9"]) {
        assert.equal(press(each, where, { isComposing: true }), undefined, each);
        assert.equal(press(each, where, { keyCode: 229 }), undefined, each);
      }
    }
  }
});

test("the browser's own combinations are left to it", () => {
  for (const more of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }])
    for (const key of ["a", "d", "x", "F2"]) assert.equal(press(key, card, more), undefined);
});

test("a held key claims once", () => {
  assert.equal(press("F2", queue, { repeat: true }), undefined);
  assert.equal(press("a", queue, { repeat: true }), undefined);
  assert.equal(press("ArrowDown", queue, { repeat: true }), "down");
});

test("dispatch takes D, a digit, Enter: a digit alone or Enter alone does nothing", () => {
  assert.equal(press("1", card), undefined);
  assert.equal(press("Enter", card), undefined);
  const armed = { ...card, armed: 5 };
  assert.equal(press("1", armed), "choose");
  assert.equal(press("5", armed), "choose");
  assert.equal(press("6", armed), undefined);
  assert.equal(press("Enter", armed), "confirm");
  assert.equal(press("Enter", armed, { repeat: true }), undefined);
  assert.equal(press("Escape", armed), "back");
});

test("switched off, letters are letters; F2 and the arrows stay", () => {
  const off = { ...queue, letters: false };
  assert.equal(press("a", off), undefined);
  assert.equal(press("?", off), undefined);
  assert.equal(press("F2", off), "take_next");
  assert.equal(press("ArrowDown", off), "down");
});

test("Enter on a button of the queue is that button's", () => {
  assert.equal(press("Enter", { ...queue, onButton: true }), undefined);
});

test("a digit chooses of as many as there are, 1 to 9", () => {
  assert.equal(press("3", { ...card, armed: 3 }), "choose");
  assert.equal(press("4", { ...card, armed: 3 }), undefined);
  assert.equal(press("9", { ...card, armed: 9 }), "choose");
  assert.equal(press("0", { ...card, armed: 9 }), undefined);
});

test("in a note without a word a digit is a template; in any other text it is a digit", () => {
  assert.equal(press("1", note), "template");
  assert.equal(press("9", note), "template");
  assert.equal(press("0", note), undefined);
  assert.equal(press("1", writing), undefined);
  assert.equal(press("1", { ...note, letters: false }), undefined, "switched off with the letters");
  assert.equal(press("1", note, { repeat: true }), undefined);
});

test("a key that was given to another act acts as that, in that act's regions", () => {
  const keys = { ...defaultKeys, find: "", claim: "g", close: "F9", take_next: "q" };
  assert.equal(press("g", { ...queue, keys }), "claim");
  assert.equal(press("G", { ...card, keys }), "claim");
  assert.equal(press("a", { ...queue, keys }), undefined);
  assert.equal(press("F9", { ...card, keys }), "close");
  assert.equal(press("F9", { ...card, keys, letters: false }), "close", "no letter");
  assert.equal(press("F9", { ...queue, keys }), undefined);
  assert.equal(press("F9", { ...writing, keys }), undefined);
  assert.equal(press("q", { ...queue, keys }), "take_next");
  assert.equal(press("q", { ...writing, keys }), undefined, "a letter never acts in a text");
  assert.equal(press("q", { ...nowhere, keys }), undefined);
});

test("an act that has no key is no key's", () => {
  const keys = { ...defaultKeys, close: "" };
  for (const key of ["x", "", "Unidentified"]) assert.equal(press(key, { ...card, keys }), undefined);
});
