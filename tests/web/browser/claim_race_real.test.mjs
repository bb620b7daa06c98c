// Twenty consoles want the same alert at the same moment: one owner, and everybody is told who it is.
// On the real server, started by tests/web/support/with_house.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { address, goHome, leave, people, plainSeat, press, seat, skip, unclaimed, until, worn } from "../support/house.mjs";
import { openBrowser } from "../support/stage.mjs";

const painting = ["zhangmin", "lina", "leader"];

let browser;
before(async () => {
  if (!skip) browser = await openBrowser();
});
after(() => goHome(browser));

// A seat is its user, and how it asks the house for something.
async function paintingSeat(user) {
  const page = await seat(browser, user);
  const post = (path, body) => page.evaluate(async ([path, body]) => {
    const began = performance.now();
    const answer = await fetch(path, { method: "POST", body: JSON.stringify(body),
      headers: { "content-type": "application/json" } });
    return { status: answer.status, said: await answer.json(), ms: performance.now() - began };
  }, [`./${path}`, body]);
  return { user, page, post, leaves: () => leave(page) };
}

const shows = (page, row, name) => until(async () =>
  (await page.locator(`#${row}:not(.pinned) .c-state`).textContent().catch(() => "")).includes(name));

test("of 20 consoles that claim the same alert at once one has it, and all others are told whose it is",
  { skip }, async (t) => {
    const seats = [];
    for (const user of painting) seats.push(await paintingSeat(user));
    for (const [user] of people()) if (/^seat/.test(user)) seats.push(await plainSeat(user));
    assert.equal(seats.length, 20);
    const pages = seats.flatMap((each) => each.page ?? []);
    press(worn(9));
    for (const page of pages) await unclaimed(page).first().waitFor();
    const row = await unclaimed(pages[0]).first().getAttribute("id");
    const alert = `v1/alerts/${row.slice("row-".length)}`;

    const answers = await Promise.all(seats.map((each) => each.post(`${alert}/claim`, {})));

    const winner = seats[answers.findIndex((each) => each.status === 200)];
    const losers = answers.filter((each) => each.status === 409);
    t.diagnostic(`the slowest of the others was told after ${Math.round(Math.max(...losers.map((each) => each.ms)))} ms`);
    assert.equal(answers.filter((each) => each.status === 200).length, 1);
    assert.deepEqual(losers.map((each) => [each.said.code, each.said.holder]),
      Array(19).fill(["held", winner.user]));
    const name = await pages[0].evaluate(async (alert) =>
      (await (await fetch(`./${alert}`)).json()).line.holderName, alert);
    for (const { page, user } of seats) if (page) await shows(page, row, user === winner.user ? "我" : name);

    // Whoever holds work can't sign out, which others in this house still have to do.
    const closed = await winner.post(`${alert}/close`, { outcome: "false_alarm", text: "老人本人说按错了" });
    assert.equal(closed.status, 200);
    for (const each of seats) await each.leaves();
  });
