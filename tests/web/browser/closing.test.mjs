// Closing can be taken back for five seconds: the page holds it back, and the house, and so everybody
// else, sees the alert as held until then.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { claimedBy, emergency } from "../support/lines.mjs";
import { openBrowser, Stage, wholeCard } from "../support/stage.mjs";

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

const hers = (more) => claimedBy("zhangmin", { holderName: "张敏", ...more });
const closes = () => stage.of("close").length;

async function startsToClose(line, beforeIt = () => undefined) {
  await stage.opens(line);
  await page.keyboard.press("x");
  await page.check("input[value=helped]");
  await page.fill("#words", "女儿已到家");
  await beforeIt();
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector(".closing-bar");
  return line;
}

test("it is said how long it can be taken back; then it is closed, once", async () => {
  await startsToClose(hers({ signals: 2 }));
  assert.match(await page.textContent(".closing-bar"), /王\*\*.*[0-5] 秒后提交/);
  assert.equal(closes(), 0);
  await stage.until(() => closes() === 1, 8000);
  await page.waitForSelector(".closing-bar", { state: "detached" });
  assert.deepEqual(stage.of("close")[0].body, { outcome: "helped", text: "女儿已到家", signals: 2 });
  await page.waitForSelector(".toast:has-text('已结案')");
});

test("Z takes it back: the house hears nothing, and the form has what was written", async () => {
  await stage.clockCanBePutOn();
  await startsToClose(hers());
  await page.keyboard.press("z");
  await page.waitForSelector(".closing-bar", { state: "detached" });
  await page.keyboard.press("x");
  assert.equal(await page.inputValue("#words"), "女儿已到家");
  assert.equal(await page.isChecked("input[value=helped]"), true);
  await page.keyboard.press("Escape");
  await stage.later(6000); // longer than it would have been held
  assert.equal(closes(), 0);
});

test("Z takes back what began with a click, though the button of it is gone", async () => {
  await stage.clockCanBePutOn();
  await stage.opens(hers());
  await page.click(".acts button.grave");
  await page.check("input[value=helped]");
  await page.fill("#words", "女儿已到家");
  await page.click("dialog button.main");
  await page.waitForSelector(".closing-bar");
  await stage.until(() => page.evaluate(() => document.activeElement.id === "card-region"));
  await page.keyboard.press("z");
  await page.waitForSelector(".closing-bar", { state: "detached" });
  await page.keyboard.press("x"); // and so the other letters
  await page.waitForSelector("dialog .outcomes");
  await page.keyboard.press("Escape");
  await stage.later(6000);
  assert.equal(closes(), 0);
});

test("Z takes it back from the top bar, too, where no letter means anything else", async () => {
  await stage.clockCanBePutOn();
  await startsToClose(hers());
  await page.focus(".top button");
  await page.keyboard.press("x");
  await page.keyboard.press("z");
  await page.waitForSelector(".closing-bar", { state: "detached" });
  await stage.later(6000);
  assert.equal(closes(), 0);
  await page.focus(".top button");
  await page.keyboard.press("x");
  await stage.settled();
  assert.equal(await page.locator("dialog").count(), 0);
});

test("so does the button; meanwhile the case can't be closed or handled twice", async () => {
  await startsToClose(hers());
  await page.focus("#card-region");
  await page.keyboard.press("x");
  await page.keyboard.press("h");
  await stage.settled();
  assert.equal(await page.locator("dialog").count(), 0);
  assert.equal(stage.of("handle").length, 0);
  await page.click(".closing-bar button");
  await page.waitForSelector(".closing-bar", { state: "detached" });
  assert.equal(closes(), 0);
});

test("a call that comes meanwhile takes it back by itself, and says so", async () => {
  const line = await startsToClose(hers());
  stage.tell([{ ...line, signals: 2, version: 7, acknowledgeBy: new Date(Date.now() + 30_000).toISOString() }]);
  await page.waitForSelector(".toast.bad:has-text('再次呼叫')");
  assert.equal(await page.locator(".closing-bar").count(), 0);
  assert.equal(closes(), 0);
});

test("what the house refuses comes back as it was written", async () => {
  const line = hers();
  stage.answers.set(`POST /v1/alerts/${line.id}/close`, { status: 409, body: { code: "stale" } });
  await startsToClose(line);
  await page.waitForSelector("dialog .outcomes", { timeout: 8000 });
  assert.equal(await page.inputValue("#words"), "女儿已到家");
  await stage.until(async () => /别人刚改过/.test(await page.textContent("#alert")));
});

test("a grey desk closes nothing: it waits for the house, and can still be taken back", async () => {
  await stage.clockCanBePutOn();
  await startsToClose(hers(), async () => {
    stage.isFresh = false;
    await stage.later(2000); // so that it is grey before the five seconds are over
  });
  await page.waitForSelector(".stale-bar");
  await stage.later(6000);
  await page.waitForSelector(".closing-bar:has-text('等待连接恢复')");
  assert.equal(closes(), 0);
  stage.isFresh = true;
  await stage.until(() => closes() === 1);
});

test("who goes off duty has closed what she closed: it goes out before she does", async () => {
  stage.session.onDuty = true;
  const line = await startsToClose(hers());
  stage.house = (_, url) => {
    if (url.pathname.endsWith("/close")) stage.tell([], [line.id]);
    return undefined;
  };
  await page.locator(".top button", { hasText: "离岗" }).click();
  await stage.until(() => stage.of("duty").length === 1);
  assert.equal(closes(), 1);
  assert.equal(stage.session.onDuty, false);
});

test("the next closing sends the one before it", async () => {
  const first = await startsToClose(hers());
  const second = hers({ name: "李**" });
  stage.cards.set(second.id, wholeCard(second));
  stage.tell([second]);
  await stage.row(second).click();
  await page.waitForSelector(".card-state");
  await page.focus("#card-region");
  await page.keyboard.press("x");
  await page.check("input[value=helped]");
  await page.keyboard.press("Control+Enter");
  await stage.until(() => closes() === 1);
  assert.ok(stage.of("close")[0].path.includes(first.id));
  await stage.until(() => closes() === 2, 8000);
  assert.ok(stage.of("close")[1].path.includes(second.id));
});

test("an emergency still has the keys: F2 while a closing waits", async () => {
  await startsToClose(hers());
  const call = emergency({ raisedAt: new Date().toISOString() });
  stage.tell([call]);
  await stage.row(call).waitFor();
  await page.keyboard.press("F2");
  await page.waitForSelector(`#row-${call.id}.mine`);
  await stage.until(() => closes() === 1, 8000);
});
