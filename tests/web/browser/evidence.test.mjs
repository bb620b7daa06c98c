// The record of an alert on paper: what its devices said, who did what, who saw whom, and the proof.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { claimedBy } from "../support/lines.mjs";
import { openBrowser, operator, Stage, wholeCard } from "../support/stage.mjs";

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const leader = { ...operator, role: "shift_leader",
  may: [...operator.may, "see_evidence", "see_proofs"] };
const line = claimedBy("zhangmin");
const hash = (n) => `${n}`.repeat(64);
const card = {
  ...wholeCard(line),
  log: [
    { at: "2026-11-28T06:03:13.204Z", of: "alert", name: "resident:r1", what: "raised",
      byKind: "device", by: "w1", why: "w1:7:42", sequence: 1, hash: hash(1) },
    { at: "2026-11-28T06:03:22.010Z", of: "alert", name: "resident:r1", what: "claimed",
      byKind: "operator", by: "zhangmin", byName: "张敏", sequence: 2, hash: hash(2) },
    { at: "2026-11-28T06:03:25.000Z", of: "order", name: "620102-1128-7", what: "offered",
      byKind: "house", sequence: 1, hash: hash(3) }],
};
const evidence = {
  card,
  seen: [{ at: "2026-11-28T06:03:23Z", who: "zhangmin", what: "phone", subject: "resident:r1" }],
  signals: [
    { event: "w1:7:42", device: "w1", kind: "sos", door: "mqtt", happenedAt: "2026-11-28T06:03:12Z",
      receivedAt: "2026-11-28T06:03:13.200Z", committedAt: "2026-11-28T06:03:13.203Z", battery: 61,
      position: { latitude: 36.0585, longitude: 103.852, accuracyM: 15 } },
    { event: "w1:x:9", device: "w1", kind: "unreadable", door: "tcp", raw: "WzNHXQ==",
      receivedAt: "2026-11-28T06:04:00Z", committedAt: "2026-11-28T06:04:00.002Z" }],
};

async function onPaper(act, { session = leader, holds = evidence, ...options } = {}) {
  const stage = await Stage.open(browser, options);
  stage.session = session;
  stage.evidence.set(line.id, holds);
  try {
    await stage.page.goto(`https://linli.test/evidence?alert=${line.id}`);
    return await act(stage, stage.page);
  } finally {
    await stage.close();
  }
}

for (const language of ["zh-CN", "en"])
  for (const width of [1280, 360])
    test(`axe finds nothing wrong in ${language}, ${width} wide, and it doesn't leave the screen`, () =>
      onPaper(async (stage, page) => {
        await page.waitForSelector(".evidence table");
        assert.deepEqual(await stage.accessibilityFaults(), []);
        assert.deepEqual(stage.faults, []);
        assert.deepEqual(stage.outside, []);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(over <= 0, `${over} px too wide`);
      }, { language, viewport: { width, height: 800 } }));

test("each line of the record, each signal and each look stands there, to the millisecond", () =>
  onPaper(async (stage, page) => {
    await page.waitForSelector(".evidence table");
    const rows = await page.$$eval(".evidence table", (tables) =>
      tables.map((each) => [...each.tBodies[0].rows].map((row) => row.innerText)));
    assert.deepEqual(rows.map((each) => each.length), [2, 3, 1, 2]);
    assert.match(rows[0][0], /2026-11-28 14:03:13\.200[\s\S]*w1:7:42/);
    assert.match(rows[0][1], /WzNHXQ==/);
    assert.match(rows[1][1], /14:03:22\.010[\s\S]*张敏/);
    assert.match(rows[2][0], /zhangmin[\s\S]*resident:r1/);
    assert.ok(rows[3][0].includes(hash(2)), "the newest line's hash is the alert's proof");
  }));

test("a line that is missing is told", () =>
  onPaper(async (stage, page) => {
    await page.waitForSelector(".evidence table");
    assert.match(await page.textContent(".evidence"), /缺行：1/);
  }, { holds: { ...evidence, card: { ...card, log: [card.log[0], { ...card.log[1], sequence: 3 }] } } }));

// ------------------------------------------------------------------ what workers left

const order = { id: "0192a0b0-0000-7000-8000-00000000aaaa", number: "620102-1128-7" };
const visited = { ...evidence, card: { ...card, line: { ...line, orders: [order] } } };
const kept = (n, more) => ({ proofId: `0192a0b0-0000-7000-8000-00000000000${n}`, kind: "photo",
  worker: "k1", takenAt: "2026-11-28T06:20:00Z", cameAt: "2026-11-28T06:20:04Z", holds: true,
  distanceM: 12, position: { latitude: 36, longitude: 103, accuracyM: 8 }, type: "image/jpeg",
  digest: hash(7), ...more });
const pixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9" +
  "awAAAABJRU5ErkJggg==", "base64");

function leavesProofs(stage, asked) {
  const all = [kept(1), kept(2, { kind: "code", holds: false, type: "", digest: "", distanceM: undefined,
    cameAt: "2026-11-28T07:00:00Z" })];
  stage.house = (method, url) => {
    if (url.pathname.endsWith("/proofs")) return { status: 200, body: { proofs: all } };
    if (!url.pathname.includes("/proofs/")) return undefined;
    asked.push(url.pathname);
    return { status: 200, file: pixel, type: "image/png" };
  };
}

test("what a worker left stands there with its digest, time and distance; a picture when asked for",
  () => {
    const asked = [];
    return onPaper(async (stage, page) => {
      leavesProofs(stage, asked);
      await page.reload();
      await page.waitForSelector(".visit-proofs table");
      const rows = await page.$$eval(".visit-proofs tbody tr", (all) => all.map((each) => each.innerText));
      assert.match(rows[0], /14:20:00[\s\S]*照片[\s\S]*12 米/);
      assert.ok(rows[0].includes(hash(7)));
      assert.match(rows[1], /晚到 40 分钟[\s\S]*口令[\s\S]*不符[\s\S]*无定位/);
      assert.deepEqual(asked, [], "looking at the list shows nobody");
      const checked = await page.textContent(".visit-proofs > p");
      assert.match(checked, /✓ 照片[\s\S]*✗ 老人确认[\s\S]*✓ 在门口[\s\S]*✓ 及时/);
      await page.click(".visit-proofs button");
      await page.waitForSelector(".visit-proofs img");
      assert.equal(asked.length, 1);
      assert.deepEqual(await stage.accessibilityFaults(), []);
      assert.deepEqual(stage.faults, []);
    }, { holds: visited });
  });

test("a visit that left nothing is told, and an order that nobody went for isn't", () => {
  const orders = [{ ...order, state: "completed" },
    { id: "0192a0b0-0000-7000-8000-00000000bbbb", number: "620102-1128-8", state: "offered" }];
  return onPaper(async (stage, page) => {
    stage.house = (method, url) =>
      url.pathname.endsWith("/proofs") ? { status: 200, body: {} } : undefined;
    await page.reload();
    await page.waitForSelector(".visit-proofs");
    assert.match(await page.textContent(".visit-proofs"), /620102-1128-7：\s*没有任何凭证/);
    assert.doesNotMatch(await page.textContent(".visit-proofs"), /1128-8/);
  }, { holds: { ...visited, card: { ...visited.card, line: { ...line, orders } } } });
});

test("who may not see proofs has none of them asked for", () =>
  onPaper(async (stage, page) => {
    await page.waitForSelector(".evidence table");
    assert.deepEqual(stage.calls.filter((each) => each.path.includes("/proofs")), []);
  }, { holds: visited, session: { ...leader, may: [...operator.may, "see_evidence"] } }));

test("on paper there are no buttons, and nothing is cut off", () =>
  onPaper(async (stage, page) => {
    await page.waitForSelector(".evidence table");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.isVisible(".evidence .tools"), false);
    assert.equal(await page.evaluate(() =>
      getComputedStyle(document.querySelector(".evidence .wide")).overflowX), "visible");
  }));

test("who may not see it is told so, and nothing was asked for", () =>
  onPaper(async (stage, page) => {
    assert.match(await page.textContent("[role=alert].wrong"), /不能查看证据/);
    assert.deepEqual(stage.calls.filter((each) => each.path.endsWith("/evidence")), []);
  }, { session: operator }));

test("signing in leads back to the same alert", () =>
  onPaper(async (stage, page) => {
    await page.waitForSelector(".evidence table");
    stage.signedIn = false;
    await page.reload();
    await page.waitForSelector("form");
    await page.fill("input[autocomplete=username]", "zhangmin");
    await page.fill("input[type=password]", "right");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".evidence table");
    assert.match(page.url(), new RegExp(`evidence\\?alert=${line.id}$`));
  }));
