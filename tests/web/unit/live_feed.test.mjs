import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveFeed } from "../../../src/web/kit/live-feed.ts";
import { emergency, important } from "../support/lines.mjs";

const snapshot = (epoch, sequence, lines) =>
  ({ epoch, sequence: String(sequence), snapshot: true, lines });
const changes = (epoch, after, sequence, lines, gone) =>
  ({ epoch, after: String(after), sequence: String(sequence), lines, gone });

test("a page begins with nothing and says so", () => {
  assert.deepEqual(new LiveFeed().hello(), {});
});

test("a snapshot is all there is, changes are put on it, and the page knows where it stands", () => {
  const feed = new LiveFeed();
  const [a, b] = [emergency(), important()];
  assert.equal(feed.take(snapshot("e", 5, [a])), "snapshot");
  assert.equal(feed.take(changes("e", 5, 7, [b])), "changes");
  assert.equal(feed.take(changes("e", 7, 8, [], [a.id])), "changes");
  assert.deepEqual([...feed.lines.keys()], [b.id]);
  assert.deepEqual(feed.hello(), { epoch: "e", after: "8" });
});

test("what happens where she sees nothing moves her place, and what comes next is no gap", () => {
  const feed = new LiveFeed();
  const a = emergency();
  feed.take(snapshot("e", 5, []));
  assert.equal(feed.take(changes("e", 5, 6)), "nothing");
  assert.equal(feed.take(changes("e", 6, 7, [a])), "changes");
  assert.deepEqual([...feed.lines.keys()], [a.id]);
});

test("a beat moves nothing", () => {
  const feed = new LiveFeed();
  feed.take(snapshot("e", 5, [emergency()]));
  assert.equal(feed.take(changes("e", 5, 5)), "nothing");
  assert.equal(feed.lines.size, 1);
});

test("a sequence beyond what numbers can count is compared exactly", () => {
  const feed = new LiveFeed();
  feed.take(snapshot("e", "9007199254740992", []));
  assert.equal(feed.take(changes("e", "9007199254740993", "9007199254740994", [emergency()])), "gap");
});

test("what was missed is a gap: all is asked for, and what stands there stays until it comes", () => {
  const feed = new LiveFeed();
  const a = emergency();
  feed.take(snapshot("e", 5, [a]));
  assert.equal(feed.take(changes("e", 6, 7, [important()])), "gap");
  assert.deepEqual(feed.hello(), {});
  assert.deepEqual([...feed.lines.keys()], [a.id]);
  assert.equal(feed.take(changes("e", 7, 8, [important()])), "waiting");
  const b = important();
  assert.equal(feed.take(snapshot("e", 8, [b])), "snapshot");
  assert.deepEqual([...feed.lines.keys()], [b.id]);
});

test("a snapshot that doesn't come is asked for again", () => {
  const feed = new LiveFeed();
  feed.take(snapshot("e", 5, []));
  const taken = Array.from({ length: 11 }, (_, n) => feed.take(changes("e", 10 + n, 11 + n)));
  assert.equal(taken.filter((each) => each === "gap").length, 3);
});

test("another server's sequence means nothing to us", () => {
  const feed = new LiveFeed();
  feed.take(snapshot("e", 5, []));
  assert.equal(feed.take(changes("f", 5, 6, [emergency()])), "gap");
});

test("the same changes once more do no harm", () => {
  const feed = new LiveFeed();
  const a = emergency();
  feed.take(snapshot("e", 5, [a]));
  feed.take(changes("e", 5, 6, [], [a.id]));
  assert.equal(feed.take(changes("e", 5, 6, [a])), "nothing");
  assert.equal(feed.lines.size, 0);
});

test("a line that comes closed, with its outcome, is no longer open", () => {
  const feed = new LiveFeed();
  const a = emergency();
  feed.take(snapshot("e", 1, [a]));
  feed.take(changes("e", 1, 2, [{ ...a, state: "closed", outcome: "helped" }]));
  assert.equal(feed.lines.size, 0);
});

test("a page that joins later gets what the worker has", () => {
  const feed = new LiveFeed();
  const a = emergency();
  feed.take(snapshot("e", 3, [a]));
  const late = new LiveFeed();
  assert.equal(late.take(feed.snapshot()), "snapshot");
  assert.deepEqual([...late.lines.keys()], [a.id]);
  assert.deepEqual(late.hello(), feed.hello());
});

// The house as the contract has it: what a page at `after` lacks, as one update.
class House {
  #changed = new Map();
  lines = new Map();
  sequence = 0n;
  epoch = "e1";

  change(line, isGone) {
    this.sequence += 1n;
    this.#changed.set(line.id, this.sequence);
    if (isGone) this.lines.delete(line.id);
    else this.lines.set(line.id, line);
  }
  restart() {
    this.epoch += "x";
    this.sequence = 0n;
    this.#changed.clear();
  }
  since({ epoch, after = "0" }) {
    if (epoch !== this.epoch) return snapshot(this.epoch, this.sequence, [...this.lines.values()]);
    const lines = [];
    const gone = [];
    for (const [id, when] of this.#changed)
      if (when > BigInt(after))
        this.lines.has(id) ? lines.push(this.lines.get(id)) : gone.push(id);
    return changes(this.epoch, after, this.sequence, lines, gone);
  }
}

test("updates lost, doubled and a server that starts anew: in the end the page is the house", () => {
  let seed = 11;
  const dice = (n) => (seed = (seed * 48271) % 2147483647) % n;
  const house = new House();
  const feed = new LiveFeed();
  let place = {}; // where the server believes that the page stands
  const tell = (isLost) => {
    const update = house.since(place);
    place = { epoch: update.epoch, after: update.sequence };
    if (isLost) return;
    if (feed.take(update) === "gap") place = {};
    if (dice(5) === 0) feed.take(update);
  };
  for (let step = 0; step < 20_000; ++step) {
    const known = [...house.lines.values()];
    if (known.length < 5 || dice(3) > 0) house.change(emergency(), false);
    else house.change(known[dice(known.length)], dice(2) === 0);
    if (dice(500) === 0) house.restart();
    if (dice(2) === 0) tell(dice(10) === 0);
    if (house.lines.size > 60) for (const each of known.slice(0, 40)) house.change(each, true);
  }
  for (let beat = 0; beat < 12; ++beat) tell(false);
  assert.deepEqual([...feed.lines.keys()].sort(), [...house.lines.keys()].sort());
});
