// The console in a real browser, the house played by the test.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { onTiles } from "../../../src/web/kit/crs.ts";
import { alert, claimedBy, emergency, important, request } from "../support/lines.mjs";
import { openBrowser, Stage, wholeCard } from "../support/stage.mjs";

let browser;
let stage;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());
beforeEach(async () => {
  stage = await Stage.open(browser);
});
afterEach(async () => {
  const { outside, faults } = stage;
  await stage.close();
  assert.deepEqual(outside, [], "no other host is asked for anything");
  assert.deepEqual(faults, [], "no error, and nothing that the policy forbids");
});

const recent = (more) => emergency({ raisedAt: new Date().toISOString(), ...more });
const withOrder = (more) => recent({
  orders: [{ id: "0192a0b0-0000-7000-8000-0000000000ff", number: "620102-1128-7", version: 4,
    service: "emergency_attendance", state: "offered" }], ...more });

describe("signing in", () => {
  beforeEach(() => {
    stage.signedIn = false;
  });

  test("a wrong password is said in words, and what was typed is kept", async () => {
    await stage.signIn();
    await stage.page.fill("#user", "zhangmin");
    await stage.page.fill("#password", "wrong one");
    await stage.page.keyboard.press("Enter");
    await stage.page.waitForSelector("#wrong");
    assert.equal(await stage.page.inputValue("#user"), "zhangmin");
    assert.equal(await stage.page.inputValue("#password"), "wrong one");
    assert.equal(await stage.page.locator("#password").getAttribute("aria-invalid"), "true");
    assert.match(await stage.page.locator("[role=alert]").first().textContent(), /不对/);
    assert.equal(await stage.page.evaluate(() => document.activeElement.id), "password");
  });

  test("pasting and a password manager work, and the password can be shown", async () => {
    await stage.signIn();
    const password = stage.page.locator("#password");
    assert.equal(await password.getAttribute("autocomplete"), "current-password");
    assert.equal(await stage.page.locator("#user").getAttribute("autocomplete"), "username");
    await stage.page.check("input[type=checkbox]");
    assert.equal(await password.getAttribute("type"), "text");
  });

  test("the right one leads to the console", async () => {
    await stage.signIn();
    await stage.page.fill("#user", "zhangmin");
    await stage.page.fill("#password", "right");
    await stage.page.keyboard.press("Enter");
    await stage.page.waitForSelector(".console");
  });

  test("whoever opens the console without a session comes here and goes on there", async () => {
    await stage.page.goto("https://linli.test/console");
    await stage.page.waitForURL(/index\.html\?ended=1/);
    assert.match(await stage.page.locator("#wrong").textContent(), /失效/);
  });

  test("the address can't lead anywhere else", async () => {
    stage.signedIn = true;
    await stage.page.goto("https://linli.test/index.html?to=//evil.example/");
    await stage.page.waitForURL("https://linli.test/console");
  });
});

describe("the queue", () => {
  test("an unclaimed emergency stands in the band, a drill says that it is one", async () => {
    const [real, drill] = [recent(), recent({ purpose: "drill" })];
    stage.add(real, drill, important(), request());
    await stage.console();
    const band = stage.page.locator(".band .row");
    assert.equal(await band.count(), 2);
    assert.match(await stage.row(drill).textContent(), /演练/);
    assert.doesNotMatch(await stage.row(real).textContent(), /演练/);
  });

  test("a priority is told by shape and digit, not by colour alone", async () => {
    const lines = [recent(), important(), alert(3)];
    stage.add(...lines);
    await stage.console();
    const shapes = [];
    for (const line of lines) {
      const svg = stage.row(line).locator("svg.level");
      shapes.push(await svg.evaluate((e) => e.firstElementChild.outerHTML.replace(/ data-\S+/g, "")));
      assert.equal(await svg.locator("text").textContent(), String(line.level));
    }
    assert.equal(new Set(shapes).size, 3);
  });

  test("of 2,000 lines a few dozen rows exist, and every line can be reached by the keys", async () => {
    for (let n = 0; n < 2000; ++n) stage.add(request({ name: `第${n}` }));
    await stage.console();
    await stage.page.waitForFunction(
      () => document.querySelector("[role=grid]").getAttribute("aria-rowcount") === "2000");
    assert.ok(await stage.page.locator(".row").count() < 80);
    await stage.page.focus("[role=grid]");
    await stage.page.keyboard.press("End");
    const last = await stage.page.locator("[role=grid]").getAttribute("aria-activedescendant");
    await stage.page.waitForSelector(`#${last}`);
    assert.equal(await stage.page.locator(`#${last}`).getAttribute("aria-rowindex"), "2000");
    assert.equal(await stage.page.locator(`#${last}`).getAttribute("aria-selected"), "true");
    await stage.page.keyboard.press("Home");
    await stage.page.waitForSelector(".row[aria-rowindex='1'][aria-selected=true]");
  });

  test("the chosen row is chosen by its id: it stays when rows come above it", async () => {
    const line = important({ raisedAt: "2026-11-28T03:00:30Z" });
    stage.add(line);
    await stage.console();
    await stage.page.focus("[role=grid]");
    await stage.page.keyboard.press("ArrowDown");
    stage.tell([recent()]);
    await stage.page.waitForSelector(".band .row");
    assert.equal(await stage.row(line).getAttribute("aria-selected"), "true");
    assert.equal(await stage.row(line).getAttribute("aria-rowindex"), "2");
  });

  test("what is new waits while the pointer moves, an emergency doesn't", async () => {
    stage.add(important());
    await stage.console();
    await stage.page.mouse.move(300, 400);
    await stage.page.mouse.move(301, 401);
    const urgent = recent();
    stage.tell([important(), urgent]);
    await stage.row(urgent).waitFor();
    await stage.page.waitForSelector(".waiting");
    assert.match(await stage.page.locator(".waiting").textContent(), /新 1 条/);
    await stage.page.waitForSelector(".waiting", { state: "detached" }); // still for two seconds
    assert.equal(await stage.page.locator(".row").count(), 3);
  });

  test("more than five emergencies are counted", async () => {
    for (let n = 0; n < 8; ++n) stage.add(recent());
    await stage.console();
    assert.equal(await stage.page.locator(".band .row:not(.more)").count(), 5);
    assert.match(await stage.page.locator(".more").textContent(), /3/);
  });

  test("the filter is in the address, and survives a reload", async () => {
    stage.add(claimedBy("zhangmin"), important());
    await stage.console();
    await stage.page.click(".filters button:nth-child(2)");
    await stage.page.waitForURL(/\?show=mine/);
    await stage.page.reload();
    await stage.page.waitForSelector(".row.mine");
    assert.equal(await stage.page.locator(".row").count(), 1);
  });

  test("readers get one sentence a row", async () => {
    const line = recent({ name: "王**", place: "南河街" });
    stage.add(line);
    await stage.console();
    const sentence = await stage.row(line).getAttribute("aria-label");
    for (const part of ["一级", "呼救", "王**", "南河街", "未受理"]) assert.ok(sentence.includes(part));
  });
});

describe("the keys", () => {
  test("F2 D 1 Enter: from a call to a worker who is asked, four keys, no mouse", async () => {
    const line = withOrder();
    stage.add(important(), line);
    stage.cards.set(line.id, wholeCard(line));
    await stage.console();
    await stage.page.keyboard.press("F2");
    await stage.page.waitForSelector(".candidates li");
    await stage.until(() => stage.page.evaluate(() => document.activeElement.id === "card-region"));
    for (const key of ["d", "1", "Enter"]) await stage.page.keyboard.press(key);
    const [claim] = await stage.until(() => stage.of("claim").length && stage.of("claim"));
    const [offer] = await stage.until(() => stage.of("offer").length && stage.of("offer"));
    assert.equal(claim.path, `/v1/alerts/${line.id}/claim`);
    assert.equal(offer.path, `/v1/orders/${line.orders[0].id}/offer`);
    assert.deepEqual(offer.body, { worker: "k1", provider: "p1", state: "offered" });
    assert.match(offer.key, /^[0-9a-f]{32}$/);
    assert.notEqual(offer.key, claim.key);
  });

  test("three clicks do the same", async () => {
    const line = withOrder({ state: "claimed", holder: "zhangmin" });
    stage.add(line);
    stage.cards.set(line.id, wholeCard(line));
    await stage.console();
    await stage.row(line).click();
    await stage.page.locator(".candidates li:nth-child(2) button:has(kbd)").click();
    await stage.page.locator(".candidates li:nth-child(2) button.main").click();
    const [offer] = await stage.until(() => stage.of("offer").length && stage.of("offer"));
    assert.equal(offer.body.worker, "k2");
  });

  test("an installation's tiles lie under the places, which are moved as its tiles are", async () => {
    const image = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
    const asked = [];
    await stage.context.route("https://linli.test/tiles/**", (route) => {
      asked.push(new URL(route.request().url()).pathname);
      return route.fulfill({ body: image, contentType: "image/png" });
    });
    stage.session.map = { url: "https://linli.test/tiles/{z}/{x}/{y}.png", crs: "gcj02", minZoom: 3, maxZoom: 18,
      attribution: "© <b>某图</b>", approval: "审图号：GS（2024）0001号" };
    const line = withOrder({ state: "claimed", holder: "zhangmin" });
    stage.add(line);
    stage.cards.set(line.id, wholeCard(line));
    await stage.console();
    await stage.row(line).click();
    await stage.page.waitForSelector(".tile-map img.leaflet-tile-loaded");
    assert.equal(await stage.page.textContent(".tile-map .leaflet-control-attribution"),
      "© <b>某图</b> · 审图号：GS（2024）0001号");
    assert.equal(await stage.page.locator("figure.map").count(), 0);
    // The home's mark stands on the tile that has it, at its place there.
    const turns = 2 ** Number(/^\/tiles\/(\d+)/.exec(asked[0])[1]);
    const [latitude, longitude] = onTiles([36.055, 103.85], "gcj02");
    const east = ((longitude + 180) / 360) * turns;
    const south = (0.5 - Math.asinh(Math.tan((latitude * Math.PI) / 180)) / (2 * Math.PI)) * turns;
    const tile = await stage.page.locator(`.tile-map img[src$="/${Math.floor(east)}/${Math.floor(south)}.png"]`).boundingBox();
    const mark = await stage.page.locator(".tile-mark.home").boundingBox();
    const isOff = [mark.x + mark.width / 2 - tile.x - 256 * (east % 1), mark.y + mark.height / 2 - tile.y - 256 * (south % 1)];
    assert.ok(isOff.every((pixels) => Math.abs(pixels) < 1.5), `${isOff}`);
  });

  test("D and 1 alone send nobody; Escape takes them back", async () => {
    const line = withOrder({ state: "claimed", holder: "zhangmin" });
    stage.add(line);
    stage.cards.set(line.id, wholeCard(line));
    await stage.console();
    await stage.row(line).click();
    await stage.page.waitForSelector(".candidates li");
    await stage.page.focus("#card-region");
    for (const key of ["d", "1"]) await stage.page.keyboard.press(key);
    await stage.page.waitForSelector(".candidates li.chosen");
    await stage.page.keyboard.press("Escape");
    await stage.page.waitForSelector(".armed", { state: "detached" });
    await stage.page.keyboard.press("Enter");
    await stage.settled();
    assert.equal(stage.of("offer").length, 0);
  });

  // She has pressed D and 2, rings him, and meanwhile another search ranks anew: `again`, of the three.
  async function searchesAgainAfterTheDigit(again) {
    const line = withOrder({ state: "claimed", holder: "zhangmin" });
    const card = wholeCard(line);
    const [order] = card.orders;
    stage.add(line);
    stage.cards.set(line.id, card);
    await stage.console();
    await stage.row(line).click();
    await stage.page.waitForSelector(".candidates li");
    await stage.page.focus("#card-region");
    for (const key of ["d", "2"]) await stage.page.keyboard.press(key);
    await stage.page.waitForSelector(".candidates li.chosen:has-text('孙师傅')");
    stage.cards.set(line.id, { ...card, orders: [{ ...order, candidates: again(...order.candidates) }] });
    stage.tell([{ ...line, version: 2 }]);
  }

  test("whom she has chosen is asked, wherever the next search ranks him before Enter", async () => {
    await searchesAgainAfterTheDigit((k1, k2, k3) => [k2, k3, { ...k1, why: "declined" }]);
    await stage.page.waitForSelector(".candidates li:nth-child(1).chosen:has-text('孙师傅')");
    assert.equal(await stage.page.locator(".candidates li.chosen").count(), 1);
    await stage.page.keyboard.press("Enter");
    await stage.until(() => stage.of("offer").length === 1);
    assert.equal(stage.of("offer")[0].body.worker, "k2");
  });

  test("whom the next search doesn't have any more isn't asked, nor another in his place, and it is said", async () => {
    await searchesAgainAfterTheDigit((k1, k2, k3) => [k1, k3]);
    await stage.page.waitForSelector(".toast.bad:has-text('孙师傅 已不在推荐人员中')");
    assert.equal(await stage.page.locator(".candidates li.chosen").count(), 0);
    await stage.page.keyboard.press("Enter");
    await stage.settled();
    assert.equal(stage.of("offer").length, 0);
    for (const key of ["1", "Enter"]) await stage.page.keyboard.press(key);
    await stage.until(() => stage.of("offer").length === 1);
    assert.equal(stage.of("offer")[0].body.worker, "k1");
  });

  test("letters in a note are letters; composed pinyin fires nothing", async () => {
    const line = withOrder({ state: "claimed", holder: "zhangmin" });
    stage.add(line);
    stage.cards.set(line.id, wholeCard(line));
    await stage.console();
    await stage.row(line).click();
    await stage.page.waitForSelector("#note");
    await stage.page.focus("#card-region");
    await stage.page.keyboard.press("n");
    await stage.until(() => stage.page.evaluate(() => document.activeElement.id === "note"));
    await stage.page.keyboard.type("axthd?");
    const devtools = await stage.context.newCDPSession(stage.page);
    for (let n = 0; n < 20; ++n) {
      await devtools.send("Input.imeSetComposition",
        { text: "xiadan".slice(0, 1 + (n % 6)), selectionStart: 1, selectionEnd: 1 });
      await devtools.send("Input.insertText", { text: "下单" });
    }
    assert.match(await stage.page.inputValue("#note"), /^axthd\?(下单){20}/);
    assert.equal(await stage.page.locator("dialog[open], .armed").count(), 0);
    const before = stage.calls.length;
    await stage.page.keyboard.press("Control+Enter");
    await stage.until(() => stage.of("note").length === 1);
    assert.equal(stage.calls.slice(before).filter((each) => each.method === "POST").length, 1);
  });

  test("letters mean nothing where no region has the focus", async () => {
    stage.add(recent());
    await stage.console();
    await stage.page.focus(".top button");
    for (const key of "atdxnhc") await stage.page.keyboard.press(key);
    await stage.settled();
    assert.equal(stage.calls.filter((each) => each.method === "POST").length, 0);
  });

  test("closing takes X and Ctrl+Enter, an outcome, and words if the house wants them", async () => {
    const line = recent({ state: "claimed", holder: "zhangmin", signals: 3 });
    stage.add(line);
    stage.cards.set(line.id, wholeCard(line));
    await stage.console();
    await stage.row(line).click();
    await stage.page.waitForSelector(".address");
    await stage.page.focus("#card-region");
    await stage.page.keyboard.press("x");
    await stage.page.keyboard.press("Control+Enter");
    await stage.page.waitForSelector("#form-wrong");
    assert.equal(stage.of("close").length, 0);
    await stage.page.check("input[value=false_alarm]");
    await stage.page.keyboard.press("Control+Enter");
    await stage.until(async () =>
      /原因/.test(await stage.page.locator("#form-wrong").textContent().catch(() => "")));
    await stage.page.fill("#words", "老人说按错了,已听到本人声音");
    await stage.page.keyboard.press("Control+Enter");
    await stage.page.waitForSelector("dialog", { state: "detached" });
    await stage.until(() => stage.of("close").length === 1, 8000);
    assert.deepEqual(stage.of("close")[0].body,
      { outcome: "false_alarm", text: "老人说按错了,已听到本人声音", signals: 3 });
  });

  test("letters can be switched off", async () => {
    const line = recent();
    stage.add(line);
    await stage.console();
    await stage.page.focus("[role=grid]");
    await stage.page.keyboard.press("ArrowDown");
    await stage.page.keyboard.press("?");
    await stage.page.uncheck("dialog input[type=checkbox]");
    await stage.page.keyboard.press("Escape");
    await stage.page.waitForSelector("dialog", { state: "detached" });
    await stage.page.focus("[role=grid]");
    await stage.page.keyboard.press("a");
    await stage.settled();
    assert.equal(stage.of("claim").length, 0);
    await stage.page.keyboard.press("F2");
    await stage.until(() => stage.of("claim").length === 1);
  });
});

describe("when somebody else was quicker, or the house is away", () => {
  async function claimIt(answer) {
    const line = recent();
    stage.add(line);
    await stage.console();
    stage.answers.set(`POST /v1/alerts/${line.id}/claim`, answer);
    await stage.page.focus("[role=grid]");
    await stage.page.keyboard.press("ArrowDown");
    await stage.page.keyboard.press("a");
    await stage.page.waitForSelector(".toast.bad");
    return stage.page.locator(".toast").textContent();
  }

  test("409 says who, and what he did", async () => {
    const said = await claimIt({ status: 409, body: { code: "held", holder: "lina", did: "claimed" } });
    assert.match(said, /lina/);
    assert.match(said, /受理/);
    assert.match(said, /没有改动/);
    await stage.until(async () =>
      /lina/.test(await stage.page.locator("#alert").textContent()));
  });

  test("nobody is told that she was quicker than herself", async () => {
    const said = await claimIt({ status: 409,
      body: { code: "out_of_turn", holder: "zhangmin", did: "completed" } });
    assert.doesNotMatch(said, /更快/);
    assert.match(said, /前一步/);
  });

  test("503 says that nothing was changed, and to use the telephone", async () => {
    assert.match(await claimIt({ status: 503, body: { code: "away" } }), /没有改动.*电话/);
  });

  test("an answer that is lost is asked for again with the same key: one deed", async () => {
    const line = recent();
    stage.add(line);
    await stage.console();
    stage.answers.set(`POST /v1/alerts/${line.id}/claim`, "broken");
    await stage.page.keyboard.press("F2");
    await stage.page.waitForSelector(`#row-${line.id}.mine`);
    const [first, second] = stage.of("claim");
    assert.equal(first.key, second.key);
  });
});

test("nothing is done in another's name: who signs in on another tab has the cookie, not her desk", async () => {
  const line = recent();
  stage.add(line);
  await stage.console();
  stage.session = { ...stage.session, user: "leader", name: "班长" };
  const gone = stage.page.waitForRequest(/index\.html\?ended=1/);
  await stage.page.keyboard.press("F2");
  await gone;
  await stage.page.locator(".who", { hasText: "班长" }).waitFor(); // the sign-in goes on as whom there is
  assert.deepEqual(stage.of("claim").map((each) => each.as), ["zhangmin"], "it said whose it was, and was refused");
  assert.equal(stage.lines.get(line.id).state, "raised");
});

test("what stands in the queue isn't read in another's name either, when the connection has to be made anew", async () => {
  stage.add(recent());
  await stage.console();
  stage.session = { ...stage.session, user: "leader", name: "班长" };
  const gone = stage.page.waitForRequest(/index\.html\?ended=1/);
  stage.cut();
  stage.mend();
  await gone;
});

describe("the live channel", () => {
  test("without a beat for five seconds everything is grey, says so, and nothing can be sent", async () => {
    const line = recent({ state: "claimed", holder: "zhangmin" });
    stage.add(line, recent());
    stage.cards.set(line.id, wholeCard(line));
    await stage.console();
    await stage.row(line).click();
    await stage.page.waitForSelector("#note");
    await stage.page.fill("#note", "还没有提交");
    stage.cut();
    await stage.page.waitForSelector(".stale .stale-bar", { timeout: 6500 });
    assert.match(await stage.page.locator(".stale-bar").textContent(), /停止更新 00:0\d.*电话/);
    assert.match(await stage.page.locator(".regions").evaluate((e) => getComputedStyle(e).filter), /grayscale/);
    const acts = stage.page.locator(".acts button, .queue-head button.main, .candidates button, .order button");
    for (const each of await acts.all()) assert.equal(await each.isDisabled(), true);
    const before = stage.calls.filter((each) => each.method === "POST").length;
    await stage.page.keyboard.press("F2");
    await stage.page.waitForFunction(() => // heard by whoever doesn't see the bar
      document.getElementById("alert").textContent.includes("不能提交操作"));
    await stage.settled();
    assert.equal(stage.calls.filter((each) => each.method === "POST").length, before);
    const late = recent();
    stage.add(late);
    stage.mend();
    await stage.page.waitForSelector(".stale-bar", { state: "detached", timeout: 12_000 });
    await stage.row(late).waitFor();
    assert.equal(await stage.page.inputValue("#note"), "还没有提交");
  });

  test("a beat without the time is no sign of life: the house doesn't know what it says to be fresh", async () => {
    stage.add(recent());
    await stage.console();
    stage.isFresh = false;
    await stage.page.waitForSelector(".stale-bar", { timeout: 7500 });

    await stage.page.evaluate(() => {
      globalThis.__classes = [];
      const desk = document.querySelector(".console");
      new MutationObserver(() => globalThis.__classes.push(desk.className))
        .observe(desk, { attributeFilter: ["class"] });
    });
    const late = recent();
    stage.tell([late]);
    await stage.row(late).waitFor();
    assert.deepEqual(await stage.page.evaluate(() => globalThis.__classes), [], "grey all the time");
  });

  test("what was missed is asked for: after a gap the page has all again", async () => {
    const [a, b, c] = [recent(), recent(), recent()];
    stage.add(a);
    await stage.console();
    stage.add(b);
    stage.skipOne();
    stage.tell([c]);
    await stage.row(b).waitFor();
    await stage.row(c).waitFor();
  });

  test("what happens in areas that she doesn't see hides nothing that comes after it", async () => {
    const [a, b] = [recent(), recent()];
    stage.add(a);
    await stage.console();
    stage.tell([]);
    stage.tell([b]);
    await stage.row(b).waitFor();
    stage.tell([]);
    stage.tell([], [a.id]);
    await stage.row(a).waitFor({ state: "detached" });
  });

  test("the end of the session leads to the sign-in", async () => {
    stage.add(recent());
    await stage.console();
    stage.signedIn = false;
    stage.cut();
    stage.mend();
    await stage.page.waitForURL(/index\.html\?ended=1/, { timeout: 10_000 });
  });
});

describe("sound and receipts", () => {
  const tone = () => stage.page.evaluate(() => globalThis.__tones.filter((each) => each.plays).length);
  const gain = () => stage.page.evaluate(() => globalThis.__gains.at(-1).gain.value);

  beforeEach(async () => {
    // What plays: counted where the browser starts and stops it.
    await stage.context.addInitScript(() => {
      globalThis.__tones = [];
      globalThis.__gains = [];
      const { createGain } = BaseAudioContext.prototype;
      BaseAudioContext.prototype.createGain = function () {
        const made = createGain.call(this);
        globalThis.__gains.push(made);
        return made;
      };
      const { start, stop } = AudioBufferSourceNode.prototype;
      AudioBufferSourceNode.prototype.start = function (...how) {
        this.__tone = { seconds: this.buffer.duration, loops: this.loop, plays: true };
        globalThis.__tones.push(this.__tone);
        this.addEventListener("ended", () => (this.__tone.plays = false));
        return start.apply(this, how);
      };
      AudioBufferSourceNode.prototype.stop = function (when) {
        if (!when) {
          this.__tone.plays = false;
          globalThis.__quietAt = performance.now();
        }
        return stop.call(this, when);
      };
    });
  });

  test("before 上岗 a red bar says that nobody hears; the tones are played and asked about", async () => {
    await stage.console();
    await stage.page.waitForSelector(".sound-bar");
    await stage.page.click(".sound-bar button");
    const yes = stage.page.locator("dialog button.main");
    assert.equal(await yes.isDisabled(), true);
    await stage.until(() => yes.isEnabled(), 10_000);
    const seconds = await stage.page.evaluate(() => globalThis.__tones.map((each) => each.seconds));
    assert.deepEqual(seconds, [5, 15]);
    assert.equal(stage.of("duty").length, 0);
    await yes.click();
    await stage.page.waitForSelector(".sound-bar", { state: "detached" });
    assert.deepEqual(stage.of("duty")[0].body, { onDuty: true });
  });

  test("a call rings, one voice; claimed anywhere it is quiet within 500 ms", async () => {
    await stage.console();
    await stage.goOnDuty();
    const [first, second] = [recent(), recent()];
    stage.tell([first, second, important()]);
    await stage.until(async () => (await tone()) === 1);
    const claimed = (line) => ({ ...line, state: "claimed", holder: "lina", version: 2 });
    stage.tell([claimed(first)]);
    await stage.page.waitForSelector(`#row-${first.id}:not(.pinned)`);
    assert.equal(await tone(), 1, "the second still rings");
    await stage.page.evaluate((id) => { // by the page's clock: when it hears of it
      const { parse } = JSON;
      JSON.parse = (text, ...more) => {
        if (`${text}`.includes(id)) globalThis.__heardAt ??= performance.now();
        return parse(text, ...more);
      };
    }, second.id);
    stage.tell([claimed(second)], [...stage.lines.values()].filter((l) => l.level === 2).map((l) => l.id));
    await stage.until(async () => (await tone()) === 0);
    const took = await stage.page.evaluate(() => globalThis.__quietAt - globalThis.__heardAt);
    assert.ok(took >= 0 && took < 500, `${took} ms`);
  });

  test("F8 makes an emergency quieter, never silent", async () => {
    await stage.console();
    await stage.goOnDuty();
    stage.tell([recent()]);
    await stage.until(async () => (await tone()) === 1);
    assert.equal(await gain(), 1);
    await stage.page.keyboard.press("F8");
    await stage.page.waitForFunction(() => /静音中/.test(document.querySelector(".top").textContent));
    await stage.until(async () => (await gain()) < 0.5);
    assert.ok(await gain() > 0.29, `${await gain()}`); // what is quieter nobody hears
    assert.equal(await tone(), 1);
  });

  test("on duty, an emergency that is painted is receipted, once", async () => {
    await stage.console();
    await stage.goOnDuty();
    const call = recent();
    stage.tell([call]);
    await stage.until(() => stage.painted.length > 0);
    stage.tell([{ ...call, version: 2, signals: 2 }]);
    await stage.page.waitForFunction(() => /×2/.test(document.querySelector(".band").textContent));
    await stage.settled();
    assert.deepEqual(stage.painted, [call.id]);
  });

  test("what came while the desk was grey is receipted when the house is heard again", async () => {
    await stage.console();
    await stage.goOnDuty();
    stage.isFresh = false;
    await stage.page.waitForSelector(".stale-bar", { timeout: 7500 });
    const call = recent();
    stage.tell([call]);
    await stage.row(call).waitFor();
    await stage.settled();
    assert.deepEqual(stage.painted, [], "it is not known to be so");
    stage.isFresh = true;
    await stage.until(() => stage.painted.length > 0);
    assert.deepEqual(stage.painted, [call.id]);
  });

  test("off duty, behind another window, or claimed already: no receipt", async () => {
    const call = recent();
    await stage.console();
    stage.tell([call]);
    await stage.row(call).waitFor();
    await stage.settled();
    assert.deepEqual(stage.painted, []);
    await stage.goOnDuty();
    await stage.until(() => stage.painted.length === 1);
    await stage.page.evaluate(() =>
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true }));
    const unseen = recent();
    stage.tell([unseen, claimedBy("lina")]);
    await stage.row(unseen).waitFor();
    const later = important();
    stage.tell([later]);
    await stage.row(later).waitFor();
    await stage.settled();
    assert.deepEqual(stage.painted, [call.id]);
    await stage.page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "visible", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await stage.until(() => stage.painted.length === 2);
    assert.deepEqual(stage.painted, [call.id, unseen.id]);
  });

  test("the title and the icon count what nobody has", async () => {
    const call = recent();
    stage.add(call);
    await stage.console();
    await stage.page.waitForFunction(() => document.title.startsWith("(1) ⚠"));
    stage.tell([{ ...call, state: "claimed", holder: "lina" }]);
    await stage.page.waitForFunction(() => !document.title.includes("⚠"));
  });
});

describe("the card", () => {
  test("says who, where, what to beware of; red when nobody has stood before that door", async () => {
    const line = withOrder();
    stage.add(line);
    stage.cards.set(line.id, wholeCard(line));
    await stage.console();
    await stage.row(line).click();
    await stage.page.waitForSelector(".unverified");
    const text = await stage.page.locator("#card-region").textContent();
    for (const part of ["王秀兰", "82 岁", "3 单元 501", "有狗", "左耳背", "139****8888", "女儿",
      "不可告知", "住院", "邻居", "跌倒 · 已帮助"]) assert.ok(text.includes(part), part);
    assert.match(await stage.page.locator("#help-region").textContent(), /赵护士.*820 米.*5 分钟/s);
    assert.match(await stage.page.locator("#help-region").textContent(), /马师傅.*不当班/s);
  });

  test("a number is masked until it is asked for, and asking is a deed", async () => {
    const line = recent();
    stage.add(line);
    stage.cards.set(line.id, wholeCard(line));
    await stage.console();
    await stage.row(line).click();
    await stage.page.waitForSelector(".address");
    assert.equal(stage.of("reveal").length, 0);
    await stage.page.getByRole("button", { name: "查看 电话", exact: true }).click();
    await stage.page.getByText("13912348888").waitFor();
    assert.deepEqual(stage.of("reveal")[0].body, { field: "phone", resident: "r1" });
    await stage.page.keyboard.press("Escape");
    await stage.page.keyboard.press("Escape");
    await stage.page.waitForSelector(".address", { state: "detached" });
    await stage.row(line).click();
    await stage.page.waitForSelector(".address");
    assert.equal(await stage.page.getByText("13912348888").count(), 0);
  });

  const code = "钥匙在电表箱，密码 4711";
  const asksForTheCode = () => stage.page.getByRole("button", { name: "查看 门禁", exact: true }).click();

  test("a door's code doesn't stand under another address: who calls from elsewhere is asked for anew", async () => {
    stage.house = (_, url) => url.pathname.endsWith("/reveal") ? { status: 200, body: { text: code } } : undefined;
    const line = recent();
    const card = wholeCard(line);
    stage.add(line);
    stage.cards.set(line.id, card);
    await stage.console();
    await stage.row(line).click();
    await asksForTheCode();
    await stage.page.getByText(code).waitFor();
    assert.deepEqual(stage.of("reveal")[0].body, { field: "access_notes" });
    stage.cards.set(line.id, { ...card,
      home: { ...card.home, id: "h2", roughPlace: "北街3号", accessNotes: "••••" } });
    stage.tell([{ ...line, version: 2 }]);
    await stage.page.waitForSelector(".address:has-text('北街3号')");
    assert.equal(await stage.page.getByText(code).count(), 0);
    assert.equal(await stage.page.getByText("••••").count(), 1);
    assert.equal(stage.of("reveal").length, 1, "nor is the other one's asked for by itself");
  });

  test("what was asked for on one card doesn't come up on the next, however late the answer is", async () => {
    const letGo = stage.holdsBack("reveal", { text: code });
    const [one, other] = [recent(), recent({ name: "李**" })];
    for (const line of [one, other]) {
      stage.add(line);
      stage.cards.set(line.id, wholeCard(line));
    }
    await stage.console();
    await stage.row(one).click();
    await asksForTheCode();
    await stage.until(() => stage.of("reveal").length === 1);
    await stage.row(other).click();
    await stage.page.waitForFunction((id) => location.hash === `#${id}`, other.id);
    const answered = stage.page.waitForResponse(/\/reveal$/);
    letGo();
    await (await answered).finished();
    await stage.settled();
    await stage.page.waitForSelector(".address");
    assert.equal(await stage.page.getByText(code).count(), 0);
  });

  test("hostile text is text", async () => {
    const evil = '<img src=x onerror="window.__evil=1"><script>window.__evil=1</script>';
    const line = recent({ name: evil, place: evil });
    const card = wholeCard(line);
    card.residents[0].notes = evil;
    card.log[0].text = evil;
    stage.add(line);
    stage.cards.set(line.id, card);
    await stage.console();
    await stage.row(line).click();
    await stage.page.getByText("onerror").first().waitFor();
    assert.equal(await stage.page.evaluate(() => globalThis.__evil), undefined);
    assert.equal(await stage.page.locator("img").count(), 0);
  });

  test("whoever may not is offered nothing", async () => {
    stage.session.may = ["see_queue", "see_card"];
    const line = withOrder();
    stage.add(line);
    stage.cards.set(line.id, wholeCard(line));
    await stage.console();
    await stage.row(line).click();
    await stage.page.waitForSelector(".address");
    assert.equal(await stage.page.locator(".acts button, .candidates button, .masked button").count(), 0);
    await stage.page.keyboard.press("F2");
    await stage.settled();
    assert.equal(stage.of("claim").length, 0);
  });

  test("a word that the page doesn't know is shown as it is", async () => {
    const line = recent({ kind: "earthquake" });
    stage.add(line);
    await stage.console();
    assert.match(await stage.row(line).textContent(), /earthquake/);
  });
});
