// The worker's page at a telephone's width: an offer is answered, a visit is stepped through, and
// what is said without a network arrives later, in order and once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, Stage } from "../support/stage.mjs";

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const worker = { user: "qian", name: "钱师傅", role: "worker", area: "620102", provider: "p1",
  worker: "k1", may: ["see_own_offers", "reply_own"] };
const inSeconds = (n) => new Date(Date.now() + n * 1000).toISOString();

function offered(changes = {}) {
  return { orderState: "offered", worker: "k1", workerName: "钱师傅", offer: {
    offerId: "0192a0b0-0000-7000-8000-000000000001", version: 1, state: "OFFER_STATE_OPEN",
    orderNumber: "620102-1128-7", service: "emergency_attendance", priority: 1,
    openedAt: inSeconds(-5), expiresAt: inSeconds(300), roughPlace: "南河街12号", distanceM: 820,
    ...changes } };
}

function held(orderState) {
  return { ...offered({ state: "OFFER_STATE_ACCEPTED", version: 2, visit: {
    name: "王秀兰", door: "3 单元 501", notes: "左耳背,请大声", phone: "13912348888",
    flags: ["dog"], position: { latitude: 36.055, longitude: 103.85 } } }),
    orderState, dueAt: inSeconds(170) };
}

// What the house makes of a reply.
const stateAfter = { REPLY_KIND_ACCEPT: "accepted", REPLY_KIND_EN_ROUTE: "en_route",
  REPLY_KIND_ARRIVED: "arrived", REPLY_KIND_STARTED: "in_service",
  REPLY_KIND_COMPLETED: "completed" };

async function onPhone(own, act, options = {}) {
  const stage = await Stage.open(browser, { viewport: { width: 390, height: 844 }, hasTouch: true,
    permissions: ["geolocation"], geolocation: { latitude: 36.055, longitude: 103.85 }, ...options });
  stage.session = worker;
  stage.own = own;
  stage.onReply = ({ kind }) => {
    if (stateAfter[kind]) stage.own = [held(stateAfter[kind])];
  };
  try {
    await stage.page.goto("https://linli.test/m");
    await stage.page.waitForSelector(".link.online");
    return await act(stage, stage.page);
  } finally {
    await stage.close();
  }
}

for (const language of ["zh-CN", "en"])
  for (const [state, own] of [["an offer", [offered()]], ["a visit", [held("en_route")]],
    ["nothing", []], ["a recall", [held("stood_down")]]])
    test(`axe finds nothing wrong with ${state} in ${language}`, () =>
      onPhone(own, async (stage) => {
        assert.deepEqual(await stage.accessibilityFaults(), []);
        assert.deepEqual(stage.faults, []);
        assert.deepEqual(stage.outside, []);
      }, { language }));

test("an offer names the street and no door; the door comes with the accept", () =>
  onPhone([offered()], async (stage, page) => {
    await page.waitForSelector(".offer");
    assert.doesNotMatch(await page.textContent("main"), /501|王秀兰|139/);
    await page.click(".offer button.main");
    await page.waitForSelector(".visit");
    assert.match(await page.textContent(".visit"), /王秀兰[\s\S]*3 单元 501/);
    assert.deepEqual(stage.replies, ["REPLY_KIND_ACCEPT"]);
  }));

test("a refusal asks why, and says it", () =>
  onPhone([offered()], async (stage, page) => {
    await page.click(".offer .choices button:first-child");
    await page.click(".reasons button:nth-of-type(2)");
    await stage.until(() => stage.replies.length === 1);
    const said = stage.calls.find((each) => each.path.endsWith("/replies")).body;
    assert.equal(said.kind, "REPLY_KIND_DECLINE");
    assert.ok(said.reason);
  }));

test("steps without a network arrive in order, once, each with its time", () =>
  onPhone([held("accepted")], async (stage, page) => {
    await page.waitForSelector(".visit");
    stage.hearsReplies = false;
    for (const shown of [1, 2, 3]) {
      await page.click("button.huge");
      await page.waitForSelector(`.way .done >> nth=${shown}`, { timeout: 20_000 });
    }
    assert.match(await page.textContent("header"), /3/);
    assert.deepEqual(stage.replies, []);
    stage.hearsReplies = true;
    await stage.until(() => stage.replies.length === 3, 20_000);
    assert.deepEqual(stage.replies,
      ["REPLY_KIND_EN_ROUTE", "REPLY_KIND_ARRIVED", "REPLY_KIND_STARTED"]);
    const taken = stage.calls.filter((each) => each.path.endsWith("/replies"));
    const ids = new Set(taken.map((each) => each.body.replyId));
    assert.equal(ids.size, 3, "each try of one step has the same id");
    for (const each of taken) assert.equal(each.key, each.body.replyId);
    const times = taken.slice(-3).map((each) => Date.parse(each.body.happenedAt));
    assert.deepEqual([...times].sort((a, b) => a - b), times);
  }));

test("what was withdrawn while he was on his way tells him to turn round", () =>
  onPhone([held("en_route")], async (stage, page) => {
    await page.waitForSelector(".visit");
    stage.own = [offered({ state: "OFFER_STATE_WITHDRAWN", version: 3,
      withdrawnBecause: "no_show" })];
    await page.waitForSelector(".recalled");
    assert.equal(await page.locator(".visit").count(), 0);
  }));

test("an offer whose lease has ended is no longer promised", () =>
  onPhone([offered({ expiresAt: inSeconds(3) })], async (stage, page) => {
    await page.waitForSelector(".offer");
    await page.waitForSelector(".offer", { state: "detached", timeout: 8000 });
    assert.deepEqual(stage.replies, []);
  }));
