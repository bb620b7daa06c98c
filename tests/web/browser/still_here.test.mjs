// Field-rules 24: at night whoever has touched nothing for half an hour is asked whether she is there.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { claimedBy, emergency } from "../support/lines.mjs";
import { openBrowser, Stage } from "../support/stage.mjs";

const halfAnHour = 30 * 60_000;
let browser;
let stage;
let page;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());
beforeEach(async () => {
  stage = await Stage.open(browser);
  page = stage.page;
  stage.atNight();
  await stage.clockCanBePutOn();
});
afterEach(async () => {
  const { faults } = stage;
  await stage.close();
  assert.deepEqual(faults, []);
});

const recent = () => emergency({ raisedAt: new Date(Date.now() + stage.ahead).toISOString() });
const awayTold = () => stage.of("duty").filter((each) => each.body.away).length;

async function onDuty() {
  await stage.console();
  await stage.goOnDuty();
}

test("any key answers, and half an hour later it is asked again", async () => {
  await onDuty();
  await stage.later(halfAnHour);
  await page.waitForSelector(".awake-bar:has-text('还在吗')");
  await stage.until(async () => /还在吗/.test(await page.textContent("#alert")));
  await page.keyboard.press("Shift");
  await page.waitForSelector(".awake-bar", { state: "detached" });
  await stage.later(halfAnHour);
  await page.waitForSelector(".awake-bar");
  assert.equal(awayTold(), 0);
});

test("no answer: the house is told though she holds work, and no receipt of hers counts any more", async () => {
  await onDuty();
  stage.tell([claimedBy("zhangmin")]);
  await stage.later(halfAnHour);
  await page.waitForSelector(".awake-bar");
  await stage.later(61_000);
  await page.waitForSelector(".sound-bar:has-text('已记为离岗')");
  await stage.until(() => awayTold() === 1);
  const call = recent();
  stage.tell([call]);
  await stage.row(call).waitFor();
  await page.keyboard.press("Shift");
  const second = recent();
  stage.tell([second]);
  await stage.row(second).waitFor();
  await stage.settled();
  assert.deepEqual(stage.painted, [], "a touch alone is nobody");
  await page.click(".sound-bar button:has-text('我回来了')");
  await page.waitForSelector(".sound-bar", { state: "detached" });
  assert.deepEqual(stage.of("duty").slice(-1)[0].body, { onDuty: true });
  await stage.until(() => stage.painted.includes(call.id));
});

test("put away by one tab she is so in all of them", async () => {
  await onDuty();
  const other = await stage.addPage();
  await other.goto("https://linli.test/console");
  await other.locator(".top button", { hasText: "离岗" }).waitFor();
  await stage.later(halfAnHour);
  await page.waitForSelector(".awake-bar");
  await stage.later(61_000);
  await page.waitForSelector(".sound-bar:has-text('已记为离岗')");
  await other.waitForSelector(".sound-bar:has-text('尚未上岗')");
});

test("the house that can't be reached is told as soon as it can", async () => {
  await onDuty();
  stage.answers.set("POST /v1/session/duty", { status: 503, body: { code: "away" } });
  await stage.later(halfAnHour);
  await page.waitForSelector(".awake-bar");
  await stage.later(61_000);
  await stage.until(() => awayTold() === 2, 10_000);
});

test("by day nobody is asked", async () => {
  stage.ahead += 8 * 3600_000; // 10:00
  await onDuty();
  await stage.later(halfAnHour);
  await page.evaluate(() => new Promise((done) => setTimeout(done, 600))); // it has looked by then
  assert.equal(await page.locator(".awake-bar").count(), 0);
});

test("a lost seat is said and amber: somebody must look after what she holds", async () => {
  const lost = claimedBy("lina", { holderName: "李娜", holderAway: true });
  stage.add(lost, claimedBy("zhao", { holderName: "赵敏" }));
  await stage.console();
  assert.match(await stage.row(lost).textContent(), /受理人不在岗/);
  assert.match(await stage.row(lost).getAttribute("aria-label"), /受理人不在岗/);
  assert.equal(await page.locator(".tag.lost").count(), 1);
  stage.tell([{ ...lost, holderAway: false }]);
  await page.waitForSelector(".tag.lost", { state: "detached" });
});
