// The end of a shift: nobody goes while she holds work, and her successor accepts each case.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { claimedBy } from "../support/lines.mjs";
import { openBrowser, operator, Stage } from "../support/stage.mjs";

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const zhao = { user: "zhao", name: "赵敏", role: "operator", site: "station1" };

async function atTheEndOfHerShift(act, { lines, successors = [zhao], ...options } = {}) {
  const stage = await Stage.open(browser, options);
  stage.session = { ...operator, onDuty: true };
  stage.successors = successors;
  stage.add(...lines);
  try {
    await stage.console();
    return await act(stage, stage.page);
  } finally {
    await stage.close();
  }
}
const hers = () => claimedBy("zhangmin", { holderName: "张敏" });

for (const language of ["zh-CN", "en"])
  test(`axe finds nothing wrong with the handover in ${language}`, () =>
    atTheEndOfHerShift(async (stage, page) => {
      await page.click(`button:has-text("${language === "en" ? "Off duty" : "离岗"}")`);
      await page.waitForSelector(".handover form");
      assert.deepEqual(await stage.accessibilityFaults(), []);
      assert.deepEqual(stage.faults, []);
    }, { lines: [hers()], language }));

test("who holds work can't go: she says what is next, hands it over, and goes when it is accepted", () => {
  const line = hers();
  return atTheEndOfHerShift(async (stage, page) => {
    await page.click('button:has-text("离岗")');
    const leave = page.locator(".handover button.main:has-text('离岗')");
    await page.waitForSelector(".handover form");
    assert.equal(await leave.isDisabled(), true);
    await page.fill(".handover form input", "20:00 给女儿回电话");
    await page.keyboard.press("Enter");
    await stage.until(() => stage.of("hand_over").length === 1);
    assert.deepEqual(stage.of("hand_over")[0].body, { to: "zhao", text: "20:00 给女儿回电话" });
    await page.waitForSelector(".handover li:has-text('等待 赵敏 接收')");
    assert.equal(await leave.isDisabled(), true, "not accepted yet");
    stage.tell([{ ...line, holder: "zhao", holderName: "赵敏", version: 9 }]);
    await page.waitForSelector(".handover:has-text('可以离岗')");
    await page.emulateMedia({ media: "print" });
    assert.match(await page.innerText(".handover .sheet"), /赵敏: 20:00 给女儿回电话/);
    await page.emulateMedia({ media: "screen" });
    await leave.click();
    await page.waitForSelector(".handover", { state: "detached" });
    assert.deepEqual(stage.of("duty").map((each) => each.body.onDuty), [false, false]);
  }, { lines: [line] });
});

test("with nobody on duty beside her she is told what to do", () =>
  atTheEndOfHerShift(async (stage, page) => {
    await page.click('button:has-text("退出")');
    await page.waitForSelector(".handover .wrong:has-text('班长')");
    assert.equal(await page.isDisabled(".handover form button"), true);
    assert.match(page.url(), /console/, "she is still signed in");
  }, { lines: [hers()], successors: [] }));

test("her successor sees what was handed over, and accepts it by one key", () => {
  const line = claimedBy("li", { holderName: "李娜", handedTo: "zhangmin", handedToName: "张敏" });
  return atTheEndOfHerShift(async (stage, page) => {
    await page.waitForSelector(".handed-bar:has-text('1 件')");
    await page.click(".handed-bar button");
    await page.waitForSelector("button:has-text('接收交班')");
    await page.keyboard.press("a");
    await stage.until(() => stage.of("claim").length === 1);
    assert.ok(stage.of("claim")[0].path.includes(line.id));
  }, { lines: [line] });
});
