// A shift on the real server, by keyboard alone: from the press of the button to the call after the
// visit, and the handover at its end. The workers are the test's. Started by
// tests/web/support/with_house.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { address, goHome, leave, press, reply, seat, skip, until, worn } from "../support/house.mjs";
import { openBrowser } from "../support/stage.mjs";

let browser;
before(async () => {
  if (!skip) browser = await openBrowser();
});
after(() => goHome(browser));

// ------------------------------------------------------------------ hands on the keyboard
const hasFocus = (which) => which.evaluate((each) => each === document.activeElement).catch(() => false);

async function tabTo(page, which) {
  await which.waitFor();
  for (let n = 0; n < 150; ++n) {
    if (await hasFocus(which)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never comes to ${which}`);
}

async function presses(page, which) {
  await tabTo(page, which);
  await page.keyboard.press("Enter");
}

async function goesOnDuty(page) {
  await presses(page, page.locator(".sound-bar button"));
  await presses(page, page.locator("dialog button.main:not(:disabled)"));
  await page.waitForSelector(".sound-bar", { state: "detached" });
}

async function takesTheNext(page) {
  await page.locator(".band .row:not(.more)").first().waitFor();
  await page.keyboard.press("F2");
  await page.waitForSelector(".row.mine");
  await page.waitForSelector(".address");
  return page.evaluate(() => location.hash.slice(1));
}

async function says(page, words) {
  await tabTo(page, page.locator("dialog textarea"));
  await page.keyboard.type(words);
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector("dialog", { state: "detached" });
}

async function closesAs(page, outcome, words) {
  await tabTo(page, page.locator("#card-region"));
  await page.keyboard.press("x");
  await tabTo(page, page.locator("input[name=outcome]").first());
  const wanted = page.locator(`input[value=${outcome}]`);
  while (!(await hasFocus(wanted))) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await says(page, words);
  await page.locator(".acts").waitFor({ state: "detached" }); // it can be taken back till then
}

// ------------------------------------------------------------------ what the house holds
async function card(page, id) {
  return page.evaluate(async (path) => (await fetch(path)).json(), `${address}/v1/alerts/${id}`);
}

const offersIn = (seen) => (seen.orders ?? []).flatMap((each) => each.offers ?? []);

async function offerTo(page, id, but = []) {
  return until(async () => offersIn(await card(page, id))
    .find((each) => each.state === "open" && each.worker && !but.includes(each.worker)));
}

async function orderIs(page, id, state) {
  await until(async () => (await card(page, id)).orders?.some((each) => each.line.state === state));
}

test("a shift by keyboard alone: from the call to the call after the visit", { skip }, async () => {
  const page = await seat(browser, "zhangmin");
  await goesOnDuty(page);
  press(worn(8));
  const id = await takesTheNext(page);

  // Rung back: nobody answers.
  await page.locator(".asks", { hasText: "回" }).waitFor();
  await tabTo(page, page.locator("#card-region"));
  for (const key of ["c", "1"]) await page.keyboard.press(key); // his number, large
  await page.locator(".call-strip .number").waitFor();
  for (const key of ["c", "Enter"]) await page.keyboard.press(key);
  await says(page, "电话无人接听");

  // The nearest is asked, and refuses; the next one goes.
  await tabTo(page, page.locator("#card-region"));
  await page.locator(".candidates li").first().waitFor();
  await page.keyboard.press("d");
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");
  const first = await offerTo(page, id);
  reply(first, "DECLINE", { reason: "在外地" });
  const second = await offerTo(page, id, [first.worker]);
  reply(second, "ACCEPT");
  await orderIs(page, id, "accepted");
  for (const step of ["EN_ROUTE", "ARRIVED", "NO_ACCESS"]) reply(second, step);
  await orderIs(page, id, "no_access");

  // A locked door: a contact is rung by a digit, and asking for the number is written down.
  await page.locator(".order", { hasText: "进不了门" }).waitFor();
  await tabTo(page, page.locator("#card-region"));
  await page.keyboard.press("a"); // it has rung again
  await page.locator(".card-head", { hasText: "已受理" }).waitFor();
  for (const key of ["k", "1"]) await page.keyboard.press(key);
  await page.locator(".call-strip > span > .muted", { hasText: /\S/ }).waitFor();
  await page.keyboard.press("n");
  await page.keyboard.type("已请持钥匙的邻居开门");
  await page.keyboard.press("Control+Enter");
  await page.locator(".log .words", { hasText: "持钥匙的邻居" }).waitFor();
  for (const step of ["STARTED", "COMPLETED"]) reply(second, step);
  await orderIs(page, id, "completed");

  await closesAs(page, "helped", "低血糖，已进食，家属已到");
  await page.waitForSelector(`#row-${id}`, { state: "detached" });

  // Closed, and still on the list until somebody has asked.
  await presses(page, page.locator(".top button", { hasText: "待回访" }));
  await presses(page, page.locator(".follow-ups li button").first());
  await presses(page, page.locator(".card-region .order button", { hasText: "回访" }));
  await tabTo(page, page.locator("input[name=rating]").first());
  for (let n = 0; n < 5; ++n) await page.keyboard.press("ArrowRight");
  await says(page, "来得很快，满意");
  await orderIs(page, id, "followed_up");
  const told = (await card(page, id)).log.map((each) => each.what);
  const inOrder = ["raised", "claimed", "declined", "accepted", "arrived", "no_access", "started",
    "completed", "closed", "followed_up"];
  assert.deepEqual(told.filter((each) => inOrder.includes(each)), inOrder);
  await leave(page);
});

test("the end of the shift by keyboard alone: her successor accepts, then she goes", { skip }, async () => {
  const [page, next] = [await seat(browser, "zhangmin"), await seat(browser, "lina")];
  for (const each of [page, next]) await goesOnDuty(each);
  press(worn(9));
  const id = await takesTheNext(page);
  await presses(page, page.locator(".top button", { hasText: "离岗" }));
  await tabTo(page, page.locator(".handover form input"));
  await page.keyboard.type("20:00 给女儿回电话");
  const successor = page.locator(".handover form select");
  await tabTo(page, successor);
  while ((await successor.inputValue()) !== "lina") await page.keyboard.press("ArrowDown");
  await presses(page, page.locator(".handover form button[type=submit]"));
  await page.locator(".handover", { hasText: "等待 李娜 接收" }).waitFor();

  await presses(next, next.locator(".handed-bar button"));
  await tabTo(next, next.locator("#card-region"));
  await next.keyboard.press("a");
  await next.waitForSelector(`#row-${id}.mine`);
  await page.locator(".handover", { hasText: "可以离岗" }).waitFor();
  await presses(page, page.locator(".handover button.main", { hasText: "离岗" }));
  await page.locator(".sound-bar").waitFor();
  await closesAs(next, "false_alarm", "老人说按错了");
  await leave(page, next);
});
