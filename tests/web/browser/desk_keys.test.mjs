// The operator's keys: whom to ring, 120, the map, templates, and keys of her own.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { at, claimedBy, emergency, request } from "../support/lines.mjs";
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

const open = (line) => stage.opens(line);
const hers = (more) => claimedBy("zhangmin", { holderName: "张敏", ...more });

async function press(...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

test("K and a digit show that contact's number, large; the asking is a deed", async () => {
  await open(hers());
  await press("k");
  assert.match(await page.textContent(".call-strip"), /王丽 女儿.*1.*王强 儿子.*2/s);
  assert.equal(stage.of("reveal").length, 0, "nothing yet");
  await press("2");
  await page.waitForSelector(".call-strip .number");
  assert.deepEqual(stage.of("reveal").map((each) => each.body),
    [{ field: "contact_phone", resident: "r1", place: 2 }]);
  const strip = await page.textContent(".call-strip");
  assert.match(strip, /王强 .*儿子.*13912348888/s);
  assert.match(strip, /不可告知/, "whom she must not tell, she is told");
  await press("Escape");
  await page.waitForSelector(".call-strip", { state: "detached" });
});

test("C and a digit show the resident's number, C and Enter write down what came of it", async () => {
  await open(hers({ asks: ["ring_back"] }));
  await press("c", "1");
  await page.waitForSelector(".call-strip .number");
  assert.deepEqual(stage.of("reveal")[0].body, { field: "phone", resident: "r1" });
  await press("c", "Enter");
  await page.waitForSelector("dialog");
  await page.fill("#words", "人没事");
  await press("Control+Enter");
  await stage.until(() => stage.of("asked_done").length === 1);
  assert.deepEqual(stage.of("asked_done")[0].body, { ask: "ring_back", text: "人没事" });
});

test("a request is rung back by the same keys", async () => {
  await open(request());
  await press("c", "Enter");
  await page.fill("#words", "想问助餐几点到");
  await press("Control+Enter");
  await stage.until(() => stage.of("ring_back").length === 1);
});

test("a digit alone, or beyond those that there are, shows no number", async () => {
  await open(hers());
  await press("1", "k", "3", "Escape", "1");
  await stage.settled();
  assert.equal(stage.of("reveal").length, 0);
});

test("whoever may not see numbers is offered none", async () => {
  stage.session.may = stage.session.may.filter((each) => each !== "reveal");
  await open(hers());
  await press("k", "1");
  await stage.settled();
  assert.equal(await page.locator(".call-strip").count(), 0);
  assert.equal(stage.of("reveal").length, 0);
});

test("R, 1 and Ctrl+Enter: what is read out stands there; what the plan asked for is done", async () => {
  await open(hers({ asks: ["120"] }));
  await press("r", "1");
  const card = await page.textContent("dialog .referral");
  for (const part of ["3 单元 501", "呼救", "王秀兰", "82 岁", "左耳背", "邻居", "有狗"])
    assert.ok(card.includes(part), part);
  await page.fill("#words", "14:03，编号 2231，女儿在小区门口等");
  assert.equal(stage.of("asked_done").length, 0);
  await press("Control+Enter");
  await stage.until(() => stage.of("asked_done").length === 1);
  assert.deepEqual(stage.of("asked_done")[0].body,
    { ask: "120", text: "14:03，编号 2231，女儿在小区门口等" });
});

test("110 that no plan asked for is written down as a note", async () => {
  await open(hers());
  await press("r", "2");
  await page.fill("#words", "门锁撬坏");
  await press("Control+Enter");
  await stage.until(() => stage.of("note").length === 1);
  assert.match(stage.of("note")[0].body.text, /110.*门锁撬坏/);
});

test("F9 finds open work by what is typed, and opens it by keys alone", async () => {
  const [one, other] = [hers({ name: "李**", place: "北山路" }), hers()];
  stage.add(other);
  await open(one);
  await press("F9");
  await page.waitForSelector("#find-text:focus");
  await page.keyboard.type("南河街");
  await page.waitForSelector(`#found-${other.id}[aria-selected=true]`);
  assert.equal(await page.locator(`#found-${one.id}`).count(), 0);
  assert.deepEqual(await stage.accessibilityFaults(), []);
  await press("Enter");
  await page.waitForFunction((id) => location.hash === `#${id}`, other.id);
  assert.equal(await page.locator("dialog[open]").count(), 0);
  await stage.until(() => page.evaluate(() =>
    document.activeElement?.closest("[data-region]")?.dataset.region === "card"));
});

test("F9 does an act where the focus was, says its key, and Escape does nothing", async () => {
  await open(hers());
  await press("F9");
  await page.fill("#find-text", "写备注");
  assert.match(await page.textContent("#find-list [aria-selected=true]"), /N$/);
  await press("Escape");
  assert.equal(await page.locator("dialog[open]").count(), 0);
  await press("F9");
  await page.fill("#find-text", "写备注");
  await press("Enter");
  await stage.until(() => page.evaluate(() => document.activeElement.id === "note"));
});

test("F9 in the queue does what only a card can to the highlighted row, not to the open case", async () => {
  const [one, other] = [hers({ name: "李**", place: "北山路" }), hers()];
  stage.add(other);
  stage.cards.set(other.id, wholeCard(other));
  const inQueue = async () => {
    await press("Escape");
    await stage.until(() => page.evaluate(() =>
      document.activeElement?.closest("[data-region]")?.dataset.region === "queue"));
  };
  const find = async (text) => {
    await press("F9");
    await page.fill("#find-text", text);
    await press("Enter");
  };
  await open(one);
  await inQueue();
  await press("ArrowDown");
  await find("写备注");
  await stage.until(() => page.evaluate(() => document.activeElement.id === "note"));
  assert.equal(await page.evaluate(() => location.hash), `#${other.id}`);
  await page.focus("#card-region");
  await inQueue();
  await press("ArrowUp");
  await find("联系亲属");
  await page.waitForSelector(".call-strip:has-text('王丽')");
  assert.equal(await page.evaluate(() => location.hash), `#${one.id}`, "it is read before anybody is rung");
});

test("F9 and Enter alone do nothing; an arrow chooses the first", async () => {
  const line = emergency();
  await open(line);
  await press("F9");
  await page.waitForSelector("#find-list li");
  assert.equal(await page.locator("#find-list [aria-selected=true]").count(), 0);
  await press("Enter");
  assert.equal(await page.locator("dialog[open]").count(), 1);
  assert.equal(stage.of("claim").length, 0);
  await press("ArrowDown");
  assert.match(await page.textContent("#find-list [aria-selected=true]"), /受理最急/);
  await press("Enter");
  await stage.until(() => stage.of("claim").length === 1);
});

test("what F9 has found stands still while the house tells of more", async () => {
  const [one, line] = [hers({ name: "李**", place: "北山路" }), hers()];
  stage.add(line);
  await open(one);
  await press("F9");
  await page.fill("#find-text", "南河街");
  await page.waitForSelector(`#found-${line.id}[aria-selected=true]`);
  const before = emergency({ openedAt: at(-60), raisedAt: at(-60) });
  stage.tell([before]);
  await page.waitForSelector(`#row-${before.id}`);
  assert.equal(await page.locator(`#found-${before.id}`).count(), 0);
  await press("Enter");
  await page.waitForFunction((id) => location.hash === `#${id}`, line.id);
});

test("F9 is not fired while an input method composes, nor is what it composes chosen", async () => {
  await open(hers());
  await press("n");
  await stage.until(() => page.evaluate(() => document.activeElement.id === "note"));
  const composes = (id, key) => page.evaluate(([of, pressed]) => document.getElementById(of).dispatchEvent(
    new KeyboardEvent("keydown", { key: pressed, isComposing: true, bubbles: true, cancelable: true })), [id, key]);
  await composes("note", "F9");
  assert.equal(await page.locator("dialog[open]").count(), 0);
  await press("F9");
  await page.fill("#find-text", "写备注");
  await composes("find-text", "Enter");
  assert.equal(await page.locator("dialog[open]").count(), 1, "Enter was the input method's");
});

test("M goes to the responders and the map, also where they are a tab", async () => {
  await page.setViewportSize({ width: 1366, height: 768 });
  await open(hers());
  await press("m");
  await stage.until(() => page.evaluate(() => document.activeElement.id === "help-region"));
  assert.equal(await page.locator("#help-region").isVisible(), true);
});

test("N and a digit write a template, which can be gone on with; further digits are digits", async () => {
  await open(hers());
  await page.waitForSelector(".templates button", { state: "attached" });
  await press("n");
  await stage.until(() => page.evaluate(() => document.activeElement.id === "note"));
  await press("6");
  await stage.until(async () => /120/.test(await page.inputValue("#note")));
  const template = await page.inputValue("#note");
  await page.keyboard.type(" 14:05");
  assert.equal(await page.inputValue("#note"), `${template} 14:05`);
  await press("Control+Enter");
  await stage.until(() => stage.of("note").length === 1);
  assert.equal(stage.of("note")[0].body.text, `${template} 14:05`);
});

test("after a click on 受理 the letters go on: its button is gone, the card has the focus", async () => {
  const line = await open(emergency());
  await page.click(".acts button.main");
  await page.waitForSelector(`#row-${line.id}.mine`);
  await page.waitForSelector(".acts button.main", { state: "detached" });
  await press("n");
  await stage.until(() => page.evaluate(() => document.activeElement.id === "note"));
});

test("Tab goes through the whole page and round, and is caught nowhere", async () => {
  await open(hers());
  const isThere = () => page.evaluate(() => document.activeElement === document.querySelector(".top button"));
  let presses = 0;
  while (!(await isThere()) && ++presses < 200) await press("Tab");
  assert.equal(await isThere(), true);
});

test("after a click beside everything letters mean nothing", async () => {
  await open(hers());
  await page.click(".top h1");
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  await press("x", "n");
  await stage.settled();
  assert.equal(await page.locator("dialog").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
});

test("what is typed while a note is on its way wasn't sent with it, and stays", async () => {
  await open(hers());
  const letGo = stage.holdsBack("note", { version: 2 });
  await page.fill("#note", "胸口闷");
  await page.focus("#note");
  await press("Control+Enter");
  await stage.until(() => stage.of("note").length === 1);
  await page.fill("#note", "120 已叫 14:05");
  letGo();
  await page.waitForSelector(".toast:has-text('备注已记入')");
  await stage.settled();
  assert.equal(await page.inputValue("#note"), "120 已叫 14:05");
  await press("Control+Enter");
  await stage.until(() => stage.of("note").length === 2);
  await stage.until(async () => (await page.inputValue("#note")) === "");
  assert.deepEqual(stage.of("note").map((each) => each.body.text), ["胸口闷", "120 已叫 14:05"]);
});

test("F2 in the middle of a note, and of a form: when she comes back the words stand there, and on no other card",
  async () => {
    const line = await open(hers());
    const isOpen = (id) => page.waitForFunction((of) => location.hash === `#${of}`, id);
    await page.fill("#note", "女儿说");
    const first = emergency({ raisedAt: new Date().toISOString() });
    stage.tell([first]);
    await stage.row(first).waitFor();
    await page.focus("#note");
    await press("F2");
    await isOpen(first.id);
    await page.waitForSelector(`#row-${first.id}.mine`);
    await page.waitForSelector("#note");
    assert.equal(await page.inputValue("#note"), "");

    await stage.row(line).click();
    await isOpen(line.id);
    await page.waitForSelector(".address");
    assert.equal(await page.inputValue("#note"), "女儿说");
    await page.focus("#card-region");
    await press("x");
    await page.check("input[value=helped]");
    await page.fill("#words", "女儿已到家");
    const second = emergency({ raisedAt: new Date().toISOString() });
    stage.tell([second]);
    await stage.row(second).waitFor();
    await press("F2");
    await isOpen(second.id);
    await page.waitForSelector("dialog", { state: "detached" });

    await stage.row(line).click();
    await isOpen(line.id);
    await page.waitForSelector(".address");
    await page.focus("#card-region");
    await press("x");
    assert.equal(await page.inputValue("#words"), "女儿已到家");
    assert.equal(await page.isChecked("input[value=helped]"), true);
    assert.equal(stage.of("close").length, 0);
  });

test("the templates are the installation's; a digit without one is written as it is", async () => {
  stage.noteTemplates = [{ zh: "本市第一条。", en: "The city's first." }];
  await open(hers());
  await page.waitForSelector(".templates button", { state: "attached" });
  await press("n");
  await stage.until(() => page.evaluate(() => document.activeElement.id === "note"));
  await press("2");
  assert.equal(await page.inputValue("#note"), "2");
  await page.fill("#note", "");
  await press("1");
  await stage.until(async () => (await page.inputValue("#note")) === "本市第一条。");
  assert.equal(await page.locator(".templates button").count(), 1);
});

test("a digit that an input method composes with writes no template", async () => {
  await open(hers());
  await press("n");
  await stage.until(() => page.evaluate(() => document.activeElement.id === "note"));
  await page.evaluate(() => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key: "1", keyCode: 229, isComposing: true, bubbles: true })));
  assert.equal(await page.inputValue("#note"), "");
});

test("a template is behind a button, too, behind what was written", async () => {
  await open(hers());
  await page.fill("#note", "14:00");
  await page.click(".templates summary");
  await page.click(".templates button:nth-of-type(2)");
  assert.match(await page.inputValue("#note"), /^14:00 已回拨，无人接听/);
});

test("a key is changed in ?, shown on the buttons, and is still hers after a reload", async () => {
  await open(hers());
  await press("?");
  await page.click("[data-act=close]");
  await press("g");
  await page.waitForSelector(".key-told:has-text('G')");
  await press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  assert.match(await page.locator(".acts button.grave").textContent(), /结案\s*G/);
  await page.focus("#card-region");
  await press("x");
  await stage.settled();
  assert.equal(await page.locator("dialog").count(), 0);
  await page.reload();
  await page.waitForSelector(".address");
  await page.focus("#card-region");
  await press("g");
  await page.waitForSelector("dialog .outcomes");
});

test("a key that is taken stays whose it is, and it is said", async () => {
  await open(hers());
  await press("?");
  await page.click("[data-act=note]");
  await press("k");
  assert.match(await page.textContent(".key-told"), /K 已用于.联系亲属/);
  await page.click("[data-act=note]");
  await press("Escape");
  assert.equal(await page.locator("dialog[open]").count(), 1, "Esc left the key, not the page");
  assert.match(await page.textContent(".key-told"), /没有改/);
  const keys = await page.evaluate(() => localStorage.getItem("linli.keys.zhangmin"));
  assert.equal(keys, null);
});

test("an act may have no key, and all can be as they came", async () => {
  const line = await open(emergency());
  await press("?");
  await page.click("[data-act=claim]");
  await press("Backspace");
  await press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.focus("#card-region");
  await press("a");
  await stage.settled();
  assert.equal(stage.of("claim").length, 0);
  await press("?");
  await page.locator("dialog button", { hasText: "恢复原来的键" }).click();
  await press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.focus("#card-region");
  await press("a");
  await page.waitForSelector(`#row-${line.id}.mine`);
});
