// What is no emergency may be laid aside by its holder, for half an hour at most and with a reason.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { claimedBy, important } from "../support/lines.mjs";
import { openBrowser, Stage } from "../support/stage.mjs";

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
});
afterEach(async () => {
  const { faults } = stage;
  await stage.close();
  assert.deepEqual(faults, []);
});

const open = (line) => stage.opens(line);
const hers = (more) => important({ state: "claimed", holder: "zhangmin", holderName: "张敏", ...more });
const inHalfAnHour = () => new Date(Date.now() + 30 * 60_000).toISOString();

test("S, how long, a reason and Ctrl+Enter lay it aside; without a reason nothing is", async () => {
  await open(hers());
  await page.keyboard.press("s");
  await page.check("input[name=minutes] >> nth=3");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector("#form-wrong");
  assert.equal(stage.of("shelve").length, 0);
  await page.fill("#words", "老人在理发，四点回来");
  await page.keyboard.press("Control+Enter");
  await stage.until(() => stage.of("shelve").length === 1);
  assert.deepEqual(stage.of("shelve")[0].body, { minutes: 30, text: "老人在理发，四点回来" });
});

test("it stands apart and says how long; A takes it back", async () => {
  const line = hers({ shelvedUntil: inHalfAnHour() });
  stage.add(important());
  await open(line);
  assert.equal(await stage.row(line).count(), 0, "not among what is to be done now");
  await page.locator(".filters button", { hasText: "搁置" }).click();
  await stage.row(line).waitFor();
  assert.match(await stage.row(line).textContent(), /搁置，剩 (30:00|29:\d\d)/);
  assert.match(await page.textContent(".filters"), /搁置\s*1/);
  await page.focus("#card-region");
  await page.keyboard.press("a");
  await stage.until(() => stage.of("claim").length === 1);
});

test("when its time is over it stands among the others again, and rings her", async () => {
  const line = hers({ shelvedUntil: inHalfAnHour() });
  stage.add(line, important());
  await stage.console();
  stage.tell([{ ...line, shelvedUntil: undefined, version: 2,
    acknowledgeBy: new Date(Date.now() + 30_000).toISOString() }]);
  await stage.row(line).waitFor();
  assert.match(await stage.row(line).textContent(), /再次呼叫/);
});

test("an emergency can't be laid aside", async () => {
  await open(claimedBy("zhangmin"));
  assert.equal(await page.locator(".acts button", { hasText: "搁置" }).count(), 0);
  await page.keyboard.press("s");
  assert.equal(await page.locator("dialog").count(), 0);
});
