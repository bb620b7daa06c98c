// The administration in a real browser, on a small registry that keeps to the contract.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { administrator, everything, ofTheData, RegistryHouse } from "../support/registry_house.mjs";
import { openBrowser, Stage } from "../support/stage.mjs";

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

async function inOffice(query, act, { session = everything, mayChange = true, isCompany = false, ...options } = {}) {
  const stage = await Stage.open(browser, { viewport: { width: 1366, height: 900 }, ...options });
  const house = new RegistryHouse();
  house.mayChange = mayChange;
  house.isCompany = isCompany;
  stage.session = { ...session };
  stage.house = (method, url, body) => house.answer(method, url, body);
  try {
    await stage.admin(query);
    await act(stage.page, house, stage);
    assert.deepEqual(stage.outside, [], "no other host is asked for anything");
    assert.deepEqual(stage.faults, [], "no error, and nothing that the policy forbids");
  } finally {
    await stage.close();
  }
}

const part = (page, name) => page.locator(`section.part[aria-label="${name}"]`);
const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);
const changesOf = (stage, path) => stage.calls.filter((each) => each.method === "POST" && each.path === path);

// By Tab alone, as far as it takes.
async function tabTo(page, wanted) {
  for (let n = 0; n < 120; ++n) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((css) => document.activeElement?.matches(css), wanted)) return;
  }
  assert.fail(`Tab doesn't lead to ${wanted}`);
}

describe("who comes here", () => {
  for (const [role, page] of [["administrator", "admin"], ["city_supervisor", "admin"], ["area_officer", "admin"],
    ["audit_officer", "admin"], ["operator", "console"]])
    test(`the sign-in leads the ${role} to /${page}`, async () => {
      const stage = await Stage.open(browser);
      try {
        stage.session = { ...administrator, role };
        await stage.page.goto("https://linli.test/index.html");
        await stage.page.waitForURL(`https://linli.test/${page}*`);
      } finally {
        await stage.close();
      }
    });

  test("the menu has only what the session may", () =>
    inOffice("?at=tonight", async (page) => {
      const items = await page.locator(".side a").allTextContents();
      assert.deepEqual(items, ["今晚", "月报", "热线", "谁看了谁"]);
      await page.goto("https://linli.test/admin?at=users");
      await page.waitForSelector("main h1");
      assert.match(await page.textContent("main"), /没有权限/);
    }, { session: { ...administrator, role: "audit_officer", may: ["see_reports", "see_access_log"] } }));

  test("a shift leader, who reads reports, goes there from the desk; an operator isn't offered it", async () => {
    for (const [right, links] of [["see_reports", 1], ["see_card", 0]]) {
      const stage = await Stage.open(browser);
      try {
        stage.session = { ...administrator, role: "shift_leader", may: ["see_queue", right] };
        await stage.console();
        assert.equal(await stage.page.locator("header a[href='./admin']").count(), links);
      } finally {
        await stage.close();
      }
    }
  });

  test("whoever has no session comes to the sign-in and from there back here", async () => {
    const stage = await Stage.open(browser);
    try {
      stage.signedIn = false;
      const house = new RegistryHouse();
      stage.session = { ...everything };
      stage.house = (method, url, body) => house.answer(method, url, body);
      await stage.page.goto("https://linli.test/admin?at=residents&q=R11");
      await stage.page.waitForURL(/index\.html\?ended=1/);
      await stage.page.fill("#user", "admin");
      await stage.page.fill("#password", "right");
      await stage.page.keyboard.press("Enter");
      await stage.page.waitForURL("https://linli.test/admin?at=residents&q=R11");
      await stage.page.waitForSelector("tbody tr");
    } finally {
      await stage.close();
    }
  });
});

describe("signing out", () => {
  test("that the house refuses is told, and he stays where he is", () =>
    inOffice("?at=residents", async (page, _house, stage) => {
      stage.answers.set("DELETE /v1/session", { status: 409, body: { code: "holding" } });
      await page.click("header button:has-text('退出')");
      await page.waitForSelector(".toast.bad:has-text('手上还有案件')");
      assert.match(page.url(), /admin\?at=residents/);
      await page.click("header button:has-text('退出')");
      await page.waitForURL(/index\.html\?ended=1/);
    }));

  test("in vain leaves what was written guarded", () =>
    inOffice("?at=residents&key=R1", async (page, _house, stage) => {
      await part(page, "老人登记信息").locator("select").first().selectOption("away");
      stage.answers.set("DELETE /v1/session", { status: 503, body: { code: "away" } });
      await page.click("header button:has-text('退出')");
      await page.click("dialog button:not(.main)");
      await page.waitForSelector(".toast.bad:has-text('数据库连不上')");
      await page.click(".side a:has-text('住所')");
      await page.waitForSelector("dialog");
      assert.match(page.url(), /key=R1/);
    }));

  test("of somebody else on another tab: nothing is done in his name, and what is written stays", () =>
    inOffice("?at=residents&key=R1", async (page, house, stage) => {
      const data = part(page, "老人登记信息");
      await data.locator("select").first().selectOption("away");
      stage.session = { ...stage.session, user: "lina" };
      await data.locator("button.main").click();
      await page.click("dialog button.main");
      await page.waitForSelector(".notice:has-text('另一个账号')");
      assert.equal(await data.locator("select").first().inputValue(), "away");
      assert.equal(house.rows.residents[0].status, "present");
      assert.equal(changesOf(stage, "/v1/registry/residents/R1").pop().as, "admin");
    }));
});

describe("a list", () => {
  test("is filtered and paged by the house, all of it in the address, and back goes back", () =>
    inOffice("?at=residents", async (page, _house, stage) => {
      assert.match(await page.textContent("h1"), /120/);
      await page.click(".pager a");
      await page.waitForFunction(() => document.querySelector("tbody th")?.textContent === "R51");
      assert.match(page.url(), /at=residents&page=2$/);
      await page.selectOption("#filter-status", "hospital");
      await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
      assert.match(page.url(), /at=residents&status=hospital$/);
      await page.goBack();
      await page.waitForFunction(() => document.querySelector("tbody th")?.textContent === "R51");
      assert.equal(await page.inputValue("#filter-status"), "");
      const asked = stage.calls.filter((each) => each.path === "/v1/registry/residents").length;
      assert.equal(asked, 4);
    }));

  test("names are masked, words are in the page's language, arrows go from row to row", () =>
    inOffice("?at=residents", async (page) => {
      const row = await page.locator("tbody tr").first().textContent();
      assert.match(row, /王\*\*139\*\*\*\*8888在家是/);
      await page.focus("tbody th a");
      await page.keyboard.press("ArrowDown");
      assert.equal(await focused(page), "R2");
    }));

  test("that is empty says so and what to do", () =>
    inOffice("?at=residents&q=nobody", async (page) => {
      await page.waitForSelector(".state");
      assert.match(await page.textContent(".state"), /没有符合条件/);
      await page.click(".state a");
      await page.waitForSelector("tbody tr");
    }));

  test("that can't be read says why, and is read again", () =>
    inOffice("?at=homes", async (page, _house, stage) => {
      stage.answers.set("GET /v1/registry/devices", { status: 503, body: { code: "away" } });
      await page.click(".side a:has-text('设备')");
      await page.waitForSelector(".state.bad");
      assert.match(await page.textContent(".state.bad"), /数据库/);
      await page.click(".state.bad button");
      await page.waitForSelector("tbody tr");
    }));
});

describe("a record", () => {
  test("by keyboard alone: find a resident, correct the telephone, see the bad cell, save", () =>
    inOffice("?at=residents", async (page, house, stage) => {
      await tabTo(page, "#filter-q");
      await page.keyboard.type("王秀兰");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
      await tabTo(page, "tbody th a");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".hidden-cell");
      assert.match(page.url(), /key=R1/);
      await tabTo(page, ".hidden-cell button[aria-label^='显示电话']");
      await page.keyboard.press("Enter");
      await page.waitForSelector("input[type=tel]");
      assert.deepEqual(house.revealed, ["residents/R1"]);
      assert.match(await focused(page), /^f-residents-\d+-phone$/);
      assert.equal(await page.inputValue("input[type=tel]"), "13912348888");
      await page.keyboard.press("Control+a");
      await page.keyboard.type("12");
      await page.keyboard.press("Enter");
      await page.waitForSelector("dialog");
      assert.match(await page.textContent("dialog"), /电话\s*1391234888812/);
      await page.keyboard.press("Enter");
      assert.equal(changesOf(stage, "/v1/registry/residents/R1").length, 0, "the same key doesn't save as well");
      await page.keyboard.press("Control+Enter");
      await page.waitForSelector(".cell .wrong");
      assert.match(await page.textContent(".cell .wrong"), /不是电话号码 — 填写 3 到 20 位数字/);
    }));

  test("a bad cell is told at the cell, has the focus, and what was typed is kept; mended, it is saved", () =>
    inOffice("?at=residents&key=R1", async (page, house, stage) => {
      await page.click("button[aria-label^='不显示，直接改写电话']");
      await page.waitForSelector("input[type=tel]");
      assert.deepEqual(house.revealed, [], "to write anew nothing is shown");
      await page.keyboard.type("no number");
      await page.keyboard.press("Enter");
      await page.waitForSelector("dialog");
      await page.keyboard.press("Control+Enter");
      await page.waitForSelector(".cell .wrong");
      const cell = page.locator("input[type=tel]");
      assert.equal(await cell.getAttribute("aria-invalid"), "true");
      assert.equal(await cell.inputValue(), "no number");
      assert.equal(await focused(page), await cell.getAttribute("id"));
      const note = await page.locator(`#${await cell.getAttribute("aria-describedby")}`).textContent();
      assert.match(note, /不是电话号码 — 填写 3 到 20 位数字/);
      assert.match(await page.locator("#alert").textContent(), /没有保存/);
      await page.keyboard.press("Control+a");
      await page.keyboard.type("13900001234");
      await page.keyboard.press("Enter");
      await page.waitForSelector("dialog");
      await page.keyboard.press("Control+Enter");
      await page.waitForSelector("dialog", { state: "detached" });
      await stage.until(() => house.rows.residents.find((row) => row.id === "R1").phone === "13900001234");
      const last = changesOf(stage, "/v1/registry/residents/R1").pop();
      assert.deepEqual(last.body.rows, [{ cells: { phone: "13900001234" } }]);
      assert.ok(last.key, "a deed has its key");
      await part(page, "修改记录").locator("li").waitFor();
      assert.match(await part(page, "修改记录").textContent(), /陈静.*电话/);
    }));

  test("somebody else was quicker: it is said who, and one's own writing stays on top of his", () =>
    inOffice("?at=residents&key=R1", async (page, house, stage) => {
      const data = part(page, "老人登记信息");
      await data.locator("select").first().selectOption("away");
      house.changeBySomebody("residents", "R1", { status: "hospital", high_risk: "no" });
      await data.locator("button.main").click();
      await page.click("dialog button.main");
      await page.waitForSelector(".notice");
      assert.match(await page.textContent(".notice"), /李娜刚改过/);
      await page.click(".notice button");
      await page.waitForFunction(() => /两人都改了/.test(document.querySelector(".notice")?.textContent ?? ""));
      assert.match(await page.textContent(".notice"), /状态：对方改为 住院，您改为 外出/);
      assert.equal(await data.locator("select").first().inputValue(), "away");
      assert.equal(await data.locator("select").nth(1).inputValue(), "no");
      await data.locator("button.main").click();
      await page.click("dialog button.main");
      await stage.until(() => house.rows.residents.find((row) => row.id === "R1").status === "away");
    }));

  test("who edited last isn't named when something else came between: that edit stood in the history already", () =>
    inOffice("?at=residents&key=R1", async (page, house) => {
      house.changeBySomebody("residents", "R1", { status: "hospital" });
      await page.reload();
      const data = part(page, "老人登记信息");
      await data.locator("select").first().selectOption("away");
      house.versions.set("residents/R1", 9);
      await data.locator("button.main").click();
      await page.click("dialog button.main");
      await page.waitForSelector(".notice");
      assert.match(await page.textContent(".notice"), /其他人刚改过/);
      assert.doesNotMatch(await page.textContent(".notice"), /李娜|lina/);
    }));

  test("while it is saved the review stays, so that nothing is typed which the answer would take", () =>
    inOffice("?at=residents&key=R1", async (page, _house, stage) => {
      const data = part(page, "老人登记信息");
      await data.locator("select").first().selectOption("away");
      const { house } = stage;
      let letGo;
      const held = new Promise((done) => (letGo = done));
      stage.house = async (method, url, body) => {
        if (method === "POST") await held;
        return house(method, url, body);
      };
      await data.locator("button.main").click();
      await page.click("dialog button.main");
      await page.keyboard.press("Escape");
      await page.click("dialog button:not(.main)");
      await stage.settled();
      assert.equal(await page.locator("dialog[open]").count(), 1);
      letGo();
      await page.waitForSelector("dialog", { state: "detached" });
      assert.equal(await data.locator("select").first().inputValue(), "away");
    }));

  test("what is written isn't lost by going elsewhere: it is asked first, by a link and by the back button", () =>
    inOffice("?at=residents", async (page) => {
      await page.click("tbody th a");
      await page.waitForSelector(".hidden-cell");
      await part(page, "老人登记信息").locator("select").first().selectOption("away");
      await page.click(".side a:has-text('住所')");
      await page.waitForSelector("dialog");
      await page.click("dialog button.main");
      assert.match(page.url(), /key=R1/);
      await page.goBack();
      await page.waitForSelector("dialog");
      assert.match(page.url(), /key=R1/);
      await page.click("dialog button:not(.main)");
      await page.waitForSelector("tbody tr");
      assert.doesNotMatch(page.url(), /key=/);
    }));

  test("a resident stands with his home, devices, contacts, limits and zones", () =>
    inOffice("?at=residents&key=R1", async (page) => {
      await part(page, "活动区域").locator("textarea").waitFor();
      const parts = await page.locator("section.part").evaluateAll((all) => all.map((each) => each.ariaLabel));
      assert.deepEqual(parts, ["老人登记信息", "住所", "设备", "联系人", "体征限值", "活动区域", "修改记录"]);
      assert.match(await part(page, "住所").textContent(), /南河街12号/);
      assert.match(await part(page, "设备").textContent(), /W1\s*手表/);
    }));

  test("contacts change places by keyboard: the telephones are shown first, and it is logged", () =>
    inOffice("?at=residents&key=R1", async (page, house, stage) => {
      const contacts = part(page, "联系人");
      await contacts.locator("button.up:not(:disabled)").focus();
      await page.keyboard.press("Enter");
      await page.waitForSelector("dialog");
      assert.deepEqual(house.revealed, []);
      await page.keyboard.press("Tab");
      await page.click("dialog button.main");
      await stage.until(() => house.revealed.includes("contacts/R1"));
      await page.waitForFunction(() => /王强/.test(document.querySelector(".owned li")?.ariaLabel ?? ""));
      await contacts.locator(".save-bar button.main").click();
      await page.click("dialog button.main");
      await stage.until(() => house.rows.contacts.find((row) => row.place === "1").name === "王强");
      assert.deepEqual(house.rows.contacts.map((row) => row.phone).sort(), ["13800000001", "13800000002"]);
    }));

  test("a contact is added and removed; the others keep their telephones unseen", () =>
    inOffice("?at=residents&key=R1", async (page, house, stage) => {
      const contacts = part(page, "联系人");
      await contacts.locator("button[aria-label^='移除 1']").click();
      await contacts.locator(".add-row").click();
      assert.match(await focused(page), /^f-contacts-\d+-name$/, "the new row has the focus");
      await page.keyboard.type("马兰");
      await page.keyboard.press("Tab");
      await page.keyboard.type("邻居");
      await page.keyboard.press("Tab");
      await page.keyboard.type("13800000009");
      await page.keyboard.press("Control+Enter");
      await page.waitForSelector("dialog");
      assert.match(await page.textContent("dialog"), /移除/);
      await page.keyboard.press("Control+Enter");
      await stage.until(() => house.rows.contacts.some((row) => row.name === "马兰"));
      assert.deepEqual(house.rows.contacts.map((row) => [row.place, row.phone]), [["2", "13800000002"], ["3", "13800000009"]]);
      assert.deepEqual(house.revealed, []);
    }));

  test("a contact that is added while somebody else adds one is saved behind his", () =>
    inOffice("?at=residents&key=R1", async (page, house, stage) => {
      const contacts = part(page, "联系人");
      const save = async () => {
        await contacts.locator(".save-bar button.main").click();
        await page.click("dialog button.main");
        await page.waitForSelector("dialog", { state: "detached" });
      };
      await contacts.locator(".add-row").click();
      const added = contacts.locator(".owned li").last();
      for (const [column, text] of [["name", "马兰"], ["relation", "邻居"], ["phone", "13800000009"]])
        await added.locator(`[id^=f-contacts-][id$="-${column}"]`).fill(text);
      house.rows.contacts.push({ resident: "R1", place: "3", name: "李四", relation: "邻居", phone: "13800000003" });
      house.changeBySomebody("contacts", "R1", {});
      await save();
      await contacts.locator(".notice button").click();
      await page.waitForFunction(() => document.querySelectorAll("[aria-label='联系人'] .owned li").length === 4);
      await save();
      await stage.until(() => house.rows.contacts.some((row) => row.name === "马兰"));
      assert.deepEqual(house.rows.contacts.map((row) => [row.place, row.phone]),
        [["1", "13800000001"], ["2", "13800000002"], ["3", "13800000003"], ["4", "13800000009"]]);
    }));

  test("a mistake in what no cell shows is told above them", () =>
    inOffice("?at=residents&key=R1", async (page, _house, stage) => {
      const contacts = part(page, "联系人");
      await contacts.locator("[id$='-relation']").first().fill("侄女");
      stage.answers.set("POST /v1/registry/contacts/R1", { status: 422, body: { count: 2, mistakes: [
        { file: "contacts.csv", line: 2, field: "place", what: "twice for this resident", remedy: "number the contacts 1, 2, 3 …" },
        { file: "contacts.csv", line: 1, field: "relation", what: "missing", remedy: "give it" }] } });
      await contacts.locator(".save-bar button.main").click();
      await page.click("dialog button.main");
      await contacts.locator(".notice").waitFor();
      assert.match(await contacts.locator(".notice").textContent(), /2 处需要改正.*名次/s);
      assert.equal(await contacts.locator(".notice li").count(), 1, "the other one stands at its cell");
    }));

  test("a device that belongs to somebody else is bound only after it was said whose it is", () =>
    inOffice("?at=residents&key=R1", async (page, house, stage) => {
      const devices = part(page, "设备");
      await devices.locator("input[role=combobox]").fill("W2");
      await page.waitForSelector("[role=option]");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await devices.locator("button:has-text('绑定')").last().click();
      await page.waitForSelector("dialog");
      assert.match(await page.textContent("dialog"), /现在属于 R2/);
      assert.equal(house.rows.devices.find((row) => row.id === "W2").resident, "R2");
      await page.click("dialog button.main");
      await stage.until(() => house.rows.devices.find((row) => row.id === "W2").resident === "R1");
      await page.waitForFunction(() => /W2/.test(document.querySelector("[aria-label='设备'] .lines")?.textContent));
    }));

  test("a zone is written as points, made as a circle, and drawn by a click; one border in all", () =>
    inOffice("?at=residents&key=R1", async (page, house, stage) => {
      const zones = part(page, "活动区域");
      const points = zones.locator("textarea");
      await points.fill("36.06, 103.83\n36.06, 103.84\nhere");
      assert.match(await zones.textContent(), /第 3 行不是一个点/);
      await points.fill("36.06, 103.83\n36.06, 103.84\n36.07, 103.84");
      await zones.locator("button:has-text('在图上画')").click();
      await page.waitForSelector(".map-box .corner");
      assert.equal(await page.locator(".map-box .corner").count(), 3);
      const box = await page.locator(".map-box").boundingBox();
      await page.mouse.click(box.x + 40, box.y + 40);
      await page.waitForFunction(() => document.querySelectorAll(".map-box .corner").length === 4);
      assert.equal((await points.inputValue()).split("\n").length, 4);
      await zones.locator("button:has-text('画成圆形')").click();
      await page.waitForFunction(() => document.querySelectorAll(".map-box .corner").length === 16);
      await zones.locator(".save-bar button.main").click();
      await page.click("dialog button.main");
      await stage.until(() => /^POLYGON\(\(/.test(house.rows.zones[0].shape) && house.rows.zones[0].shape.split(",").length === 17);
    }));

  test("a border that is half written is refused, and that of a moment before isn't taken for it", () =>
    inOffice("?at=residents&key=R1", async (page, house, stage) => {
      const { shape } = house.rows.zones[0];
      const zones = part(page, "活动区域");
      const points = zones.locator("textarea");
      const three = "36.06, 103.83\n36.06, 103.84\n36.07, 103.84";
      await points.fill(three);
      await points.fill(`${three}\n36.07,`);
      await zones.locator(".save-bar button.main").click();
      await page.click("dialog button.main");
      await zones.locator(".wrong:has-text('不是多边形')").waitFor();
      assert.equal(house.rows.zones[0].shape, shape);
      assert.equal(await points.inputValue(), `${three}\n36.07,`);
      await zones.locator("button[aria-label^='撤回对']").click();
      await stage.until(async () => /^36\.06, 103\.833\n/.test(await points.inputValue()));
    }));

  test("a new record is made, and then stands at its own address", () =>
    inOffice("?at=providers", async (page, house, stage) => {
      await page.click(".list-acts a:has-text('新建')");
      await page.waitForSelector(".cells input");
      const fields = page.locator(".cells input");
      await fields.nth(0).fill("P2");
      await fields.nth(1).fill("互助社");
      await page.keyboard.press("Enter");
      await page.waitForSelector("dialog");
      await page.keyboard.press("Control+Enter");
      await stage.until(() => house.rows.providers.some((row) => row.id === "P2"));
      await page.waitForURL(/key=P2/);
    }));

  test("a new record with a number that is in use changes nobody's: it is told, and another number is saved", () =>
    inOffice("?at=residents&make=1", async (page, house, stage) => {
      const [there] = house.rows.residents.filter((row) => row.id === "R2").map((row) => ({ ...row }));
      const own = part(page, "老人登记信息");
      const cell = (column) => own.locator(`[id^=f-residents-][id$="-${column}"]`);
      const save = async () => {
        await own.locator(".save-bar button.main").click();
        await page.click("dialog button.main");
        await page.waitForSelector("dialog", { state: "detached" });
      };
      for (const [column, text] of [["id", "R2"], ["home", "H2"], ["name", "赵新"]]) await cell(column).fill(text);
      await cell("status").selectOption("present");
      await save();
      await own.locator(".notice").waitFor();
      assert.match(await own.locator(".notice").textContent(), /R2 已有人使用/);
      assert.equal(await own.locator(".notice button").count(), 0, "nothing that was written here goes onto his");
      assert.equal(await own.locator(".notice a").getAttribute("href"), "./admin?at=residents&key=R2");
      assert.deepEqual(house.rows.residents.find((row) => row.id === "R2"), there);
      await cell("id").fill("R900");
      await save();
      await stage.until(() => house.rows.residents.some((row) => row.id === "R900" && row.name === "赵新"));
      assert.deepEqual(house.rows.residents.find((row) => row.id === "R2"), there);
    }));

  test("whoever may only look sees it masked, and is offered nothing to change", () =>
    inOffice("?at=residents&key=R1", async (page) => {
      await part(page, "活动区域").locator("textarea").waitFor();
      const acts = await page.locator("main button").allTextContents();
      assert.deepEqual(acts.map((each) => each.trim()), ["在图上画"]);
      assert.equal(await page.locator("main select:not(:disabled), main input:not([readonly]):not(:disabled)").count(), 0);
      assert.match(await page.textContent("main"), /139\*\*\*\*8888/);
    }, { mayChange: false }));

  test("a company's manager finds two sheets, and changes what is the company's", () =>
    inOffice("?at=workers&key=K1", async (page, house, stage) => {
      await page.waitForSelector(".cells input");
      const links = await page.locator("nav.side a").allTextContents();
      assert.deepEqual(links.map((each) => each.trim()), ["服务商", "人员"]);
      assert.equal(await page.locator("#f-workers-1-homes, [id$=-homes]").count(), 0);
      assert.equal(await page.locator("[id$=-certificates]").getAttribute("readonly"), "");
      assert.match(await page.textContent("main"), /证书由民政部门核验/);
      await page.locator("input[id$=-from]").fill("09:00");
      await page.locator("select[id$=-on_duty]").selectOption("no");
      await page.keyboard.press("Control+Enter");
      await page.waitForSelector("dialog");
      await page.keyboard.press("Control+Enter");
      await stage.until(() => house.rows.workers[0].on_duty === "no");
      assert.equal(house.rows.workers[0].from, "09:00");
      await page.goto("https://linli.test/admin?at=workers");
      await page.waitForSelector("table.records");
      assert.equal(await page.locator("a[href*=make]").count(), 0, "whoever goes is vetted by the bureau");
      assert.equal(await page.locator("#filter-area").count(), 0);
    }, { session: { ...administrator, role: "provider_manager",
      may: ["see_own_offers", "reply_own", "name_worker", "see_registry", "change_registry"] },
    isCompany: true }));

  test("a session that ends takes nothing that is written", () =>
    inOffice("?at=residents&key=R1", async (page, _house, stage) => {
      const data = part(page, "老人登记信息");
      await data.locator("select").first().selectOption("away");
      stage.answers.set("POST /v1/registry/residents/R1", { status: 401, body: { code: "signed_out" } });
      await data.locator("button.main").click();
      await page.click("dialog button.main");
      await page.waitForSelector(".notice");
      assert.match(await page.textContent(".notice"), /登录已失效/);
      assert.equal(await data.locator("select").first().inputValue(), "away");
    }));
});

describe("an import", () => {
  const csv = (text, name = "residents.csv") => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

  test("with a mistake says file, line, cell, what and remedy, and can't be gone on with", () =>
    inOffice("?at=import", async (page) => {
      await page.setInputFiles("#files", [csv("bad")]);
      await page.click("button:has-text('检查')");
      await page.waitForSelector(".mistakes");
      assert.match(await page.textContent(".mistakes tbody"), /residents\.csv:12电话bad不是电话号码填写 3 到 20 位数字/);
      assert.equal(await page.locator("button:has-text('导入'):not(.export)").last().isDisabled(), true);
    }));

  test("is looked at first, and done by another key", () =>
    inOffice("?at=import", async (page, house, stage) => {
      await page.setInputFiles("#files", [csv("id"), csv("id", "homes.csv"), csv("", "list.xlsx")]);
      assert.match(await page.locator("#alert").textContent(), /list\.xlsx/);
      await page.click("button:has-text('检查')");
      await page.waitForSelector("section[aria-label='检查结果']");
      assert.match(await page.textContent("section[aria-label='检查结果']"), /没有错误.*住所31110.*老人31110/s);
      await page.locator("main > .row-of-buttons button").nth(1).focus();
      await page.keyboard.press("Enter");
      await page.waitForSelector("dialog");
      await page.keyboard.press("Enter");
      await page.waitForSelector("dialog", { state: "detached" });
      assert.deepEqual(house.imported, [], "a key that is held, or pressed twice, loads nothing");
      await page.keyboard.press("Enter");
      await page.waitForSelector("dialog");
      await page.keyboard.press("Control+Enter");
      await stage.until(() => house.imported.length === 1);
      await page.waitForSelector("section[aria-label='检查结果']:has-text('已导入')");
    }));

  // As Excel saves "CSV" in China: 王秀英 in GB18030.
  const inGb18030 = (name = "residents.csv") => ({ name, mimeType: "text/csv", buffer: Buffer.concat([
    Buffer.from("id,name\r\nR1,"), Buffer.from([0xcd, 0xf5, 0xd0, 0xe3, 0xd3, 0xa2]), Buffer.from("\r\n")]) });

  test("of a file that is not UTF-8 reads no letter, and says how to save it", () =>
    inOffice("?at=import", async (page, house) => {
      await page.setInputFiles("#files", [csv("id"), csv("id", "homes.csv")]);
      await page.waitForSelector(".chosen-files:has-text('residents.csv')");
      await page.setInputFiles("#files", [inGb18030()]);
      await page.waitForSelector("[role=alert]:has-text('residents.csv'):has-text('CSV UTF-8')");
      assert.doesNotMatch(await page.textContent(".chosen-files"), /residents\.csv/, "nor does an older one stand for it");
      await page.click("button:has-text('检查')");
      await page.waitForSelector("section[aria-label='检查结果']");
      assert.deepEqual(house.jobs[0].files.map((each) => each.name), ["homes.csv"]);
      await page.setInputFiles("#files", [{ ...inGb18030(), buffer: Buffer.from("\uFEFFid,name\r\nR1,王秀英\r\n") }]);
      await page.waitForSelector(".chosen-files:has-text('residents.csv')");
      assert.equal(await page.locator("p.wrong[role=alert]").count(), 0);
    }));

  const result = (page) => page.waitForSelector("section[aria-label='检查结果']");
  const chooseAndImport = async (page, house) => {
    await page.setInputFiles("#files", [csv("id")]);
    await page.click("button:has-text('检查')");
    await result(page);
    house.isSlow = true;
    await page.locator("main > .row-of-buttons button").nth(1).click();
    await page.waitForSelector("dialog");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(".import-progress");
  };

  test("that takes long shows how far it is, and its end", () =>
    inOffice("?at=import", async (page, house) => {
      await chooseAndImport(page, house);
      await page.waitForSelector("dialog", { state: "detached" });
      assert.match(await page.textContent(".import-progress"), /正在导入.*陈静.*正在读取文件/s);
      assert.equal(await page.locator("progress").getAttribute("value"), null, "nobody knows how much it is");
      Object.assign(house.jobs[0], { rows: 1200, rowsDone: 300 });
      await page.waitForSelector(".import-progress :text('已处理 300 / 1200 行')");
      assert.equal(await page.locator("progress").evaluate((bar) => bar.position), 0.25);
      Object.assign(house.jobs[0], { rowsDone: 1200, mayBeCancelled: false });
      await page.waitForSelector(".import-progress :text('正在提交')");
      assert.equal(await page.locator(".import-progress button").count(), 0);
      house.endJob();
      await result(page);
      assert.match(await page.textContent("section[aria-label='检查结果']"), /已导入.*老人31110/s);
      assert.equal(await page.locator(".import-progress").count(), 0);
      assert.match(await page.locator("#status").textContent(), /已导入/);
    }));

  test("is found again by a page that is loaded anew, and given up there", () =>
    inOffice("?at=import", async (page, house) => {
      await chooseAndImport(page, house);
      await page.reload();
      await page.waitForSelector(".import-progress");
      await page.click(".import-progress button:has-text('取消')");
      await result(page);
      assert.match(await page.textContent("section[aria-label='检查结果']"), /已取消，一条也没有导入/);
      assert.deepEqual(house.imported, []);
    }));

  test("whose end nobody saw is told when its administrator comes back, by another window, too", () =>
    inOffice("?at=residents", async (page, house, stage) => {
      house.runsJob();
      house.endJob();
      await stage.admin("?at=import");
      await result(page);
      assert.match(await page.textContent("section[aria-label='检查结果']"), /陈静.*已导入/s);
    }));

  test("that couldn't be read is told so, and never that it is without mistakes", () =>
    inOffice("?at=import", async (page, house) => {
      house.isSlow = true;
      await page.setInputFiles("#files", [csv("id")]);
      await page.click("button:has-text('检查')");
      await page.waitForSelector(".import-progress");
      house.endsUnread();
      await result(page);
      const text = await page.textContent("section[aria-label='检查结果']");
      assert.match(text, /内容读不懂，没有改动/);
      assert.doesNotMatch(text, /没有错误/);
      assert.equal(await page.locator("main > .row-of-buttons button").nth(1).isDisabled(), true);
    }));

  test("that a server's stop has ended is said to have loaded nothing", () =>
    inOffice("?at=import", async (page, house, stage) => {
      await chooseAndImport(page, house);
      stage.answers.set(`GET /v1/registry/imports/${house.jobs[0].id}`, "broken");
      await page.waitForSelector(".import-progress [role=alert]:has-text('连不上服务器')");
      house.forgetsJobs();
      await result(page);
      assert.match(await page.textContent("section[aria-label='检查结果']"), /没有导入任何内容/);
      assert.equal(await page.locator(".import-progress").count(), 0);
    }));

  test("waits for another administrator's, which is shown with his name and can't be given up here", () =>
    inOffice("?at=import", async (page, house) => {
      await page.setInputFiles("#files", [csv("id")]);
      house.runsJob({ by: "lina", byName: "李娜" });
      await page.click("button:has-text('检查')");
      await page.waitForSelector("main > p[role=alert]:has-text('李娜')");
      assert.match(await page.textContent(".import-progress"), /正在导入.*李娜/s);
      assert.equal(await page.locator(".import-progress button").count(), 0);
      house.endJob();
      await page.waitForSelector(".import-progress", { state: "detached" });
      await page.click("button:has-text('检查')");
      await result(page);
      assert.match(await page.textContent("section[aria-label='检查结果']"), /没有错误/);
    }));

  test("personal data leaves the house only after it was said that it is logged", () =>
    inOffice("?at=residents", async (page) => {
      assert.equal(await page.locator("a[href$='personal=yes']").count(), 0);
      await page.click("button:has-text('导出含个人信息')");
      await page.waitForSelector("dialog a[href='./v1/registry/residents/export?personal=yes']");
    }));
});

describe("users", () => {
  test("a new one's password is told once, with how to hand it over", () =>
    inOffice("?at=users&make=1", async (page, house) => {
      await page.fill("#user-user", "lina");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#user-wrong");
      assert.equal(await focused(page), "user-name");
      await page.fill("#user-name", "李娜");
      await page.selectOption("#user-role", "operator");
      await page.fill("#user-area", "620102");
      await page.keyboard.press("Escape");
      await page.click(".part button.main");
      await page.waitForSelector("#new-password");
      assert.equal(await page.inputValue("#new-password"), "k7-mahn-4tq");
      assert.match(await page.textContent("dialog"), /当面/);
      assert.equal(house.users.length, 3);
      await page.click("dialog button:not(.main)");
      await page.waitForSelector("dialog", { state: "detached" });
      assert.doesNotMatch(await page.content(), /k7-mahn-4tq/);
    }));

  const newPassword = async (page) => {
    await page.click(".part button:has-text('换新密码')");
    await page.click("dialog .grave");
    await page.waitForSelector("#new-password");
  };

  test("one's own new password is told though it ends the session, which is said once it is handed over", () =>
    inOffice("?at=users&key=admin", async (page, _house, stage) => {
      const { house } = stage;
      stage.house = (method, url, body) => {
        if (url.pathname === "/v1/users/admin/password") stage.signedIn = false;
        return house(method, url, body);
      };
      await newPassword(page);
      await page.waitForSelector(".state.bad:has-text('登录已失效')");
      assert.equal(await page.inputValue("#new-password"), "z3-tovi-9pd");
      await page.click("dialog button:not(.main)");
      await page.waitForURL(/index\.html\?ended=1/);
    }));

  test("a new password takes nothing that is written of the account and not saved", () =>
    inOffice("?at=users&key=zhangmin", async (page, house, stage) => {
      const lists = () => stage.calls.filter((each) => each.method === "GET" && each.path === "/v1/users").length;
      const readAgain = async () => {
        const before = lists();
        await newPassword(page);
        await stage.until(() => lists() > before);
        await stage.settled();
        await page.click("dialog button:not(.main)");
      };
      await page.fill("#user-name", "张敏敏");
      await readAgain();
      assert.equal(await page.inputValue("#user-name"), "张敏敏");
      await page.click(".part button.main");
      await stage.until(() => house.users[1].name === "张敏敏");
      await page.waitForFunction(() => /张敏敏/.test(document.querySelector("tbody").textContent));
      await page.fill("#user-name", "张小敏");
      Object.assign(house.users[1], { site: "S2", version: house.users[1].version + 1 });
      await readAgain();
      await page.click(".part button.main");
      await page.waitForSelector("#user-wrong:has-text('别人刚改过')");
      assert.equal(await page.inputValue("#user-name"), "张小敏");
      assert.deepEqual([house.users[1].name, house.users[1].site], ["张敏敏", "S2"]);
    }));

  test("is switched off after a question, and nobody himself", () =>
    inOffice("?at=users&key=zhangmin", async (page, house, stage) => {
      await page.click("button:has-text('停用')");
      await page.click("dialog .grave");
      await stage.until(() => house.users[1].disabled);
      await page.waitForSelector("button:has-text('恢复')");
      await page.click("tbody th a:has-text('admin')");
      await page.waitForFunction(() => document.querySelector("#user-user")?.value === "admin");
      assert.equal(await page.locator("button:has-text('停用')").isDisabled(), true);
    }));

  test("which role may what stands as the house says it", () =>
    inOffice("?at=users", async (page) => {
      await page.waitForSelector(".rights");
      const row = page.locator(".rights tr", { hasText: "管用户" });
      assert.deepEqual(await row.locator("td").evaluateAll((all) => all.map((each) => /✓/.test(each.textContent))), [false, true, false]);
    }));
});

describe("what supervisors and auditors read", () => {
  test("who saw whom, by subject, and older lines behind the last", () =>
    inOffice("?at=access", async (page, _house, stage) => {
      await page.fill("#access-subject", "resident:R1");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 2);
      assert.match(await page.textContent("tbody"), /张敏.*老人卡.*老人 R1/s);
      await page.click(".pager a");
      await page.waitForURL(/before=99/);
      await stage.until(() => !stage.calls.every((each) => each.path !== "/v1/access_log"));
    }));

  test("tonight's gaps by kind, with who must mend them", () =>
    inOffice("?at=tonight", async (page) => {
      await page.waitForSelector(".records");
      await page.click(".bars a:has-text('值守')");
      await page.waitForFunction(() => document.querySelectorAll(".records tbody tr").length === 1);
      assert.match(await page.textContent(".records tbody"), /没有人值守.*站点 S1/s);
      assert.match(page.url(), /kind=desk/);
    }));

  test("the street's report: figures of the area and its parts, what is missing is named, and as a file", () =>
    inOffice("?at=report&period=2026-11", async (page) => {
      await page.waitForSelector(".report");
      assert.match(await page.textContent(".report"), /60 秒内受理97\.5% \(1794\/1840\)/);
      assert.match(await page.textContent(".report thead"), /城关区本级/);
      assert.match(await page.textContent("main"), /放弃的来电/);
      assert.equal(await page.locator("a[download]").getAttribute("href"),
        "./v1/reports/service?area=620102&period=2026-11&format=csv");
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.locator(".side").isVisible(), false);
      assert.equal(await page.locator(".report").isVisible(), true);
    }));

  test("the hotline's figures by line and seat, its worst 24 hours, and as a file", () =>
    inOffice("?at=hotline&period=2026-11", async (page) => {
      await page.waitForSelector(".report");
      assert.match(await page.textContent(".report >> nth=0"), /15 秒内接听90\.0% \(360\/400\)/);
      assert.match(await page.textContent(".report >> nth=1"), /lina50\.0% \(5400\/10800\)无.*wang无25\.0% \(1\/4\)/s);
      assert.match(await page.textContent("main"), /最差的 24 小时：85\.0% \(17\/20\)/);
      assert.equal(await page.locator("a[download]").getAttribute("href"),
        "./v1/reports/hotline?area=620102&period=2026-11&format=csv");
    }));

  test("a call that waited too long is closed with words alone, by keyboard", () =>
    inOffice("?at=hotline&period=2026-11", async (page, house) => {
      await page.waitForSelector(".checks .records");
      assert.match(await page.textContent(".checks"), /等待超过 180 秒的来电：1.*3:20.*lina/s);
      await page.focus(".checks button");
      await page.keyboard.press("Enter");
      await page.focus("#check-words");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#check-wrong");
      await page.fill("#check-words", "两位话务员生病，已叫来后备");
      await page.click(".checks button.main");
      await page.waitForFunction(() => /没有待查明的来电/.test(document.querySelector(".checks").textContent));
      assert.equal(house.checks[0].words, "两位话务员生病，已叫来后备");
      await page.check(".checks input[type=checkbox]");
      await page.waitForFunction(() => /两位话务员生病/.test(document.querySelector(".checks").textContent));
    }, { session: { ...administrator, role: "shift_leader", may: ["see_reports", "answer_complaint"] } }));

  test("words about one call are kept while another one is looked at, and aren't lost by going elsewhere", () =>
    inOffice("?at=hotline&period=2026-11", async (page, house) => {
      house.checks.push({ ...house.checks[0], call: "c-2", seat: "wang" });
      await page.reload();
      const looks = page.locator(".checks td > button");
      await looks.first().click();
      await page.fill("#check-words", "两位话务员生病");
      await looks.last().click();
      assert.equal(await page.inputValue("#check-words"), "");
      await page.fill("#check-words", "线路中断");
      await page.click(".checks button.main");
      await page.waitForFunction(() => document.querySelectorAll(".checks tbody tr").length === 1);
      assert.deepEqual(house.checks.map((each) => each.words), [undefined, "线路中断"]);
      await looks.first().click();
      assert.equal(await page.inputValue("#check-words"), "两位话务员生病");
      await page.click(".side a:has-text('今晚')");
      await page.waitForSelector("dialog");
      assert.match(page.url(), /at=hotline/);
    }, { session: { ...administrator, role: "shift_leader", may: ["see_reports", "answer_complaint"] } }));

  test("at three at night: what would happen, and to whom", () =>
    inOffice("?at=plans", async (page, _house, stage) => {
      await page.waitForSelector("#dry-key");
      await page.click("form button.main");
      await page.waitForSelector("#dry-wrong");
      await page.fill("#dry-key", "R1");
      await page.keyboard.press("Enter");
      await page.click("form button.main");
      await page.waitForSelector(".dry-steps");
      const [asked] = changesOf(stage, "/v1/plans/dry_run");
      assert.equal(asked.body.resident, "R1");
      assert.match(asked.body.at, /T03:00:00\+08:00$/);
      assert.match(await page.textContent(".dry-result"), /没有人值守.*按下后 00:00.*没有人值守.*联系人 2 短信 07:00 起.*拨打 120.*K2.*不当班/s);
    }));
});

const whose = (page) => page.locator("section.personal");
async function beginsToAsk(page) {
  await whose(page).locator("button:has-text('申请删除…')").click();
  await page.waitForSelector("#erasure-reason");
}

describe("a resident's own data", () => {
  const asTheOfficer = { session: ofTheData, mayChange: false };

  test("a copy is given after a warning, as a page or for programs, and the record stays masked", () =>
    inOffice("?at=residents&key=R1", async (page) => {
      await whose(page).locator("button:has-text('导出副本')").click();
      await page.waitForSelector("dialog[open]");
      assert.match(await page.textContent("dialog"), /核实来人.*留痕/s);
      assert.deepEqual(await page.locator("dialog a").evaluateAll((all) => all.map((each) =>
        [each.getAttribute("href"), each.hasAttribute("download")])),
      [["./v1/residents/R1/file", true], ["./v1/residents/R1/file?format=json", true]]);
      await page.keyboard.press("Escape");
      assert.equal(await focused(page), "导出副本…");
      assert.doesNotMatch(await page.textContent("main"), /13912348888|王秀兰/);
    }, asTheOfficer));

  test("it is asked for by keyboard alone, with a reason and the day on which he came, and withdrawn again", () =>
    inOffice("?at=residents&key=R1", async (page, house, stage) => {
      await page.waitForSelector(".personal .muted");
      for (let n = 0; n < 120 && (await focused(page)) !== "申请删除…"; ++n) await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#erasure-reason");
      assert.equal(await focused(page), "erasure-reason");
      await page.keyboard.press("Tab");
      for (let n = 0; n < 5 && !(await page.evaluate(() => document.activeElement.type === "submit")); ++n)
        await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#erasure-wrong");
      assert.equal(await page.getAttribute("#erasure-reason", "aria-invalid"), "true");
      assert.equal(house.erased.size, 0, "not without a reason");
      await page.focus("#erasure-reason");
      await page.selectOption("#erasure-reason", "consent");
      await page.fill("#erasure-day", "2026-11-20");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#erasure-why");
      assert.deepEqual(changesOf(stage, "/v1/residents/R1/erasure/ask").map((each) => each.body),
        [{ reason: "consent", wishedOn: "2026-11-20" }]);
      assert.match(await whose(page).textContent(), /待确认.*撤回同意.*2026-11-20.*admin/s);
      assert.match(await whose(page).textContent(), /须由另一人确认/, "she asked for it herself");
      assert.equal(await whose(page).locator("button.grave").count(), 0);
      await page.selectOption("#erasure-why", "taken_back");
      await tabTo(page, "section.personal button[type=submit]");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#erasure-why", { state: "detached" });
      assert.match(await whose(page).textContent(), /以前的申请.*撤回同意.*本人改变主意/s);
    }, asTheOfficer));

  test("what goes, what stays, why and how long is said before anything is asked for", () =>
    inOffice("?at=residents&key=R1", async (page) => {
      await beginsToAsk(page);
      const told = await whose(page).textContent();
      assert.match(told, /会删除的.*姓名、电话.*体征、位置.*约一小时内/s);
      assert.doesNotMatch(told, /住所的门牌/, "R2 lives there, too");
      assert.match(told, /谁看过.*网络安全法.*最长 1095 天/s);
      assert.match(told, /备份.*第四十七条.*最长 35 天/s);
      assert.match(told, /还有别人住在那里/);
      assert.match(told, /哈希链.*长期/s);
    }, asTheOfficer));

  test("while he is needed nobody can confirm it, and each thing in the way says what to do", () =>
    inOffice("?at=residents&key=R1", async (page, house) => {
      house.askedBySomebody("R1");
      house.obstacles.set("R1", [{ what: "alert", which: "0192" }, { what: "device", which: "W1" }]);
      await page.reload();
      await page.waitForSelector("#erasure-why");
      assert.equal(await whose(page).locator("button.grave").count(), 0);
      assert.match(await whose(page).textContent(), /未关闭的呼救 ?0192 ?请话务员结案/);
      await whose(page).locator("a:has-text('W1')").click();
      await page.waitForURL(/at=devices&key=W1/);
    }, asTheOfficer));

  test("once nothing is in the way any more a look shows it, by keyboard, and the focus stays", () =>
    inOffice("?at=residents&key=R1", async (page, house) => {
      house.askedBySomebody("R1");
      house.obstacles.set("R1", [{ what: "alert", which: "0192" }]);
      await page.reload();
      const again = whose(page).locator("button:has-text('重新核对')");
      await again.focus();
      await page.keyboard.press("Enter");
      await page.waitForSelector(".toast:has-text('请先了结')");
      house.obstacles.delete("R1");
      await page.keyboard.press("Enter");
      await whose(page).locator("button.grave").waitFor();
      assert.match(await focused(page), /重新核对/);
      assert.match(await page.locator("#status").textContent(), /没有要先了结的事/);
    }, asTheOfficer));

  test("whose contacts stood there in clear is erased from the page as well", () =>
    inOffice("?at=residents&key=R1", async (page, house, stage) => {
      house.askedBySomebody("R1");
      await page.reload();
      const contacts = part(page, "联系人");
      const phones = contacts.locator("input[id^=f-contacts-][id$='-phone']");
      await contacts.locator("button:has-text('显示全部隐去内容')").click();
      await stage.until(async () => (await phones.count()) === 2);
      await whose(page).locator("button.grave").click();
      await page.fill("#erasure-id", "R1");
      await page.keyboard.press("Enter");
      await contacts.locator("text=还没有登记").waitFor();
      assert.equal(await phones.count(), 0);
    }, { session: { ...ofTheData, may: [...ofTheData.may, "change_registry"] } }));

  test("another person confirms it, and only by the id that she types; then it is gone and can't be withdrawn", () =>
    inOffice("?at=residents&key=R3", async (page, house, stage) => {
      house.askedBySomebody("R3");
      await page.reload();
      await whose(page).locator("button.grave").click();
      await page.waitForSelector("#erasure-id");
      await page.keyboard.type("R1");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#erasure-id-wrong");
      assert.equal(changesOf(stage, "/v1/residents/R3/erasure/confirm").length, 0);
      await page.fill("#erasure-id", "R3");
      await page.keyboard.press("Enter");
      await page.waitForSelector("dialog", { state: "detached" });
      await page.waitForFunction(() => /已删除，正在清理/.test(document.querySelector(".personal").textContent));
      assert.equal(house.erased.get("R3").confirmedBy, "admin");
      assert.equal(await page.locator("#erasure-why, #erasure-reason").count(), 0);
      await page.waitForFunction(() => !/赵/.test(document.querySelector("main h1").textContent));
    }, asTheOfficer));

  test("what somebody did meanwhile is told, and the page shows how it stands now", () =>
    inOffice("?at=residents&key=R1", async (page, house) => {
      await beginsToAsk(page);
      house.askedBySomebody("R1");
      await page.selectOption("#erasure-reason", "request");
      await whose(page).locator("button[type=submit]").click();
      await page.waitForSelector("#erasure-why");
      assert.match(await page.textContent("#erasure-wrong"), /wangli 已经申请过/);
      assert.match(await whose(page).textContent(), /待确认/);
    }, asTheOfficer));

  test("a station asks but can't confirm; whoever may neither sees nothing of it", async () => {
    await inOffice("?at=residents&key=R1", async (page, house) => {
      house.askedBySomebody("R1");
      await page.reload();
      await page.waitForSelector("#erasure-why");
      assert.equal(await whose(page).locator("button.grave").count(), 0);
      assert.match(await whose(page).textContent(), /另一人确认/);
    }, { session: { ...administrator, role: "station", may: ["see_registry", "change_registry", "ask_erasure"] } });
    await inOffice("?at=residents&key=R1", async (page) => {
      await page.waitForSelector("section.part[aria-label='修改记录']");
      assert.equal(await whose(page).count(), 0);
      assert.doesNotMatch(await page.textContent(".side"), /删除申请/);
    });
  });

  test("all requests with their states, filtered in the address, lead to the resident", () =>
    inOffice("?at=erasures", async (page, house) => {
      house.askedBySomebody("R1");
      house.askedBySomebody("R5", { state: "cleared", confirmedBy: "li", erasedAt: "2026-11-25T02:00:00Z", clearedAt: "2026-11-25T03:00:00Z" });
      house.withdrawn.push({ resident: "R6", state: "withdrawn", reason: "request", askedBy: "wangli",
        askedAt: "2026-11-21T02:00:00Z", withdrawnBy: "li", withdrawnAt: "2026-11-22T02:00:00Z", withdrawnWhy: "not_entitled" });
      await page.reload();
      await page.waitForSelector("tbody tr");
      assert.match(await page.textContent("tbody"), /R1待确认.*2026-11-20 （已 \d+ 天）.*R5已删除.*li.*R6已撤回或不予办理.*不是本人.*li/s);
      await page.selectOption("#erasure-state", "withdrawn");
      await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
      assert.match(page.url(), /at=erasures&status=withdrawn$/);
      await page.click("tbody a");
      await page.waitForURL(/at=residents&key=R6/);
    }, asTheOfficer));
});

// ------------------------------------------------------------------ WCAG 2.2 A and AA, both languages, both sizes
const states = {
  "a list": ["?at=residents", (page) => page.waitForSelector("tbody tr")],
  "an empty list": ["?at=residents&q=nobody", (page) => page.waitForSelector(".state")],
  "a search that is open": ["?at=homes", async (page) => {
    await page.fill("#filter-area", "62");
    await page.waitForSelector("[role=option]");
    await page.keyboard.press("ArrowDown");
  }],
  "a record, whole": ["?at=residents&key=R1", async (page) => {
    await page.waitForSelector(".zone textarea");
    await page.click(".zone button[aria-pressed]");
    await page.waitForSelector(".map-box .corner");
  }],
  "a record with a mistake": ["?at=residents&key=R1", async (page) => {
    await page.waitForSelector(".zone textarea");
    await page.locator(".hidden-cell").nth(1).locator("button").nth(1).click();
    await page.locator("input[type=tel]").first().fill("no number");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(".cell .wrong");
  }],
  "the changes before they are saved": ["?at=homes&key=H1", async (page) => {
    await page.waitForSelector(".owned");
    await page.locator("input[type=checkbox]").nth(1).check();
    await page.locator(".save-bar button.main").click();
    await page.waitForSelector("dialog");
  }],
  "a worker": ["?at=workers&key=K1", (page) => page.waitForSelector(".many")],
  "an import with a mistake": ["?at=import", async (page) => {
    await page.setInputFiles("#files", [{ name: "residents.csv", mimeType: "text/csv", buffer: Buffer.from("bad") }]);
    await page.click("button.main");
    await page.waitForSelector(".mistakes");
  }],
  "an import that runs": ["?at=import", async (page, house) => {
    house.runsJob({ rows: 1200, rowsDone: 300 });
    await page.reload();
    await page.waitForSelector(".import-progress button");
  }],
  "a user": ["?at=users&key=zhangmin", (page) => page.waitForSelector(".rights")],
  "a new password": ["?at=users&key=zhangmin", async (page) => {
    await page.waitForSelector("#user-name");
    await page.locator(".part form .row-of-buttons button").nth(1).click();
    await page.click("dialog .grave");
    await page.waitForSelector("#new-password");
  }],
  "who saw whom": ["?at=access", (page) => page.waitForSelector("tbody tr")],
  "a resident's own data": ["?at=residents&key=R1", async (page, house) => {
    house.askedBySomebody("R1");
    house.obstacles.set("R1", [{ what: "alert", which: "0192a0b0-0000-7000-8000-000000000001" }, { what: "device", which: "W1" }]);
    house.withdrawn.push({ resident: "R1", state: "withdrawn", reason: "request", askedBy: "wangli",
      askedAt: "2026-11-21T02:00:00Z", withdrawnBy: "li", withdrawnAt: "2026-11-22T02:00:00Z", withdrawnWhy: "not_entitled" });
    await page.reload();
    await page.waitForSelector("#erasure-why");
  }, ofTheData],
  "before an erasure is asked for": ["?at=residents&key=R3", async (page) => {
    await page.click(".personal p.muted + p > button");
    await page.waitForSelector("#erasure-reason");
  }, ofTheData],
  "an erasure before it is confirmed": ["?at=residents&key=R3", async (page, house) => {
    house.askedBySomebody("R3");
    await page.reload();
    await page.click(".personal button.grave");
    await page.fill("#erasure-id", "R1");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#erasure-id-wrong");
  }, ofTheData],
  "erasure requests": ["?at=erasures", async (page, house) => {
    house.askedBySomebody("R1");
    await page.reload();
    await page.waitForSelector("tbody tr");
  }, ofTheData],
  "tonight": ["?at=tonight", (page) => page.waitForSelector(".records tr")],
  "the report": ["?at=report&period=2026-11", (page) => page.waitForSelector(".report")],
  "a dry run": ["?at=plans", async (page) => {
    await page.waitForSelector("#dry-key");
    await page.fill("#dry-key", "R1");
    await page.keyboard.press("Enter");
    await page.click("form button.main");
    await page.waitForSelector(".dry-steps");
  }],
};

// Wider than its page may be only what says that it scrolls: a table.
async function nothingRunsOut(page, width) {
  const out = await page.evaluate((room) => [document.documentElement.scrollWidth > room ? ["the page"] : [],
    [...document.querySelectorAll("main button, main h1, main h2, main p, main label, main input, main select")]
      .filter((each) => each.getBoundingClientRect().width > 0 && !each.closest(".scroll, .unseen, dialog"))
      .filter((each) => each.getBoundingClientRect().right > room + 1)
      .map((each) => each.outerHTML.slice(0, 100))].flat(), width);
  assert.deepEqual(out, []);
}

async function nothingIsTooSmall(page) {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, textarea, input, .side a, tbody a, a.button")]
      .filter((each) => !(each.type === "checkbox" && each.closest("label")) && !each.closest(".leaflet-container"))
      .map((each) => [each.getBoundingClientRect(), each.outerHTML.slice(0, 80)])
      .filter(([box]) => box.width > 0 && (box.width < 24 || box.height < 24))
      .map(([box, html]) => `${Math.round(box.width)}×${Math.round(box.height)} ${html}`));
  assert.deepEqual(small, []);
}

for (const language of ["zh-CN", "en"])
  for (const [width, height] of [[1366, 900], [390, 844]])
    for (const [name, [query, enter, session]] of Object.entries(states))
      test(`axe finds nothing, nothing runs out: ${name}, ${language}, ${width} px`, () =>
        inOffice(query, async (page, house, stage) => {
          await enter(page, house);
          assert.deepEqual(await stage.accessibilityFaults(), []);
          await nothingRunsOut(page, width);
          await nothingIsTooSmall(page);
        }, { language, viewport: { width, height }, ...(session && { session }) }));

test("dark: axe finds nothing on a record", () =>
  inOffice(states["a record, whole"][0], async (page, _house, stage) => {
    await states["a record, whole"][1](page);
    assert.deepEqual(await stage.accessibilityFaults(), []);
  }, { colorScheme: "dark" }));

test("on a phone the menu is folded, opens by its button, and goes when a page was chosen", () =>
  inOffice("?at=residents", async (page) => {
    assert.equal(await page.locator(".side a").first().isVisible(), false);
    await page.click(".side .fold");
    assert.equal(await page.locator(".side .fold").getAttribute("aria-expanded"), "true");
    await page.click(".side a:has-text('设备')");
    await page.waitForURL(/at=devices/);
    assert.equal(await page.locator(".side a").first().isVisible(), false);
  }, { viewport: { width: 390, height: 844 } }));
