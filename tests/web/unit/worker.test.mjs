// What a worker says goes out in order, once, however often the network breaks; and his page offers
// the step that is next.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox, pageShelf } from "../../../src/web/m/outbox.ts";
import { nextStep, stageOf, stageWith, troublesOf } from "../../../src/web/m/steps.ts";

const reply = (id, kind = "REPLY_KIND_EN_ROUTE") => ({ replyId: id, offerId: "o1", kind });

// A house that hears what it is sent while it is there.
class House {
  heard = [];
  isThere = true;
  refuses = new Map(); // reply id → code
  send = async (what) => {
    if (!this.isThere) return { kind: "later" };
    this.heard.push(what.reply.replyId);
    const code = this.refuses.get(what.reply.replyId);
    return code ? { kind: "refused", code } : { kind: "taken" };
  };
}

test("ten steps without a network arrive once, in the order in which they were said", async () => {
  const house = new House();
  const shelf = pageShelf();
  house.isThere = false;
  const outbox = new Outbox(shelf, house.send);
  await outbox.open();
  for (let i = 0; i < 10; ++i) {
    await outbox.say("o1", reply(`r${i}`));
    await outbox.flush();
  }
  assert.equal(outbox.waiting.length, 10);
  house.isThere = true;
  await Promise.all([outbox.flush(), outbox.flush(), outbox.flush()]);
  assert.deepEqual(house.heard, Array.from({ length: 10 }, (_, i) => `r${i}`));
  assert.equal(outbox.waiting.length, 0);
  assert.deepEqual(await shelf.all(), []);
});

test("what was said outlives the page", async () => {
  const house = new House();
  const shelf = pageShelf();
  house.isThere = false;
  const before = new Outbox(shelf, house.send);
  await before.open();
  await before.say("o1", reply("r1"));
  await before.say("o1", reply("r2"));
  house.isThere = true;
  const after = new Outbox(shelf, house.send);
  await after.open();
  await after.say("o1", reply("r3"));
  await after.flush();
  assert.deepEqual(house.heard, ["r1", "r2", "r3"]);
});

test("what the house refuses is told, and keeps nothing behind it waiting", async () => {
  const house = new House();
  house.refuses.set("r1", "out_of_turn");
  const outbox = new Outbox(pageShelf(), house.send);
  const told = [];
  outbox.refused = (what, code) => told.push([what.reply.replyId, code]);
  await outbox.open();
  await outbox.say("o1", reply("r1"));
  await outbox.say("o1", reply("r2"));
  await outbox.flush();
  assert.deepEqual(told, [["r1", "out_of_turn"]]);
  assert.deepEqual(house.heard, ["r1", "r2"]);
});

test("a house that goes away in the middle hears the rest later, and nothing twice", async () => {
  const house = new House();
  const outbox = new Outbox(pageShelf(), async (what) => {
    const verdict = await house.send(what);
    if (what.reply.replyId === "r1") house.isThere = false;
    return verdict;
  });
  await outbox.open();
  for (const id of ["r0", "r1", "r2", "r3"]) await outbox.say("o1", reply(id));
  await outbox.flush();
  assert.deepEqual(house.heard, ["r0", "r1"]);
  house.isThere = true;
  await outbox.flush();
  assert.deepEqual(house.heard, ["r0", "r1", "r2", "r3"]);
});

// ------------------------------------------------------------------ steps

const own = (state, orderState) => ({ offer: { offerId: "o1", state }, orderState });
const held = (orderState) => own("OFFER_STATE_ACCEPTED", orderState);

test("each stage has its next step, up to the end", () => {
  const way = ["accepted", "en_route", "arrived", "in_service"].map((state) =>
    nextStep[stageOf(held(state))]?.kind);
  assert.deepEqual(way, ["REPLY_KIND_EN_ROUTE", "REPLY_KIND_ARRIVED", "REPLY_KIND_STARTED",
    "REPLY_KIND_COMPLETED"]);
  assert.equal(nextStep[stageOf(held("completed"))], undefined);
  assert.equal(nextStep[stageOf(held("stood_down"))]?.kind, "REPLY_KIND_STOOD_DOWN");
});

test("an offer is answered, not stepped through; an ended one is nothing to him", () => {
  assert.equal(stageOf(own("OFFER_STATE_OPEN", "offered")), "offered");
  for (const state of ["OFFER_STATE_EXPIRED", "OFFER_STATE_DECLINED", "OFFER_STATE_WITHDRAWN"])
    assert.equal(stageOf(own(state, "offered")), "over");
});

test("what waits to be sent is shown as done", () => {
  const said = ["REPLY_KIND_EN_ROUTE", "REPLY_KIND_ARRIVED", "REPLY_KIND_STARTED"];
  assert.equal(stageWith(held("accepted"), said), "in_service");
  assert.equal(stageWith(own("OFFER_STATE_OPEN", "offered"), ["REPLY_KIND_DECLINE"]), "over");
});

test("trouble can be told from the acceptance to the end, and not before or after", () => {
  for (const stage of ["accepted", "en_route", "arrived", "no_access", "in_service"])
    assert.ok(troublesOf(stage).length > 0, stage);
  for (const stage of ["offered", "completed", "over", "recalled"])
    assert.equal(troublesOf(stage).length, 0, stage);
});
