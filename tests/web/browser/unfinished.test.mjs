// Whose alert is closed and who hasn't said how his visit ended is seen, and his word is written down.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { emergency } from "../support/lines.mjs";
import { openBrowser, operator, Stage } from "../support/stage.mjs";

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

// An alert that is closed, whose worker k1 is in that state.
function visit(state, more = {}, offers = [{ id: "f1", state: "accepted" }]) {
  const line = emergency({ state: "closed", outcome: "helped", name: "李**" });
  const order = { id: `${line.id}-o`, number: "620102-1", state, version: 7, worker: "k1", provider: "p1",
    service: "emergency_attendance", dueAt: ago(-5), ...more };
  return { visit: { line: { ...line, orders: [order] }, order: order.id, since: ago(35) },
    card: { line: { ...line, orders: [order] }, orders: [{ line: order,
      offers: offers.map((each) => ({ worker: "k1", workerName: "赵刚", provider: "p1", ...each })) }] } };
}
const turningRound = () => visit("stood_down", { reason: "closed:helped" },
  [{ id: "f3", state: "withdrawn", worker: "k2" }, { id: "f2", state: "withdrawn" }]);

async function atTheDesk(all, act, { language, session = {}, ...context } = {}) {
  const stage = await Stage.open(browser, { language, ...context });
  stage.session = { ...operator, ...session };
  stage.unfinished = all.map((each) => each.visit);
  for (const each of all) stage.cards.set(each.visit.line.id, each.card);
  try {
    await stage.console();
    return await act(stage, stage.page);
  } finally {
    await stage.close();
  }
}

test("closed while he is on his way: that he has turned back is written down, and it asks no more", () => {
  const one = turningRound();
  return atTheDesk([one], async (stage, page) => {
    await page.locator(".top button", { hasText: "未了结 1" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector(".unfinished li");
    assert.match(await page.innerText(".unfinished li"), /李\*\*[^]*撤回[^]*起没有消息（35/);
    await page.keyboard.press("Enter"); // the first has the focus
    await page.waitForSelector(".unfinished", { state: "detached" });
    await page.locator(".card-region .order", { hasText: "等他确认已返回" }).waitFor();
    await page.locator(".card-region button", { hasText: "电话代录" }).click();
    await page.waitForSelector("#reply");
    assert.deepEqual(await page.locator("#reply option").allInnerTexts(), ["确认撤回"]);
    stage.unfinished = [];
    one.card.orders[0].line = { ...one.card.orders[0].line, dueAt: undefined };
    await page.keyboard.press("Control+Enter");
    await stage.until(() => stage.of("reply").length === 1);
    const { body } = stage.of("reply")[0];
    assert.equal(body.reply, "stood_down");
    assert.equal(body.offer, "f2", "his own, not that of whoever was asked before him");
    await page.locator(".top button", { hasText: "未了结" }).waitFor({ state: "detached" });
    await page.locator(".card-region button", { hasText: "电话代录" }).waitFor({ state: "detached" });
    assert.deepEqual(stage.faults, []);
  });
});

test("closed while he is inside: he has been missed, and what he says by telephone ends his visit", () => {
  const one = visit("in_service", { reason: "check_in_missed" });
  return atTheDesk([one], async (stage, page) => {
    await page.locator(".top button", { hasText: "未了结 1" }).click();
    await page.waitForSelector(".unfinished li .wrong");
    assert.match(await page.innerText(".unfinished li"), /服务人员未报平安/);
    await page.click(".unfinished li button");
    await page.locator(".card-region button", { hasText: "电话代录" }).click();
    await page.waitForSelector("#reply");
    assert.equal(await page.inputValue("#reply"), "completed", "what he most likely says");
    await page.keyboard.press("Control+Enter");
    await stage.until(() => stage.of("reply").length === 1);
    assert.equal(stage.of("reply")[0].body.reply, "completed");
  });
});

test("a visit for a cause that nobody has arranged is on the list until somebody goes", () => {
  const one = visit("requested", { service: "cause_visit", worker: undefined, provider: undefined }, []);
  return atTheDesk([one], async (stage, page) => {
    await page.locator(".top button", { hasText: "未了结 1" }).click();
    await page.waitForSelector(".unfinished li");
    assert.match(await page.innerText(".unfinished li"), /误报排查/);
    assert.equal(await page.locator(".unfinished li .wrong").count(), 0, "its day isn't over");
  });
});

test("nobody is under way: no button; who may send nobody isn't asked", async () => {
  await atTheDesk([], async (stage, page) => {
    await stage.until(() => stage.of("unfinished").length > 0);
    assert.equal(await page.locator(".top button", { hasText: "未了结" }).count(), 0);
  });
  await atTheDesk([turningRound()], async (stage, page) => {
    await stage.settled();
    assert.equal(await page.locator(".top button", { hasText: "未了结" }).count(), 0);
    assert.equal(stage.of("unfinished").length, 0);
  }, { session: { may: ["see_queue", "see_card"] } });
});

for (const language of ["zh-CN", "en"])
  for (const width of [1366, 390])
    test(`axe finds nothing, nothing runs out: the unfinished visits, ${language}, ${width} px`, () =>
      atTheDesk([turningRound(), visit("in_service", { reason: "check_in_missed" })], async (stage, page) => {
        await page.locator(".top button", { hasText: language === "en" ? "Unfinished" : "未了结" }).click();
        await page.waitForSelector(".unfinished li");
        assert.deepEqual(await stage.accessibilityFaults(), []);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      }, { language, viewport: { width, height: 900 } }));
