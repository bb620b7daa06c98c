// What a worker says goes out in order, once, however often the network breaks; and his page offers
// the step that is next.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox, pageShelf } from "../../../src/web/m/outbox.ts";
import { deviceIn, installStep, isWaiting, missingOf, newId, proofsOf } from "../../../src/web/m/proofs.ts";
import { mayName, namedWith, nextStep, stageOf, stageWith, troublesOf } from "../../../src/web/m/steps.ts";

const step = (id, kind = "REPLY_KIND_EN_ROUTE") =>
  ({ offer: "o1", reply: { replyId: id, offerId: "o1", kind } });
const photo = (id) => ({ offer: "o1", proof: { proofId: id, kind: "photo", picture: "/9j/" } });
const code = (id) => ({ offer: "o1", proof: { proofId: id, kind: "code", code: "4711" } });
const idOf = (what) => what.reply?.replyId ?? what.proof?.proofId ?? what.sos?.sosId;

// A house that hears what it is sent while it is there.
class House {
  heard = [];
  isThere = true;
  refuses = new Map(); // reply id → code
  send = async (what) => {
    if (!this.isThere) return { kind: "later" };
    this.heard.push(idOf(what));
    const code = this.refuses.get(idOf(what));
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
    await outbox.say(step(`r${i}`));
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
  await before.say(step("r1"));
  await before.say(step("r2"));
  house.isThere = true;
  const after = new Outbox(shelf, house.send);
  await after.open();
  await after.say(step("r3"));
  await after.flush();
  assert.deepEqual(house.heard, ["r1", "r2", "r3"]);
});

test("what the house refuses is told, and keeps nothing behind it waiting", async () => {
  const house = new House();
  house.refuses.set("r1", "out_of_turn");
  const outbox = new Outbox(pageShelf(), house.send);
  const told = [];
  outbox.refused = (what, code) => told.push([idOf(what), code]);
  await outbox.open();
  await outbox.say(step("r1"));
  await outbox.say(step("r2"));
  await outbox.flush();
  assert.deepEqual(told, [["r1", "out_of_turn"]]);
  assert.deepEqual(house.heard, ["r1", "r2"]);
});

test("a house that goes away in the middle hears the rest later, and nothing twice", async () => {
  const house = new House();
  const outbox = new Outbox(pageShelf(), async (what) => {
    const verdict = await house.send(what);
    if (idOf(what) === "r1") house.isThere = false;
    return verdict;
  });
  await outbox.open();
  for (const id of ["r0", "r1", "r2", "r3"]) await outbox.say(step(id));
  await outbox.flush();
  assert.deepEqual(house.heard, ["r0", "r1"]);
  house.isThere = true;
  await outbox.flush();
  assert.deepEqual(house.heard, ["r0", "r1", "r2", "r3"]);
});

test("a call for help waits behind nothing, and no step behind a picture", async () => {
  const house = new House();
  const pictures = [];
  let letThrough = () => undefined;
  const outbox = new Outbox(pageShelf(), async (what) => {
    if (!what.proof?.picture) return house.send(what);
    pictures.push(idOf(what));
    await new Promise((done) => (letThrough = done)); // a slow line
    return { kind: "taken" };
  });
  await outbox.open();
  await outbox.say(photo("p1"));
  await outbox.say(photo("p2"));
  await outbox.say(step("r1"));
  await outbox.say(code("c1"));
  await outbox.say({ offer: "", sos: { sosId: "s1" } });
  const flushed = outbox.flush();
  await new Promise((done) => setImmediate(done));
  assert.deepEqual(house.heard.sort(), ["c1", "r1", "s1"]);
  assert.deepEqual(pictures, ["p1"], "one picture at a time, in their order");
  letThrough();
  await new Promise((done) => setImmediate(done));
  assert.deepEqual(pictures, ["p1", "p2"]);
  letThrough();
  await flushed;
  assert.equal(outbox.waiting.length, 0);
});

test("what is said at once has its place in the order in which it was begun", async () => {
  const house = new House();
  const slow = { ...pageShelf(), put: () => new Promise((done) => setTimeout(done, 1)) };
  const outbox = new Outbox(slow, house.send);
  await outbox.open();
  await Promise.all([outbox.say(step("r1")), outbox.say(step("r2")), outbox.say(step("r3"))]);
  assert.deepEqual(outbox.waiting.map(idOf), ["r1", "r2", "r3"]);
  const orders = outbox.waiting.map((each) => each.order);
  assert.deepEqual([...new Set(orders)].sort((a, b) => a - b), orders, "each a place of its own");
});

test("a telephone whose disk is full still says what is said", async () => {
  const house = new House();
  const full = { ...pageShelf(), put: async () => { throw new Error("QuotaExceededError"); } };
  const outbox = new Outbox(full, house.send);
  await outbox.open();
  await outbox.say(photo("p1"));
  await outbox.flush();
  assert.deepEqual(house.heard, ["p1"]);
});

// ------------------------------------------------------------------ before the satellite has answered

const soon = async () => { for (let n = 0; n < 20; ++n) await new Promise((done) => setImmediate(done)); };
const here = { latitude: 36.055, longitude: 103.85, accuracyM: 9 };

test("arrived, and the page is closed before the telephone knows where it is: the house hears it once", async () => {
  const house = new House();
  const shelf = pageShelf();
  const closed = new Outbox(shelf, house.send);
  await closed.open();
  await closed.say(step("r1", "REPLY_KIND_ARRIVED"), new Promise(() => undefined)); // no satellite
  void closed.flush();
  await soon();
  assert.deepEqual(house.heard, [], "its place may come in a moment");
  assert.deepEqual((await shelf.all()).map(idOf), ["r1"], "on disk at once");
  const opened = new Outbox(shelf, house.send);
  await opened.open();
  await opened.flush();
  assert.deepEqual(house.heard, ["r1"]);
  assert.deepEqual(await shelf.all(), []);
});

test("a place that comes in time goes out with the word, and is on disk with it", async () => {
  const heard = [];
  const shelf = pageShelf();
  let isThere = false;
  const outbox = new Outbox(shelf, async (what) => (isThere ? (heard.push(what), { kind: "taken" }) : { kind: "later" }));
  await outbox.open();
  const places = [];
  const place = () => new Promise((done, fail) => places.push({ done, fail }));
  await outbox.say(step("r1", "REPLY_KIND_ARRIVED"), place());
  await outbox.say(photo("p1"), place());
  await outbox.say({ offer: "", sos: { sosId: "s1" } }, place());
  await outbox.say(step("r2"), place());
  const flushed = outbox.flush();
  for (const each of places.slice(0, 3)) each.done(here);
  places[3].fail(new Error("no satellite"));
  await flushed;
  assert.deepEqual((await shelf.all()).slice(0, 3).map((each) => (each.reply ?? each.proof ?? each.sos).position), [here, here, here]);
  isThere = true;
  await outbox.flush();
  assert.deepEqual(heard.map(idOf).sort(), ["p1", "r1", "r2", "s1"]);
  assert.equal(heard.find((each) => idOf(each) === "r2").reply.position, undefined, "and without one all the same");
  assert.deepEqual(await shelf.all(), [], "nothing is put down again behind what has gone");
});

// ------------------------------------------------------------------ a picture and its visit

test("a picture waits for what was said before it of its visit, and for nothing else", async () => {
  const heard = [];
  let hears = (what) => !what.reply;
  const outbox = new Outbox(pageShelf(), async (what) => {
    if (!hears(what)) return { kind: "later" };
    heard.push(idOf(what));
    return { kind: "taken" };
  });
  const ofAnother = (what) => ({ ...what, offer: "o2" });
  await outbox.open();
  await outbox.say(step("r1", "REPLY_KIND_ARRIVED"));
  await outbox.say(photo("p1"));
  await outbox.say(ofAnother(photo("p2")));
  await outbox.say(ofAnother(step("r2", "REPLY_KIND_COMPLETED")));
  await outbox.flush();
  assert.deepEqual(heard, ["p2"], "the house doesn't know that he is there");
  hears = () => true;
  await outbox.flush();
  assert.deepEqual(heard, ["p2", "r1", "r2", "p1"]);
});

test("whoever has said a step waits for no picture", async () => {
  const house = new House();
  let letThrough = () => undefined;
  const outbox = new Outbox(pageShelf(), async (what) => {
    if (!what.proof) return house.send(what);
    await new Promise((done) => (letThrough = done)); // a slow line
    return { kind: "taken" };
  });
  await outbox.open();
  await outbox.say(photo("p1"));
  void outbox.flush();
  await outbox.say(step("r1"));
  await outbox.flushWords();
  assert.deepEqual(house.heard, ["r1"]);
  assert.deepEqual(outbox.waiting.map(idOf), ["p1"]);
  letThrough();
  await outbox.flush();
  assert.equal(outbox.waiting.length, 0);
});

test("a picture whose word was refused goes out all the same: the house may know better", async () => {
  const house = new House();
  house.refuses.set("r1", "out_of_turn");
  const outbox = new Outbox(pageShelf(), house.send);
  await outbox.open();
  await outbox.say(step("r1", "REPLY_KIND_ARRIVED"));
  await outbox.say(photo("p1"));
  await outbox.flush();
  assert.deepEqual(house.heard, ["r1", "p1"]);
});

// ------------------------------------------------------------------ a telephone that is handed on

const wang = { user: "wang", name: "王芳" };
const li = { user: "li", name: "李娜" };

async function pageOf(whose, shelf, house) {
  const outbox = new Outbox(shelf, house.send);
  await outbox.open();
  if (whose) await outbox.isOf(whose);
  return outbox;
}

test("what Wang said without a network is not sent as Li's, and goes out when Wang is back", async () => {
  const house = new House();
  const shelf = pageShelf();
  house.isThere = false;
  const hers = await pageOf(wang, shelf, house);
  await hers.say(step("r1", "REPLY_KIND_ARRIVED"));
  await hers.say(photo("p1"));
  await hers.say({ offer: "", sos: { sosId: "s1" } });
  await hers.flush();
  house.isThere = true;
  const lis = await pageOf(li, shelf, house);
  await lis.say(step("r2"));
  await lis.flush();
  assert.deepEqual(house.heard, ["r2"]);
  assert.equal(lis.waiting.length, 0, "none of them is hers");
  assert.deepEqual(lis.others.map((each) => [each.user, each.name, idOf(each)]),
    [["wang", "王芳", "r1"], ["wang", "王芳", "p1"], ["wang", "王芳", "s1"]]);
  assert.ok(!lis.callsForHelp);
  const again = await pageOf(wang, shelf, house);
  assert.ok(again.callsForHelp);
  await again.flush();
  assert.deepEqual(house.heard.slice(1).sort(), ["p1", "r1", "s1"]);
  assert.deepEqual(await shelf.all(), []);
});

test("before it is known who has signed in, nothing of yesterday goes out, and a call for help that is made now does", async () => {
  const house = new House();
  const shelf = pageShelf();
  house.isThere = false;
  const before = await pageOf(wang, shelf, house);
  await before.say(step("r1"));
  house.isThere = true;
  const page = await pageOf(undefined, shelf, house);
  await page.say({ offer: "", sos: { sosId: "s1" } });
  await page.flush();
  assert.deepEqual(house.heard, ["s1"]);
  assert.deepEqual(page.others, [], "it is not known whose they are");
  await page.isOf(wang);
  await page.flush();
  assert.deepEqual(house.heard, ["s1", "r1"]);
});

test("what was said before that was known is of who it turns out to be", async () => {
  const house = new House();
  const shelf = pageShelf();
  house.isThere = false;
  const page = await pageOf(undefined, shelf, house);
  await page.say(step("r1"));
  await page.isOf(wang);
  assert.deepEqual((await shelf.all()).map((each) => each.user), ["wang"]);
});

test("a wrong code is told, and is no refusal", async () => {
  const outbox = new Outbox(pageShelf(), async () => ({ kind: "taken", isWrong: true }));
  const told = [];
  outbox.taken = (what, isWrong) => told.push([idOf(what), isWrong]);
  await outbox.open();
  await outbox.say(code("c1"));
  await outbox.flush();
  assert.deepEqual(told, [["c1", true]]);
});

// ------------------------------------------------------------------ proof

test("what is missing is a photo, and the resident's word by code or by hand", () => {
  const given = (...kinds) => kinds.map((kind) => ({ kind, note: "", state: "kept" }));
  assert.deepEqual(missingOf([]), ["photo", "confirmation"]);
  assert.deepEqual(missingOf(given("photo")), ["confirmation"]);
  assert.deepEqual(missingOf(given("photo", "code")), []);
  assert.deepEqual(missingOf(given("signature")), ["photo"]);
  assert.deepEqual(missingOf([{ kind: "code", note: "", state: "wrong" }]), ["photo", "confirmation"]);
  assert.deepEqual(missingOf([{ kind: "photo", note: "", state: "waiting" }]), ["confirmation"]);
});

test("what the house keeps and what waits here are shown together", () => {
  const own = { proofs: [{ kind: "photo", holds: true }, { kind: "code", note: "" }] };
  assert.deepEqual(proofsOf(own, [{ kind: "signature" }]).map((each) => [each.kind, each.state]),
    [["photo", "kept"], ["code", "wrong"], ["signature", "waiting"]]);
});

test("an installation goes on step by step, and its last one is the desk's", () => {
  const given = [];
  const next = (heard) => installStep({ heard }, given);
  for (const kind of ["bound", "consent", "door_photo", "contact"]) {
    assert.equal(next(false), kind);
    given.push({ kind, note: "x", state: "waiting" });
  }
  assert.equal(next(false), "press");
  assert.equal(next(true), undefined);
  assert.equal(installStep({}, [{ kind: "bound", note: "w2", state: "wrong" }]), "bound");
});

test("a device waits for the house's answer until it was taken or refused", () => {
  const bound = (state, note = "w1") => ({ kind: "bound", note, state });
  for (const [given, waits] of [[[], false], [[bound("waiting")], true], [[bound("kept")], false],
    [[bound("wrong")], false], [[bound("wrong", "w9"), bound("waiting")], true],
    [[bound("waiting"), bound("kept")], false], [[{ kind: "consent", note: "", state: "waiting" }], false]])
    assert.equal(isWaiting(given, "bound"), waits, JSON.stringify(given));
});

test("a device is known by its id, or by an address that ends in it", () => {
  assert.equal(deviceIn(" w-1.2_3 "), "w-1.2_3");
  assert.equal(deviceIn("https://maker.example/d?id=BOX000123"), "BOX000123");
  assert.equal(deviceIn("https://maker.example/d/BOX000123/"), "BOX000123");
  for (const none of ["", "  ", "王", "a b", "x".repeat(65)]) assert.equal(deviceIn(none), "", none);
});

test("an id of his is a UUID, and none is like another", () => {
  const all = new Set(Array.from({ length: 100 }, newId));
  assert.equal(all.size, 100);
  for (const id of all)
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});

// ------------------------------------------------------------------ steps

const own = (state, orderState) => ({ offer: { offerId: "o1", state }, orderState });
const held = (orderState) => own("OFFER_STATE_ACCEPTED", orderState);
// As the house tells it when the desk closes or cancels while he is on his way.
const takenFromHim = { ...own("OFFER_STATE_WITHDRAWN", "stood_down"), dueAt: "2026-11-30T12:00:00Z" };

test("each stage has its next step, up to the end", () => {
  const way = ["accepted", "en_route", "arrived", "in_service"].map((state) =>
    nextStep[stageOf(held(state))]?.kind);
  assert.deepEqual(way, ["REPLY_KIND_EN_ROUTE", "REPLY_KIND_ARRIVED", "REPLY_KIND_STARTED",
    "REPLY_KIND_COMPLETED"]);
  assert.equal(nextStep[stageOf(held("completed"))], undefined);
  assert.equal(nextStep[stageOf(takenFromHim)]?.kind, "REPLY_KIND_STOOD_DOWN");
});

test("that he has turned round is asked of who held it until he says so, and of nobody who had it before", () => {
  assert.equal(stageWith(takenFromHim, ["REPLY_KIND_STOOD_DOWN"]), "over");
  assert.equal(stageOf({ ...takenFromHim, dueAt: undefined }), "over");
  assert.equal(stageWith(takenFromHim, ["REPLY_KIND_EN_ROUTE", "REPLY_KIND_ARRIVED"]), "recalled",
    "what he said before he knew sends him no further");
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

test("a company says who goes while it is asked itself, and until he sets out", () => {
  const toTheCompany = { offer: { state: "OFFER_STATE_OPEN" } };
  assert.ok(mayName(toTheCompany, "offered"));
  assert.ok(!mayName({ ...toTheCompany, worker: "k1" }, "offered"), "he was asked by name");
  assert.ok(mayName({ ...toTheCompany, worker: "k1" }, "accepted"), "it may think better of it");
  for (const stage of ["en_route", "arrived", "no_access", "in_service", "completed", "recalled", "over"])
    assert.ok(!mayName(toTheCompany, stage), stage);
});

test("whom a company has named goes, though the house hasn't heard it; the last one said counts", () => {
  const own = { worker: "k1", workerName: "钱师傅", orderState: "accepted" };
  const names = new Map([["k2", "孙师傅"]]);
  const goes = (...said) => namedWith(own, said, names);
  assert.equal(goes({ kind: "REPLY_KIND_EN_ROUTE" }), own);
  assert.deepEqual(goes({ worker: "k3" }, { worker: "k2" }, {}), { ...own, worker: "k2", workerName: "孙师傅" });
  assert.deepEqual(goes({ worker: "k3" }), { ...own, worker: "k3", workerName: "" }, "a page that was loaded anew");
  assert.equal(goes({ worker: "k2" }, { worker: "k1" }), own);
});
