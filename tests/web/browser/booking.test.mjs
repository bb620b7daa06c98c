// A life service is booked by keyboard alone in five fields; what comes is listed, moved, cancelled;
// an unhappy word becomes a complaint, which somebody else answers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { alert, request } from "../support/lines.mjs";
import { openBrowser, operator, Stage, wholeCard } from "../support/stage.mjs";

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const catalogue = [
  { code: "meal", zh: "助餐", en: "Meal", group: "meal", unit: "meal", minutes: 30, priceFen: 1500, initials: "zc" },
  { code: "bath", zh: "助浴", en: "Bath", group: "bath", unit: "visit", minutes: 90, priceFen: 6000, initials: "zy" },
  { code: "medical", zh: "助医", en: "Doctor", group: "medical", unit: "visit", minutes: 180, initials: "zy" },
];
const lunch = (more) => ({
  id: "0192a0b0-0000-7000-8000-00000000b001", number: "620102-1128-9", service: "meal",
  request: "0192a0b0-0000-7000-8000-00000000a001", state: "requested", version: 3,
  from: "2026-11-29T03:30:00Z", until: "2026-11-29T04:00:00Z", resident: "r1", name: "王**",
  place: "南河街", ...more,
});

// As the house gives them: by the window's beginning, a page of at most a hundred.
function pageOf(bookings, asked) {
  const from = Date.parse(asked.get("from") ?? "1970-01-01T00:00:00Z");
  const meant = bookings.filter((each) => Date.parse(each.until) > from)
    .sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
  const perPage = Math.min(100, Number(asked.get("per_page") ?? 50));
  const page = Number(asked.get("page") ?? 1);
  return { bookings: meant.slice((page - 1) * perPage, page * perPage), total: meant.length, page, perPage,
    inTrouble: meant.filter((each) => ["unfilled", "no_access", "stood_down"].includes(each.state)).length };
}

// What the house of these tests has, and what it was told.
function houseOf(stage, { bookings = [lunch()], refuse } = {}) {
  stage.booked = [];
  stage.complaints = [];
  stage.house = (method, url, body) => {
    const { pathname: path } = url;
    if (path === "/v1/catalogue") return { status: 200, body: { services: catalogue } };
    if (path === "/v1/bookings/residents") {
      const found = url.searchParams.get("q") === "13912348888"
        ? [{ id: "r1", name: "王**", phone: "139****8888", home: "h1", status: "present" }] : [];
      return { status: 200, body: { people: found } };
    }
    if (path === "/v1/bookings" && method === "GET") return { status: 200, body: pageOf(bookings, url.searchParams) };
    if (path === "/v1/bookings") {
      if (refuse) return refuse;
      stage.booked.push(body);
      return { status: 200, body: lunch({ from: body.from, until: body.until }) };
    }
    if (path === "/v1/complaints" && method === "POST") {
      stage.complaints.push(body);
      return { status: 200, body: { id: "c1", dueAt: "2026-12-04T16:00:00Z", state: "open" } };
    }
    return undefined;
  };
}

async function atTheDesk(act, { lines = [], cards = [], house = {}, ...options } = {}) {
  const stage = await Stage.open(browser, options);
  stage.session = { ...operator, onDuty: true, may: [...operator.may, "book", "complain"] };
  stage.add(...lines);
  for (const [id, card] of cards) stage.cards.set(id, card);
  houseOf(stage, house);
  try {
    await stage.console();
    const done = await act(stage, stage.page);
    assert.deepEqual(stage.faults, []);
    return done;
  } finally {
    await stage.close();
  }
}

const asked = () => request({ name: "王**" });
const withCard = (line, more = {}) => ({ lines: [line], cards: [[line.id, { ...wholeCard(line), ...more }]] });

async function opensCard(page, line) {
  await page.focus("[role=grid]");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".address");
  await page.waitForFunction(() => document.activeElement?.id === "card-region");
}

test("a green key is answered by a booking, by keyboard alone: who, what, when", () => {
  const line = asked();
  return atTheDesk(async (stage, page) => {
    await opensCard(page, line);
    await page.keyboard.press("b");
    await page.waitForSelector("dialog[open] #book-service");
    assert.ok(await page.locator("dialog[open]").locator("input, select, textarea").count() < 6);
    assert.match(await page.innerText("dialog[open]"), /王秀兰/);
    await page.focus("#book-service");
    await page.keyboard.type("zc");
    await page.keyboard.press("Enter");
    assert.equal(await page.inputValue("#book-service"), "助餐");
    assert.match(await page.innerText("#book-service-told"), /15\.00 元\/份/);
    await page.keyboard.press("Tab"); // the day is tomorrow
    await page.keyboard.press("Tab");
    await page.selectOption("#book-time", "11:30");
    await page.keyboard.press("Tab");
    await page.keyboard.type("不要葱");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("dialog[open]", { state: "detached" });
    const [wish] = stage.booked;
    assert.equal(wish.resident, "r1");
    assert.equal(wish.service, "meal");
    assert.equal(wish.request, line.id);
    assert.equal(wish.words, "不要葱");
    assert.match(wish.from, /T03:30:00.000Z$/);
    assert.equal(Date.parse(wish.until) - Date.parse(wish.from), 30 * 60_000);
    const tomorrow = new Date(Date.now() + 8 * 3_600_000 + 86_400_000).toISOString().slice(0, 10);
    assert.equal(wish.from.slice(0, 10), tomorrow);
    await page.waitForSelector("#status:has-text('已预约')", { state: "attached" });
  }, withCard(line));
});

test("who is on the telephone is found by the whole number, from the queue", () =>
  atTheDesk(async (stage, page) => {
    await page.focus("[role=grid]");
    await page.keyboard.press("b");
    await page.waitForSelector("#book-who");
    await page.keyboard.type("13912348888");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#book-who-found:has-text('r1')");
    await page.fill("#book-service", "助浴");
    await page.keyboard.press("Control+Enter");
    await stage.until(() => stage.booked.length === 1);
    assert.equal(stage.booked[0].resident, "r1");
    assert.equal(stage.booked[0].service, "bath");
    assert.equal(stage.booked[0].request, undefined);
  }, { lines: [asked()] }));

test("what is missing is said at its field, and nothing that was typed is lost", () => {
  const line = asked();
  return atTheDesk(async (stage, page) => {
    await opensCard(page, line);
    await page.keyboard.press("b");
    await page.fill("#book-words", "不要葱");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("#book-service-wrong");
    await page.waitForFunction(() => document.activeElement?.id === "book-service");
    assert.equal(await page.inputValue("#book-words"), "不要葱");
    assert.equal(stage.booked.length, 0);
    await page.keyboard.type("zc");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("#book-wrong"); // the house says so of the window
    assert.equal(await page.inputValue("#book-words"), "不要葱");
    assert.equal(await page.getAttribute("#book-time", "aria-invalid"), "true");
  }, { ...withCard(line), house: { refuse: { status: 422, body: { code: "wrong", field: "until" } } } });
});

test("Escape closes the list of services first, then the dialog", () =>
  atTheDesk(async (stage, page) => {
    await page.focus("[role=grid]");
    await page.keyboard.press("b");
    await page.fill("#book-service", "z");
    await page.waitForSelector("#book-services li:visible");
    assert.equal(await page.locator("#book-services li:visible").count(), 3);
    await page.keyboard.press("Escape");
    await page.waitForSelector("#book-services li", { state: "hidden" });
    assert.equal(await page.locator("dialog[open]").count(), 1);
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "detached" });
  }, { lines: [asked()] }));

test("what comes is listed, with what is in trouble; it is moved and cancelled with a reason", () =>
  atTheDesk(async (stage, page) => {
    await page.click("button:has-text('预约 2'):has-text('1 单有问题')");
    await page.waitForSelector(".bookings li.trouble:has-text('时段已过')");
    const row = page.locator(".bookings li", { hasText: "620102-1128-9" });
    await row.locator("button:has-text('改期')").click();
    await page.keyboard.press("Enter"); // the button is gone: nothing happens
    await row.locator("button[type=submit]").click();
    await page.waitForSelector("#move-why-wrong");
    await page.selectOption("#move-day", { index: 3 });
    await page.selectOption("#move-time", "17:00");
    await page.fill("#move-why", "女儿来吃午饭");
    await page.keyboard.press("Enter");
    await stage.until(() => stage.of("move").length === 1);
    const moved = stage.of("move")[0];
    assert.equal(moved.version, "\"3\"");
    assert.equal(moved.body.text, "女儿来吃午饭");
    assert.match(moved.body.from, /T09:00:00.000Z$/);
    await row.locator("button:has-text('取消预约')").click();
    await page.fill("#move-why", "不饿");
    await page.keyboard.press("Enter");
    await stage.until(() => stage.of("cancel").length === 1);
    assert.equal(stage.of("cancel")[0].body.text, "不饿");
  }, { house: { bookings: [lunch(), lunch({ id: "0192a0b0-0000-7000-8000-00000000b002", number: "620102-1128-8",
    service: "bath", state: "unfilled", reason: "window_over" })] } }));

// A hundred that nobody has ended, and tomorrow's lunch behind them.
const hundredOld = Array.from({ length: 100 }, (_, n) => lunch({
  id: `0192a0b0-0000-7000-8000-00000000e${String(n).padStart(3, "0")}`, number: `620102-1101-${n}`,
  state: "unfilled", reason: "window_over",
  from: "2024-11-01T03:30:00Z", until: "2024-11-01T04:00:00Z" }));
function tomorrowsLunch() {
  const day = new Date(Date.now() + 8 * 3_600_000 + 86_400_000).toISOString().slice(0, 10);
  return lunch({ from: `${day}T03:30:00Z`, until: `${day}T04:00:00Z` });
}

test("the hundred and first is told of, and moved from the next page", () =>
  atTheDesk(async (stage, page) => {
    await page.click("button:has-text('预约 101'):has-text('100 单有问题')");
    await page.waitForSelector(".bookings:has-text('后面还有 1 单')");
    assert.equal(await page.locator(".bookings li").count(), 100);
    const row = page.locator(".bookings li", { hasText: "620102-1128-9" });
    assert.equal(await row.count(), 0);
    await page.click(".bookings nav button:has-text('下一页')");
    await row.waitFor();
    assert.equal(await page.locator(".bookings li").count(), 1);
    assert.match(await page.innerText(".bookings nav"), /第 2 页，共 2 页/);
    await row.locator("button:has-text('改期')").click();
    await page.fill("#move-why", "女儿来吃午饭");
    await page.keyboard.press("Enter");
    await stage.until(() => stage.of("move").length === 1);
    await page.waitForSelector("#move-why", { state: "detached" });
    assert.equal(await row.count(), 1, "she stays where she was");
    assert.deepEqual(await stage.accessibilityFaults(), []);
    await page.click(".bookings nav button:has-text('上一页')");
    await page.waitForFunction(() => document.querySelectorAll(".bookings li").length === 100);
  }, { house: { bookings: [...hundredOld, tomorrowsLunch()] } }));

test("a day is looked at by itself, and the top tells of all", () =>
  atTheDesk(async (stage, page) => {
    await page.click("button:has-text('预约 101')");
    await page.selectOption("#bookings-from", { index: 2 }); // all, today, tomorrow
    await page.waitForFunction(() => document.querySelectorAll(".bookings li").length === 1);
    assert.match(await page.innerText(".bookings li"), /620102-1128-9/);
    assert.equal(await page.locator(".bookings nav").count(), 0);
    assert.equal(await page.locator("button:has-text('预约 101')").count(), 1);
  }, { house: { bookings: [...hundredOld, tomorrowsLunch()] } }));

test("when a page's last one is cancelled, the page before it is shown", () => {
  const bookings = [...hundredOld, tomorrowsLunch()];
  return atTheDesk(async (stage, page) => {
    await page.click("button:has-text('预约 101')");
    await page.click(".bookings nav button:has-text('下一页')");
    const row = page.locator(".bookings li", { hasText: "620102-1128-9" });
    await row.locator("button:has-text('取消预约')").click();
    await page.fill("#move-why", "不饿");
    bookings.pop();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelectorAll(".bookings li").length === 100);
    assert.equal(await page.locator(".bookings nav").count(), 0);
  }, { house: { bookings } });
});

test("who was called back and hasn't said so stands in trouble, with what is waited for", () =>
  atTheDesk(async (_, page) => {
    await page.click("button:has-text('预约 1'):has-text('1 单有问题')");
    const row = page.locator(".bookings li.trouble:has-text('赵师傅')");
    assert.match(await row.innerText(), /⚠ 撤回[^]*等他确认已返回/);
    assert.equal(await row.locator("button").count(), 1, "it can be opened, and nothing else");
  }, { house: { bookings: [lunch({ state: "stood_down", worker: "k2", workerName: "赵师傅", reason: "不饿" })] } }));

test("a booking for somebody who is in hospital by now stands in trouble, and says so", () =>
  atTheDesk(async (_, page) => {
    await page.click("button:has-text('预约 1')");
    const row = page.locator(".bookings li.trouble:has-text('老人住院')");
    assert.match(await row.innerText(), /⚠ 已接单/);
    assert.equal(await row.locator("button:has-text('取消预约')").count(), 1);
  }, { house: { bookings: [lunch({ state: "accepted", worker: "k2", reason: "resident_hospital" })] } }));

const done = { id: "0192a0b0-0000-7000-8000-00000000b001", number: "620102-1128-9", version: 4,
  service: "meal", state: "completed", place: "home" };

test("an unhappy follow-up offers the complaint, with its words", () => {
  const line = request({ state: "open", orders: [done] });
  return atTheDesk(async (stage, page) => {
    await opensCard(page, line);
    await page.click(".order button:has-text('回访')");
    await page.check("dialog[open] input[name=rating][value='1']");
    await page.fill("#words", "饭是冷的");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("#complaint-kind");
    assert.equal(await page.inputValue("#complaint-words"), "饭是冷的");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("#complaint-kind-wrong");
    await page.selectOption("#complaint-kind", "poor_work");
    await page.fill("#complaint-complainer", "女儿");
    await page.keyboard.press("Control+Enter");
    await stage.until(() => stage.complaints.length === 1);
    assert.deepEqual(stage.complaints[0],
      { order: done.id, kind: "poor_work", complainer: "女儿", words: "饭是冷的" });
    await page.waitForSelector("#status:has-text('投诉已登记')", { state: "attached" });
  }, withCard(line));
});

test("a closed alert can be complained of", () => {
  const line = alert(1, { state: "closed", outcome: "helped" });
  return atTheDesk(async (stage, page) => {
    await page.goto(`${page.url().split("#")[0]}#${line.id}`);
    await page.reload();
    await page.waitForSelector(".address");
    await page.click(".card-head button:has-text('投诉')");
    await page.selectOption("#complaint-kind", "not_helped");
    await page.fill("#complaint-complainer", "儿子");
    await page.fill("#complaint-words", "没有人回电话");
    await page.keyboard.press("Control+Enter");
    await stage.until(() => stage.complaints.length === 1);
    assert.equal(stage.complaints[0].alert, line.id);
  }, { lines: [asked()], cards: [[line.id, wholeCard(line)]] });
});

const dialogs = {
  "the booking": async (page) => {
    await page.focus("[role=grid]");
    await page.keyboard.press("b");
    await page.waitForSelector("#book-who");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("#book-service-wrong");
    await page.fill("#book-service", "z");
    await page.waitForSelector("#book-services li:visible");
  },
  "what comes": async (page) => {
    await page.click(".top button:has-text('1')");
    await page.waitForSelector(".bookings li");
    await page.click(".bookings li button:nth-of-type(2)");
    await page.waitForSelector("#move-time");
  },
  "a complaint": async (page, line) => {
    await opensCard(page, line);
    await page.click(".order button:last-of-type");
    await page.waitForSelector("#complaint-kind");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("#complaint-kind-wrong");
  },
};
for (const language of ["zh-CN", "en"])
  for (const colorScheme of ["light", "dark"])
    for (const [name, enter] of Object.entries(dialogs))
      test(`axe finds nothing wrong with ${name}, ${language}, ${colorScheme}`, () => {
        const line = request({ orders: [{ ...done, state: "followed_up" }] });
        return atTheDesk(async (stage, page) => {
          await enter(page, line);
          assert.deepEqual(await stage.accessibilityFaults(), []);
        }, { ...withCard(line), language, colorScheme });
      });

// ------------------------------------------------------------------ /admin
const told = { id: "0192a0b0-0000-7000-8000-00000000c001", kind: "late", state: "open", version: 1,
  orderNumber: "620102-1128-9", worker: "k1", workerName: "赵师傅", name: "王**", writtenBy: "zhangmin",
  at: "2024-11-20T03:00:00Z", dueAt: "2024-11-27T16:00:00Z" };

for (const language of ["zh-CN", "en"])
  test(`a supervisor answers a complaint, and it is accepted, in ${language}`, async () => {
    const stage = await Stage.open(browser, { language });
    stage.session = { ...operator, role: "city_supervisor",
      may: ["see_reports", "complain", "answer_complaint"] };
    let now = { ...told };
    stage.house = (method, url) => {
      const { pathname: path } = url;
      if (path === "/v1/complaints") return { status: 200, body: { complaints: [now], total: 1, page: 1, perPage: 50 } };
      if (path.endsWith("/answer")) now = { ...now, state: "answered", answer: "已道歉", answeredBy: "zhangmin" };
      if (path.endsWith("/accept")) now = { ...now, state: "accepted", dueAt: undefined };
      if (path.startsWith("/v1/complaints/"))
        return { status: 200, body: { ...now, complainer: "女儿", words: "迟到一小时" } };
      return undefined;
    };
    try {
      const { page } = stage;
      await stage.admin("?at=complaints");
      const late = await page.textContent(".records .late th");
      assert.match(late, language === "en" ? /overdue/ : /超期/, "told by a word, not by colour alone");
      await page.click(".records a");
      await page.waitForSelector("section:has-text('迟到一小时')");
      assert.deepEqual(await stage.accessibilityFaults(), []);
      await page.click("section button.main");
      await page.waitForSelector("#complaint-wrong");
      await page.fill("#complaint-answer", "已道歉");
      await page.click("section button.main");
      await stage.until(() => stage.of("answer").length === 1);
      assert.deepEqual(stage.of("answer")[0].body, { text: "已道歉", state: "open" });
      await page.click("section .row-of-buttons button:not(.main)");
      await stage.until(() => stage.of("accept").length === 1);
      await page.waitForSelector("#complaint-answer", { state: "detached" });
      assert.deepEqual(stage.faults, []);
    } finally {
      await stage.close();
    }
  });

// Two complaints; what the house says to one act of the first waits until it is let go.
async function withTwoComplaints(act, heldAct) {
  const stage = await Stage.open(browser);
  stage.session = { ...operator, role: "city_supervisor", may: ["see_reports", "complain", "answer_complaint"] };
  const two = [told, { ...told, id: told.id.replace(/1$/, "2") }].map((each, n) => ({ ...each, words: `第${n + 1}件` }));
  let letGo;
  const held = new Promise((done) => (letGo = done));
  stage.house = async (_method, { pathname: path }) => {
    if (path === "/v1/complaints") return { status: 200, body: { complaints: two, total: 2, page: 1, perPage: 50 } };
    const one = two.find((each) => path.startsWith(`/v1/complaints/${each.id}`));
    if (one === two[0] && path.endsWith(heldAct)) await held;
    return one && { status: 200, body: path.endsWith("/answer") ? { ...one, state: "answered", answer: "已道歉" } : one };
  };
  try {
    await stage.admin("?at=complaints");
    await act(stage.page, stage, { two, letGo, link: (n) => stage.page.locator(".records th a").nth(n) });
    assert.deepEqual(stage.faults, []);
  } finally {
    await stage.close();
  }
}

test("a complaint that is read late doesn't take the place of the one that is open", () =>
  withTwoComplaints(async (page, stage, { two, letGo, link }) => {
    await link(0).click();
    await link(1).click();
    await page.waitForSelector("section:has-text('第2件')");
    letGo();
    await stage.settled();
    await page.fill("#complaint-answer", "已道歉");
    await page.click("section button.main");
    await stage.until(() => stage.of("answer").length === 1);
    assert.equal(stage.of("answer")[0].path, `/v1/complaints/${two[1].id}/answer`);
  }, told.id));

test("words about one complaint are asked for before another one is opened, and come to no other", () =>
  withTwoComplaints(async (page, stage, { letGo, link }) => {
    await link(0).click();
    await page.fill("#complaint-answer", "已道歉");
    await page.click("section button.main");
    await link(1).click();
    await page.click("dialog button:not(.main)");
    await page.waitForSelector("section:has-text('第2件')");
    await page.fill("#complaint-answer", "正在核实");
    letGo();
    await page.waitForSelector(".toast:has-text('已答复')");
    assert.equal(await page.inputValue("#complaint-answer"), "正在核实");
    await link(0).click();
    await page.waitForSelector("dialog");
    assert.match(page.url(), /2$/, "what is written of the second is guarded as well");
  }, "/answer"));

// ------------------------------------------------------------------ /m
test("a worker sees when he is wished for, and once he has accepted, what she wishes", async () => {
  const stage = await Stage.open(browser, { viewport: { width: 390, height: 844 } });
  stage.session = { user: "qian", role: "worker", provider: "p1", worker: "k1",
    may: ["see_own_offers", "reply_own"] };
  const booked = (state, more) => ({ orderState: state === "OPEN" ? "offered" : "accepted", worker: "k1",
    offer: { offerId: "0192a0b0-0000-7000-8000-00000000d001", version: 1, state: `OFFER_STATE_${state}`,
      service: "meal", priority: 3, expiresAt: new Date(Date.now() + 600_000).toISOString(),
      wishedFrom: "2026-11-29T03:30:00Z", wishedUntil: "2026-11-29T04:00:00Z", ...more } });
  stage.own = [booked("OPEN")];
  try {
    await stage.page.goto("https://linli.test/m");
    await stage.page.waitForSelector(".offer .wished:has-text('11:30–12:00')");
    stage.own = [booked("ACCEPTED", { version: 2, visit: { name: "王秀兰", door: "501", wishes: "不要葱" } })];
    await stage.page.reload();
    await stage.page.waitForSelector(".visit .notes:has-text('不要葱')");
    assert.match(await stage.page.innerText(".visit .wished"), /11\/29 11:30–12:00/);
    assert.deepEqual(await stage.accessibilityFaults(), []);
  } finally {
    await stage.close();
  }
});
