// Calls to the hotline at the desk: they are seen at once, take nothing from whoever works, and each
// is decided by a person.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, important, resident } from "../support/lines.mjs";
import { openBrowser, operator, Stage } from "../support/stage.mjs";

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

async function atTheDesk(act, { lines = [], dials = true, before: prepare = () => undefined, ...options } = {}) {
  const stage = await Stage.open(browser, options);
  await prepare(stage);
  stage.session = { ...operator, dials };
  stage.add(important(), ...lines);
  try {
    await stage.console();
    await act(stage, stage.page);
    assert.deepEqual(stage.faults, []);
  } finally {
    await stage.close();
  }
}
const calls = "section.calls";
const focused = (page) => page.evaluate(() => document.activeElement?.closest("[data-region]")?.dataset.region);

for (const language of ["zh-CN", "en"])
  test(`axe finds nothing wrong with the calls in ${language}`, () =>
    atTheDesk(async (stage, page) => {
      await page.waitForSelector(`${calls} li:nth-child(3)`);
      await page.locator(`${calls} li`).first().locator("button").last().click();
      await page.waitForSelector(".no-case");
      assert.deepEqual(await stage.accessibilityFaults(), []);
    }, { language, lines: [
      call({ callers: [resident(), resident({ id: "r2", name: "李**" })] }),
      call({ callers: [], number: "" }, { state: "answered" }),
      call({ outcome: "missed", request: "q1" }, { state: "ended" })] }));

test("a call comes up by itself, and neither the focus nor what she writes is touched", () => {
  const line = important();
  return atTheDesk(async (stage, page) => {
    await page.click(`#row-${line.id}`);
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-region=card] h2");
    assert.equal(await focused(page), "card");
    stage.tell([call()]);
    await page.waitForSelector(`${calls} li`);
    assert.equal(await focused(page), "card");
    assert.equal(await page.locator("dialog[open]").count(), 0);
    assert.match(await page.innerText(calls), /振铃[\s\S]*138\*\*\*\*0001[\s\S]*王\*\*/);
    await page.waitForFunction(() => /有来电/.test(document.getElementById("status").textContent));
    assert.equal(await page.locator(".rows [role=row]").count(), 2, "a call is no row of the queue");
  }, { lines: [line] });
});

test("F4 goes from call to call", () => {
  const [first, second] = [call(), call()];
  const id = (page) => page.evaluate(() => document.activeElement?.dataset.call);
  return atTheDesk(async (stage, page) => {
    await page.waitForSelector(calls);
    for (const each of [first, second, first]) {
      await page.keyboard.press("F4");
      assert.equal(await id(page), each.id);
    }
  }, { lines: [first, second] });
});

test("a call that has joined an alert opens its card by two keys", () => {
  const alert = important();
  const ringing = call({ outcome: "joined", alert: alert.id });
  return atTheDesk(async (stage, page) => {
    await page.waitForSelector(calls);
    await page.keyboard.press("F4");
    assert.equal(await focused(page), "calls");
    await page.keyboard.press("o");
    await page.waitForFunction((id) => location.hash === `#${id}`, alert.id);
    assert.equal(await focused(page), "card");
    stage.tell([], [ringing.id]);
    await page.waitForSelector(calls, { state: "detached" });
  }, { lines: [alert, ringing] });
});

test("an emergency is opened for whom she has named, and its card comes when the house has made it", () => {
  const twoHomes = call({ callers: [resident(),
    { kind: "contact", id: "r2", place: 1, home: "h2", name: "赵**", relation: "女儿", roughPlace: "北街" }] });
  const made = important();
  return atTheDesk(async (stage, page) => {
    await page.selectOption(`${calls} select`, "r2");
    await page.click(`${calls} button.grave`);
    await stage.until(() => stage.of("open_alert").length === 1);
    assert.deepEqual(stage.of("open_alert")[0].body, { resident: "r2" });
    assert.ok(stage.of("open_alert")[0].key, "asked twice, it is done once");
    stage.tell([made, { ...twoHomes, version: 3, call: { ...twoHomes.call, outcome: "alert", alert: made.id } }]);
    await page.waitForFunction((id) => location.hash === `#${id}`, made.id);
  }, { lines: [twoHomes] });
});

test("a call that begins to ring doesn't take the place of the one that she reaches for", () => {
  const answered = call({}, { state: "answered" });
  const ringing = call();
  const order = (page) => page.locator(`${calls} li`).evaluateAll((all) => all.map((each) => each.dataset.call));
  return atTheDesk(async (stage, page) => {
    const emergency = page.locator(`${calls} button.grave`);
    const { x, y, width, height } = await emergency.boundingBox();
    await page.mouse.move(x + width / 2 - 1, y + height / 2);
    await page.mouse.move(x + width / 2, y + height / 2);
    stage.tell([ringing]);
    await page.waitForSelector(`${calls} li:nth-child(2)`);
    assert.deepEqual(await order(page), [answered.id, ringing.id]);
    await page.mouse.down();
    await page.mouse.up();
    await stage.until(() => stage.of("open_alert").length === 1);
    assert.match(stage.of("open_alert")[0].path, new RegExp(answered.id));
    await page.mouse.move(600, 600);
    await page.evaluate(() => document.activeElement.blur());
    await stage.until(async () => (await order(page))[0] === ringing.id); // still for two seconds
    // One that goes leaves its row, without a button, till she is still.
    const below = await emergency.nth(1).boundingBox();
    await page.mouse.move(below.x + 4, below.y + 4);
    await page.mouse.move(below.x + 5, below.y + 5);
    stage.tell([], [ringing.id]);
    await page.waitForSelector(`[data-call="${ringing.id}"]:not(:has(button.grave))`);
    assert.deepEqual(await order(page), [ringing.id, answered.id]);
    await page.mouse.move(600, 600);
    await page.waitForSelector(`[data-call="${ringing.id}"]`, { state: "detached" });
    stage.tell([ringing]);
    await stage.until(async () => (await order(page))[0] === ringing.id);
    // By keyboard she is at a call for as long as the focus is.
    await page.keyboard.press("F4");
    const third = call({}, { openedAt: "2026-11-28T02:00:00Z" });
    stage.tell([third]);
    await page.waitForSelector(`${calls} li:nth-child(3)`);
    await stage.later(10_000);
    assert.equal((await order(page))[2], third.id);
  }, { lines: [answered], before: (stage) => stage.clockCanBePutOn() });
});

test("who stays silent is no case only with words, and what was typed is kept", () => {
  const silent = call({}, { state: "ended" });
  const path = `POST /v1/calls/${silent.id}/no_case`;
  return atTheDesk(async (stage, page) => {
    await page.waitForSelector(calls);
    await page.keyboard.press("F4");
    await page.keyboard.press("n");
    await page.waitForSelector(".no-case select:focus");
    await page.keyboard.press("Enter"); // opens the list of the browser; nothing is sent
    await stage.settled();
    assert.equal(stage.of("no_case").length, 0);
    await page.selectOption(".no-case select", "silent");
    stage.answers.set(path, { status: 422, body: { code: "needs_reason", field: "text" } });
    await page.click(".no-case button.main");
    await page.waitForSelector(".no-case .wrong:has-text('依据')");
    await page.fill(".no-case input", "已回拨,女儿说平安");
    await page.keyboard.press("Enter");
    await stage.until(() => stage.of("no_case").length === 2);
    assert.deepEqual(stage.of("no_case")[1].body, { outcome: "silent", text: "已回拨,女儿说平安" });
    await page.waitForSelector(".no-case", { state: "detached" });
  }, { lines: [silent] });
});

test("a missed call stays, is rung back, and may still become an emergency", () => {
  const missed = call({ outcome: "missed", request: "0192a0b0-0000-7000-8000-00000000aaaa" }, { state: "ended" });
  return atTheDesk(async (stage, page) => {
    assert.match(await page.innerText(`${calls} li.missed`), /未接/);
    assert.equal(await page.locator(`${calls} button:has-text('不立案')`).count(), 0);
    await page.click(`${calls} button:has-text('拨打')`);
    await stage.until(() => stage.of("dial").length === 1);
    assert.equal(stage.of("dial")[0].path, `/v1/calls/${missed.id}/dial`);
    await page.click(`${calls} button.grave`);
    await stage.until(() => stage.of("open_alert").length === 1);
    await page.click(`${calls} button:has-text('去回拨')`);
    await page.waitForFunction((id) => location.hash === `#${id}`, missed.call.request);
  }, { lines: [missed] });
});

test("what the telephone system answers is said, and where there is none nothing is offered", async () => {
  const line = call();
  await atTheDesk(async (stage, page) => {
    stage.answers.set(`POST /v1/calls/${line.id}/dial`, { status: 502, body: { code: "telephone_unreachable" } });
    await page.click(`${calls} button:has-text('拨打')`);
    await page.waitForSelector(".toast.bad:has-text('没有应答')");
  }, { lines: [line] });
  await atTheDesk(async (_, page) => {
    await page.waitForSelector(calls);
    assert.equal(await page.locator("button:has-text('拨打')").count(), 0);
  }, { lines: [line], dials: false });
});

test("a telephone on the card is rung by one press", () => {
  const alert = important();
  return atTheDesk(async (stage, page) => {
    stage.cards.set(alert.id, { line: alert, residents: [{ id: "r1", name: "王秀兰", phone: "139****8888",
      contacts: [{ place: 2, name: "王丽", relation: "女儿", phone: "138****0002" }] }] });
    await page.click(`#row-${alert.id}`);
    await page.keyboard.press("Enter");
    await page.click(".contacts button:has-text('拨打')");
    await stage.until(() => stage.of("dial").length === 1);
    assert.deepEqual(stage.of("dial")[0].body, { field: "contact_phone", resident: "r1", place: 2 });
    await page.waitForSelector(".toast:has-text('拨打')");
  }, { lines: [alert] });
});

test("answered at her seat while she has another case before her, that one stays", () => {
  const [alert, hers] = [important(), important()];
  const ringing = call({ outcome: "joined", alert: alert.id });
  return atTheDesk(async (stage, page) => {
    await page.click(`#row-${hers.id}`);
    await page.waitForFunction((id) => location.hash === `#${id}`, hers.id);
    stage.tell([{ ...ringing, version: 3, state: "answered", call: { ...ringing.call, seat: "zhangmin" } }]);
    await page.waitForSelector(`${calls} :text("zhangmin")`);
    await stage.settled();
    assert.equal(await page.evaluate(() => location.hash), `#${hers.id}`);
  }, { lines: [alert, hers, ringing] });
});

test("answered at her seat, its case comes up where she has none before her", () => {
  const alert = important();
  const ringing = call({ outcome: "joined", alert: alert.id });
  return atTheDesk(async (stage, page) => {
    await page.waitForSelector(calls);
    stage.tell([{ ...ringing, version: 3, state: "answered", call: { ...ringing.call, seat: "zhangmin" } }]);
    await page.waitForFunction((id) => location.hash === `#${id}`, alert.id);
  }, { lines: [alert, ringing] });
});
