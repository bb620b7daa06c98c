import assert from "node:assert/strict";
import { test } from "node:test";
import { arrange, mostPinned, nextToClaim } from "../../../src/web/console/queue-order.ts";
import { at, call, claimedBy, emergency, important, request } from "../support/lines.mjs";

const ids = (lines) => lines.map((line) => line.id);

test("the worst stands first, then what nobody has, then whoever waits longest", () => {
  const old = important({ raisedAt: at(1) });
  const young = important({ raisedAt: at(9) });
  const held = important({ raisedAt: at(0), state: "claimed", holder: "lina" });
  const asked = request({ raisedAt: at(0) });
  const view = arrange([asked, held, young, old], "all", "me", undefined);
  assert.deepEqual(view.list, ids([old, young, held, asked]));
});

test("a call to the hotline has no place in the queue", () => {
  const view = arrange([call(), important()], "all", "me", undefined);
  assert.equal(view.list.length + view.pinned.length, 1);
  assert.equal(nextToClaim([call()]), undefined);
});

test("a drill never stands before a real emergency, however long it waits", () => {
  const drill = emergency({ purpose: "drill", raisedAt: at(0) });
  const real = emergency({ raisedAt: at(50) });
  assert.deepEqual(arrange([drill, real], "all", "me", undefined).pinned, ids([real, drill]));
});

test("at most five emergencies are pinned, the others stand first in the list and are counted", () => {
  const many = Array.from({ length: 8 }, (_, n) => emergency({ raisedAt: at(n) }));
  const view = arrange([important(), ...many], "all", "me", undefined);
  assert.equal(mostPinned, 5);
  assert.deepEqual(view.pinned, ids(many.slice(0, 5)));
  assert.equal(view.more, 3);
  assert.deepEqual(view.list.slice(0, 3), ids(many.slice(5)));
});

test("no filter hides an unclaimed emergency", () => {
  const call = emergency();
  for (const filter of ["all", "mine", "unclaimed"])
    assert.deepEqual(arrange([call, important()], filter, "me", undefined).pinned, [call.id]);
});

test("mine are those that I hold; unclaimed those that nobody holds", () => {
  const mine = claimedBy("me");
  const others = claimedBy("lina");
  const free = important();
  const lines = [mine, others, free];
  assert.deepEqual(arrange(lines, "mine", "me", undefined).list, [mine.id]);
  assert.deepEqual(arrange(lines, "unclaimed", "me", undefined).list, [free.id]);
});

test("while somebody moves in it, what is new waits above and is counted, and no row moves", () => {
  const first = important({ raisedAt: at(5) });
  const second = important({ raisedAt: at(6) });
  const before = arrange([first, second], "all", "me", undefined);
  const worse = important({ raisedAt: at(1) });
  const frozen = arrange([first, second, worse], "all", "me", before);
  assert.deepEqual(frozen.list, before.list);
  assert.equal(frozen.waiting, 1);
  const later = arrange([first, second, worse], "all", "me", undefined);
  assert.deepEqual(later.list, ids([worse, first, second]));
  assert.equal(later.waiting, 0);
});

test("what is gone keeps its row as long as somebody moves in the queue", () => {
  const first = important({ raisedAt: at(5) });
  const second = important({ raisedAt: at(6) });
  const before = arrange([first, second], "all", "me", undefined);
  assert.deepEqual(arrange([second], "all", "me", before).list, before.list);
});

test("an emergency never waits for anybody's pointer", () => {
  const line = important();
  const before = arrange([line], "all", "me", undefined);
  const call = emergency();
  const view = arrange([line, call], "all", "me", before);
  assert.deepEqual(view.pinned, [call.id]);
  assert.equal(view.waiting, 0);
});

test("an emergency beyond the fifth never waits either", () => {
  const many = Array.from({ length: 5 }, (_, n) => emergency({ raisedAt: at(n) }));
  const before = arrange(many, "all", "me", undefined);
  const sixth = emergency({ raisedAt: at(50) });
  const view = arrange([...many, sixth], "all", "me", before);
  assert.deepEqual(view.list, [sixth.id]);
  assert.equal(view.more, 1);
});

test("what has just been claimed comes down from the band at once", () => {
  const call = emergency();
  const before = arrange([call], "all", "me", undefined);
  const claimed = { ...call, state: "claimed", holder: "lina" };
  const view = arrange([claimed], "all", "me", before);
  assert.deepEqual([view.pinned, view.list], [[], [call.id]]);
});

test("in any order and frozen or not, every line stands once or is counted as waiting", () => {
  let seed = 7;
  const dice = (n) => (seed = (seed * 48271) % 2147483647) % n;
  let view;
  let lines = [];
  for (let step = 0; step < 3000; ++step) {
    if (dice(3) > 0 || lines.length === 0)
      lines.push([emergency, important, request][dice(3)]({ raisedAt: at(dice(60)) }));
    else if (dice(2)) lines.splice(dice(lines.length), 1);
    else Object.assign(lines[dice(lines.length)], { state: "claimed", holder: "lina" });
    if (lines.length > 40) lines = lines.slice(-20);
    const isFrozen = view && dice(2) === 0;
    view = arrange(lines, "all", "me", isFrozen ? view : undefined);
    const shown = [...view.pinned, ...view.list];
    assert.equal(new Set(shown).size, shown.length, "no line stands twice");
    const open = new Set(lines.map((line) => line.id));
    const standing = shown.filter((id) => open.has(id)).length;
    assert.equal(standing + view.waiting, lines.length);
    if (!isFrozen) assert.equal(view.waiting, 0);
    for (const line of lines)
      if (line.level === 1 && !line.holder) assert.ok(shown.includes(line.id));
  }
});

test("F2 takes the worst that has been raised, before one that its wearer may still cancel", () => {
  const counting = emergency({ state: "pending", raisedAt: at(0) });
  const raised = important({ raisedAt: at(5) });
  assert.equal(nextToClaim([counting, raised]).id, raised.id);
  assert.equal(nextToClaim([counting, claimedBy("lina"), request()]).id, counting.id);
  assert.equal(nextToClaim([claimedBy("lina"), request()]), undefined);
  assert.equal(nextToClaim([emergency({ purpose: "synthetic" })]), undefined);
});

test("what its holder has laid aside stands apart, counted among hers, until it rings again", () => {
  const shelved = important({ state: "claimed", holder: "me", shelvedUntil: at(1800) });
  const other = request();
  assert.deepEqual(arrange([shelved, other], "all", "me", undefined).list, ids([other]));
  assert.deepEqual(arrange([shelved, other], "shelved", "me", undefined).list, ids([shelved]));
  assert.deepEqual(arrange([shelved, other], "mine", "me", undefined).list, ids([shelved]));
  const back = { ...shelved, shelvedUntil: undefined, acknowledgeBy: at(1830) };
  assert.deepEqual(arrange([back, other], "all", "me", undefined).list, ids([back, other]));
});
