// After the visit somebody rings and asks whether help came, also when the alert is long closed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { emergency } from "../support/lines.mjs";
import { openBrowser, operator, Stage } from "../support/stage.mjs";

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const visited = (more) => {
  const line = emergency({ state: "closed", outcome: "helped", name: "李**", ...more });
  return { ...line, orders: [{ id: `${line.id}-o`, number: "620102-1", state: "completed", version: 7,
    service: "emergency_attendance", dueAt: new Date(Date.now() - 3_600_000).toISOString() }] };
};

async function atTheDesk(lines, act, { language, session = {}, ...context } = {}) {
  const stage = await Stage.open(browser, { language, ...context });
  stage.session = { ...operator, ...session };
  stage.followUps = lines;
  for (const line of lines)
    stage.cards.set(line.id, { line, orders: line.orders.map((each) => ({ line: each })) });
  try {
    await stage.console();
    return await act(stage, stage.page);
  } finally {
    await stage.close();
  }
}

test("who was helped is rung, by keyboard alone, and is on the list no more", () => {
  const [first, second] = [visited(), visited({ name: "王**" })];
  return atTheDesk([first, second], async (stage, page) => {
    const button = page.locator(".top button", { hasText: "待回访 2" });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector(".follow-ups li");
    assert.match(await page.innerText(".follow-ups li >> nth=0"), /李\*\*[^]*超 /);
    await page.keyboard.press("Enter"); // the first has the focus
    await page.waitForSelector(".follow-ups", { state: "detached" });
    await page.locator(".card-region button", { hasText: "回访" }).click();
    await page.check('input[name=rating][value="5"]');
    await page.fill("#words", "来得快，都好");
    stage.followUps = [second];
    stage.cards.get(first.id).orders[0].line.state = "followed_up";
    await page.keyboard.press("Control+Enter");
    await stage.until(() => stage.of("follow_up").length === 1);
    const sent = stage.of("follow_up")[0];
    assert.deepEqual(sent.body, { rating: 5, text: "来得快，都好" });
    assert.equal(sent.version, '"7"');
    await page.locator(".top button", { hasText: "待回访 1" }).waitFor();
    await page.locator(".card-region button", { hasText: "回访" }).waitFor({ state: "detached" });
    assert.deepEqual(stage.faults, []);
  });
});

test("nobody waits: it is said so; who may not follow up isn't offered it", async () => {
  await atTheDesk([], async (stage, page) => {
    await page.locator(".top button", { hasText: "待回访 0" }).click();
    await page.locator(".follow-ups", { hasText: "没有待回访" }).waitFor();
  });
  await atTheDesk([visited()], async (stage, page) => {
    await stage.settled();
    assert.equal(await page.locator(".top button", { hasText: "待回访" }).count(), 0);
    assert.equal(stage.of("follow_ups").length, 0);
  }, { session: { may: ["see_queue", "see_card"] } });
});

for (const language of ["zh-CN", "en"])
  for (const width of [1366, 390])
    test(`axe finds nothing, nothing runs out: the follow-ups, ${language}, ${width} px`, () =>
      atTheDesk([visited(), visited()], async (stage, page) => {
        await page.locator(".top button", { hasText: language === "en" ? "Follow-ups" : "待回访" }).click();
        await page.waitForSelector(".follow-ups li");
        assert.deepEqual(await stage.accessibilityFaults(), []);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      }, { language, viewport: { width, height: 900 } }));
