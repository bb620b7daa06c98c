// The pages on the real server, with its certificate, its database and its broker; the shared
// worker holds the one connection. Started by tests/web/support/with_house.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  address, addUser, areaName, closeAs, districtOf, goHome, goOnDuty, leave, people, press, seat as seatIn, server, skip,
  startToClose, unclaimed, until, worn,
} from "../support/house.mjs";
import { openBrowser } from "../support/stage.mjs";

let browser;
before(async () => {
  if (!skip) browser = await openBrowser();
});
after(() => goHome(browser));
const seat = (user, options) => seatIn(browser, user, options);

test("a press at the door stands on the desk; it is claimed, noted and closed by keys", { skip }, async () => {
  const page = await seat("zhangmin");
  assert.ok((await page.textContent(".top h1")).includes(areaName("620100")));
  await goOnDuty(page);
  press(worn(0));
  await unclaimed(page).first().waitFor();
  await page.keyboard.press("F2");
  await page.waitForSelector(".row.mine");
  await page.waitForSelector(".address");
  await page.focus("#card-region");
  await page.keyboard.press("n");
  await page.keyboard.type("老人说胸口闷");
  await page.keyboard.press("Control+Enter");
  await page.locator(".log .words", { hasText: "老人说胸口闷" }).waitFor();
  await closeAs(page, "false_alarm", "老人本人说按错了");
  await leave(page);
});

test("a page that ends while a closing can still be taken back closes it, once", { skip }, async () => {
  const page = await seat("zhangmin");
  press(worn(7));
  await unclaimed(page).first().waitFor();
  await page.keyboard.press("F2");
  await page.waitForSelector(".row.mine");
  await page.waitForSelector(".address");
  const id = decodeURIComponent(new URL(page.url()).hash.slice(1));
  await startToClose(page, "false_alarm", "老人本人说按错了");
  await page.goto(`${address}/outdated.html`);
  const card = () => page.evaluate(async (id) => (await fetch(`./v1/alerts/${id}`)).json(), id);
  await until(async () => (await card()).line.state === "closed");
  assert.equal((await card()).log.filter((each) => each.what === "closed").length, 1);
  await leave(page);
});

test("who doesn't answer at night is off duty, and all see that what she holds is nobody's care",
  { skip }, async () => {
    const [one, two] = [await seat("leader"), await seat("lina")];
    await goOnDuty(one);
    press(worn(8));
    await unclaimed(one).first().waitFor();
    await one.keyboard.press("F2");
    await one.waitForSelector(".row.mine");
    await one.waitForSelector(".address");
    assert.equal(await two.locator(".tag.lost").count(), 0);
    const duty = (body) => one.evaluate(async (said) => (await fetch("./v1/session/duty", { method: "POST",
      headers: { "content-type": "application/json" }, body: JSON.stringify(said) })).status, body);
    assert.equal(await duty({ onDuty: false }), 409, "of her own will she can't go");
    assert.equal(await duty({ away: true }), 200);
    await two.locator(".row .tag.lost", { hasText: "受理人不在岗" }).waitFor();
    assert.equal(await duty({ onDuty: true }), 200);
    await two.locator(".row .tag.lost").waitFor({ state: "detached" });
    await closeAs(one, "false_alarm", "老人本人说按错了");
    await leave(one, two);
  });

test("the green key asks to be rung back: the number is revealed, the call written down", { skip }, async () => {
  const page = await seat("zhangmin");
  press(worn(6), "HELP_REQUEST");
  const row = page.locator(".row.level-3").first();
  await row.waitFor();
  const id = await row.getAttribute("id");
  await row.click();
  await page.waitForSelector(".address");
  await page.locator(".facts .masked button", { hasText: "查看" }).last().waitFor();
  await page.focus("#card-region");
  for (const key of ["c", "1"]) await page.keyboard.press(key);
  await page.locator(".call-strip .number").waitFor();
  for (const key of ["c", "Enter"]) await page.keyboard.press(key);
  await page.fill("#words", "想问助餐几点到");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector(`#${id}`, { state: "detached" });
  await leave(page);
});

test("of two who claim the same one has it, and the other hears who was quicker", { skip }, async () => {
  const [one, two] = [await seat("zhangmin"), await seat("lina")];
  press(worn(1));
  await unclaimed(one).first().waitFor();
  await unclaimed(two).first().waitFor();
  const row = await unclaimed(one).first().getAttribute("id");
  const claim = (page) => page.evaluate(async (id) => {
    const answer = await fetch(`./v1/alerts/${id}/claim`, { method: "POST", body: "{}",
      headers: { "content-type": "application/json" } });
    return [answer.status, await answer.json()];
  }, row.slice(4));
  const answers = await Promise.all([claim(one), claim(two)]);
  assert.deepEqual(answers.map(([status]) => status).sort(), [200, 409]);
  const [, problem] = answers.find(([status]) => status === 409);
  assert.equal(problem.code, "held");
  assert.ok(["zhangmin", "lina"].includes(problem.holder));
  for (const page of [one, two]) await page.waitForSelector(`#${row}:not(.pinned)`);
  // Whoever was quicker ends it: who holds work can't sign out, and the tests below do.
  const winner = problem.holder === "zhangmin" ? one : two;
  await winner.click(`#${row}`);
  await winner.waitForSelector(".address");
  await closeAs(winner, "false_alarm", "老人本人说按错了");
  await leave(one, two);
});

test("tabs of one browser share one connection, and each has all", { skip }, async () => {
  const page = await seat("zhangmin");
  const sockets = [];
  page.context().on("websocket", (each) => sockets.push(each));
  const others = [];
  for (let n = 0; n < 7; ++n) {
    const other = await page.context().newPage();
    await other.goto(`${address}/console`);
    await other.waitForSelector(".console");
    others.push(other);
  }
  press(worn(2));
  const name = await until(async () => {
    const ids = await unclaimed(page).evaluateAll((rows) => rows.map((each) => each.id));
    return ids[0];
  });
  for (const other of others) await other.waitForSelector(`#${name}`);
  assert.equal(sockets.length, 0, "no page opened one of its own");
  await leave(page);
});

test("what she silences, and whether she is on duty, is so in all her tabs", { skip }, async () => {
  const page = await seat("zhangmin");
  await page.evaluate(() => fetch("./v1/session/duty", { method: "POST", body: "{\"onDuty\":true}",
    headers: { "content-type": "application/json" } }));
  await page.reload();
  const other = await page.context().newPage();
  await other.goto(`${address}/console`);
  const top = other.locator(".top");
  await top.getByRole("button", { name: "离岗" }).waitFor();
  await page.keyboard.press("F8");
  await top.getByText("静音中").waitFor();
  await page.locator(".top").getByRole("button", { name: "离岗" }).click();
  await top.getByRole("button", { name: "上岗" }).waitFor();
  await leave(page);
});

test("the tab that rings dies: another of hers rings for what comes, though nobody told it", { skip }, async () => {
  const page = await seat("zhangmin");
  await goOnDuty(page);
  await page.context().addInitScript(() => {
    globalThis.__rings = 0; // an emergency's tone, which is five seconds long and begins again
    const { start } = AudioBufferSourceNode.prototype;
    AudioBufferSourceNode.prototype.start = function (...how) {
      if (this.loop && Math.round(this.buffer.duration) === 5) globalThis.__rings += 1;
      return start.apply(this, how);
    };
  });
  const other = await page.context().newPage();
  await other.goto(`${address}/console`);
  await other.click(".sound-bar button");
  await other.waitForSelector(".sound-bar", { state: "detached" });
  const rings = () => other.evaluate(() => globalThis.__rings);
  press(worn(2));
  await unclaimed(other).first().waitFor();
  assert.equal(await rings(), 0, "one voice: the first tab's");
  const devtools = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  void devtools.send("Page.crash").catch(() => undefined);
  await crashed;
  await until(async () => (await rings()) > 0, 40_000); // another desk's emergency: after 20 s
  // It hears of what happens, too, though the connection may have ended with the tab that began it:
  // then it rings in grey, and takes no command until it has a new one.
  await other.waitForSelector(".stale-bar", { state: "detached", timeout: 20_000 });
  await other.keyboard.press("F2");
  await other.waitForSelector(".row.mine", { timeout: 20_000 });
  await other.waitForSelector(".address");
  await closeAs(other, "false_alarm", "老人本人说按错了");
  await leave(page);
});

test("a server that is killed: grey within 6 s; back: all again, without a reload", { skip }, async (t) => {
  const page = await seat("zhangmin");
  press(worn(3));
  await unclaimed(page).first().waitFor();
  await page.evaluate(() => (globalThis.__same = true));
  server("kill");
  await page.waitForSelector(".stale-bar", { timeout: 7000 });
  press(worn(4)); // the broker keeps it
  server("start");
  const back = Date.now();
  await page.waitForSelector(".stale-bar", { state: "detached", timeout: 20_000 });
  t.diagnostic(`fresh ${Date.now() - back} ms after the server's start`);
  const open = () => page.evaluate(() => document.querySelector("[role=grid]").getAttribute("aria-rowcount"));
  const rows = Number(await open());
  await until(async () => Number(await open()) >= Math.max(rows, 2), 20_000);
  assert.equal(await page.evaluate(() => globalThis.__same), true);
  await leave(page);
});

test("a server that hangs is noticed like one that is dead", { skip }, async () => {
  const page = await seat("zhangmin");
  server("freeze");
  try {
    await page.waitForSelector(".stale-bar", { timeout: 7000 });
  } finally {
    server("thaw");
  }
  await page.waitForSelector(".stale-bar", { state: "detached", timeout: 20_000 });
  await leave(page);
});

test("where WebSockets are blocked the desk polls, and hears of a press all the same", { skip }, async () => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  await context.addInitScript(() => {
    delete globalThis.SharedWorker;
    globalThis.WebSocket = class {
      constructor() {
        setTimeout(() => this.onclose?.({ code: 1006 }), 10);
      }
      close() {}
    };
    globalThis.WebSocket.OPEN = 1;
  });
  const page = await context.newPage();
  await page.goto(`${address}/index.html`);
  await page.fill("#user", "lina");
  await page.fill("#password", people().get("lina"));
  await page.keyboard.press("Enter");
  await page.getByText("在线（轮询）").waitFor({ timeout: 15_000 });
  const before = await unclaimed(page).count();
  press(worn(5));
  await until(async () => (await unclaimed(page).count()) > before || before >= 5);
  assert.equal(await page.locator(".stale-bar").count(), 0);
  await context.close();
});

test("signing out ends it in every tab", { skip }, async () => {
  const page = await seat("lina");
  const other = await page.context().newPage();
  await other.goto(`${address}/console`);
  await other.waitForSelector(".console");
  await page.locator(".top button", { hasText: "退出" }).click();
  await other.waitForURL(/index\.html/, { timeout: 20_000 });
  await leave(page);
});

test("a wrong password is wrong", { skip }, async () => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(`${address}/index.html`);
  await page.fill("#user", "leader");
  await page.fill("#password", "not hers");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#wrong");
  assert.match(await page.textContent("#wrong"), /不对/);
  await context.close();
});

test("what happens in another district is no news to her, and hides none of hers", { skip }, async () => {
  const hers = worn(11);
  const others = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(worn)
    .find((each) => districtOf(each) !== districtOf(hers));
  const password = addUser("quli", "operator", "--area", districtOf(hers));
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  await context.addInitScript(() => delete globalThis.SharedWorker); // so that its socket is seen
  const page = await context.newPage();
  const frames = [];
  page.on("websocket", (each) => each.on("framereceived", ({ payload }) => frames.push(JSON.parse(payload))));
  await page.goto(`${address}/index.html`);
  await page.fill("#user", "quli");
  await page.fill("#password", password);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".console");
  await until(() => frames.some((each) => each.snapshot));
  const ids = () => page.locator(".row").evaluateAll((all) => all.map((each) => each.id));
  const before = await ids();
  press(others);
  await until(() => frames.some((each) => !each.snapshot && each.sequence !== each.after &&
    !each.lines?.length && !each.gone?.length)); // said with a beat: something has changed
  assert.deepEqual(await ids(), before);
  press(hers);
  await until(async () => (await ids()).length > before.length);
  await context.close();
});
