// A worker's visit on the real server: from the offer to the proof that he leaves, which whoever
// checks it finds with its digest, and whose seeing is written down. Started by
// tests/web/support/with_house.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { addUser, address, goHome, leave, press, rows, seat, skip, until, worn } from "../support/house.mjs";
import { openBrowser } from "../support/stage.mjs";

let browser;
before(async () => {
  if (!skip) browser = await openBrowser();
});
after(() => goHome(browser));

// As the page's own scripts ask.
const ask = (page, method, path, body) => page.evaluate(async ([how, where, what]) => {
  const answer = await fetch(where, { method: how, headers: what && { "Content-Type": "application/json" },
    body: what && JSON.stringify(what) });
  return { status: answer.status, body: await answer.json().catch(() => undefined) };
}, [method, `${address}/v1/${path}`, body]);

const jpeg = Buffer.from( // 1 × 1
  "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJ" +
  "DRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=", "base64");

test("a visit is proven by photo and code; its evidence has both, and who looked", { skip }, async () => {
  const device = rows("devices.csv").find((each) => (each.id ?? each.device) === worn(10));
  const resident = rows("residents.csv").find((each) => each.id === device.resident);
  const home = rows("homes.csv").find((each) => each.id === resident.home);
  const goes = rows("workers.csv").find((each) => (each.kind || "worker") === "worker");
  const door = { latitude: Number(home.latitude), longitude: Number(home.longitude) };

  const desk = await seat(browser, "leader");
  press(worn(10));
  const line = await until(async () =>
    (await ask(desk, "GET", "live?epoch=&after=0&wait=0")).body?.lines
      ?.find((each) => each.subject === `resident:${resident.id}` && each.orders?.length));
  const order = line.orders[0].id;
  const offered = await ask(desk, "POST", `orders/${order}/offer`, { worker: goes.id });
  assert.equal(offered.status, 200, JSON.stringify(offered.body));

  const password = addUser("shifu", "worker", "--provider", goes.provider, "--worker", goes.id);
  const page = await seat(browser, "shifu", { at: "/m", password, hasTouch: true,
    viewport: { width: 390, height: 844 }, permissions: ["geolocation"], geolocation: door });
  await page.click(".offer button.main");
  for (const done of [1, 2, 3]) {
    await page.waitForSelector(`.visit .way .done >> nth=${done - 1}`);
    await page.click(".visit button.huge");
  }
  await page.waitForSelector(".visit .way .done >> nth=3");
  await page.setInputFiles(".proofs input[type=file]",
    { name: "p.jpg", mimeType: "image/jpeg", buffer: jpeg });
  await page.waitForSelector(".given .kept");
  await page.click(".proofs .choices button:nth-of-type(1)");
  await page.fill("#visit-code", resident.visit_code);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".given .kept >> nth=1").catch(async (why) => {
    throw new Error(`${why.message}\n${await page.innerText(".visit")}`);
  });
  await page.waitForSelector(".missing", { state: "detached" });
  await page.click(".visit button.huge");
  await until(async () => (await ask(desk, "GET", `alerts/${line.id}`)).body.line.orders
    .some((each) => each.id === order && each.state === "completed"));
  assert.deepEqual(page.faults, []);

  await desk.goto(`${address}/evidence?alert=${line.id}`);
  await desk.waitForSelector(".visit-proofs table");
  const written = await desk.$$eval(".visit-proofs tbody tr", (all) => all.map((each) => each.innerText));
  assert.equal(written.length, 2);
  assert.match(written[0], /照片[\s\S]*\s0 米/);
  assert.match(written[1], /口令/);
  assert.doesNotMatch(written[1], /不符/);
  const { proofs } = (await ask(desk, "GET", `orders/${order}/proofs`)).body;
  const picture = await desk.evaluate(async (path) => {
    const answer = await fetch(path);
    return { type: answer.headers.get("content-type"), kind: answer.headers.get("content-disposition"),
      sniff: answer.headers.get("x-content-type-options"),
      bytes: [...new Uint8Array(await answer.arrayBuffer())] };
  }, `${address}/v1/orders/${order}/proofs/${proofs[0].proofId}`);
  assert.equal(picture.type, "image/jpeg");
  assert.match(picture.kind, /^attachment/);
  assert.equal(picture.sniff, "nosniff");
  assert.equal(createHash("sha256").update(Buffer.from(picture.bytes)).digest("hex"), proofs[0].digest);
  const evidence = (await ask(desk, "GET", `alerts/${line.id}/evidence`)).body;
  assert.ok(evidence.card.log.some((each) => each.what === "proof_given" &&
    each.why.includes(proofs[0].digest)), "the order's chained log has its digest");
  await leave(desk);

  // Help for himself, on the same page.
  await page.focus(".alarm");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement === document.querySelector(".alarm") &&
    document.querySelectorAll(".alarm").length === 2);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".sos .heard");
  await leave(page);
});
