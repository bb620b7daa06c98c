// A worker's visit on the real server: from the offer to the proof that he leaves, which whoever
// checks it finds with its digest, and whose seeing is written down. Started by
// tests/web/support/with_house.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { textOf } from "../support/source.mjs";
import { openBrowser } from "../support/stage.mjs";

const house = process.env.LINLI_CONSOLE;
const skip = house ? false : "started without tests/web/support/with_house";
const folder = process.env.LINLI_HOUSE ?? "";

let browser;
before(async () => {
  if (!skip) browser = await openBrowser();
});
after(() => browser?.close());

const rows = (file) => {
  const [head, ...lines] = textOf(join(folder, "city", file)).trim().split(/\r?\n/);
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, n) => [names[n], cell])));
};

function addUser(user, role, ...more) {
  const password = "a-long-word-of-the-test";
  execFileSync(process.env.LINLI_PROGRAM, ["--config", join(folder, "linli.toml"), "user", "add", user,
    "--name", user, "--role", role, "--area", "620100", ...more, "--password-stdin"],
  { input: `${password}\n` });
  return password;
}

function press(device) {
  execFileSync("mosquitto_pub", ["-V", "5", "-q", "1", "-h", "127.0.0.1", "-p",
    process.env.LINLI_BROKER, "-t", `linli/v1/d/d-${device}/signal`, "-D", "publish", "content-type",
    "application/json", "-m", JSON.stringify({ event: { boot: 77, sequence: 1 }, kind: "SOS" })]);
}

async function signIn(user, password, at, place) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, hasTouch: at === "/m",
    viewport: at === "/m" ? { width: 390, height: 844 } : { width: 1366, height: 900 },
    ...(place ? { permissions: ["geolocation"], geolocation: place } : {}) });
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(`${error}`));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) page.faults.push(message.text());
  });
  await page.goto(`${house}${at}`);
  await page.waitForURL(/index\.html|\/\?to=m/);
  await page.fill("#user", user);
  await page.fill("#password", password);
  await page.keyboard.press("Enter");
  return page;
}

async function until(what, milliseconds = 15_000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const value = await what();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

// As the page's own scripts ask.
const ask = (page, method, path, body) => page.evaluate(async ([how, where, what]) => {
  const answer = await fetch(where, { method: how, headers: what && { "Content-Type": "application/json" },
    body: what && JSON.stringify(what) });
  return { status: answer.status, body: await answer.json().catch(() => undefined) };
}, [method, `${house}/v1/${path}`, body]);

const jpeg = Buffer.from( // 1 × 1
  "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJ" +
  "DRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=", "base64");

test("a visit is proven by photo and code; its evidence has both, and who looked", { skip }, async () => {
  const device = rows("devices.csv").filter((each) => each.resident)[40];
  const resident = rows("residents.csv").find((each) => each.id === device.resident);
  const home = rows("homes.csv").find((each) => each.id === resident.home);
  const goes = rows("workers.csv").find((each) => (each.kind || "worker") === "worker");
  const door = { latitude: Number(home.latitude), longitude: Number(home.longitude) };

  const desk = await signIn("leader", new Map(textOf(join(folder, "people.txt")).trim().split("\n")
    .map((line) => line.split(" "))).get("leader"), "/console");
  await desk.waitForSelector(".console");
  press(device.id);
  const line = await until(async () =>
    (await ask(desk, "GET", "live?epoch=&after=0&wait=0")).body?.lines
      ?.find((each) => each.subject === `resident:${resident.id}` && each.orders?.length));
  const order = line.orders[0].id;
  const offered = await ask(desk, "POST", `orders/${order}/offer`, { worker: goes.id });
  assert.equal(offered.status, 200, JSON.stringify(offered.body));

  const his = addUser("shifu", "worker", "--provider", goes.provider, "--worker", goes.id);
  const page = await signIn("shifu", his, "/m", door);
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
  await page.waitForSelector(".given .kept >> nth=1");
  await page.waitForSelector(".missing", { state: "detached" });
  await page.click(".visit button.huge");
  await until(async () => (await ask(desk, "GET", `alerts/${line.id}`)).body.line.orders
    .some((each) => each.id === order && each.state === "completed"));
  assert.deepEqual(page.faults, []);

  await desk.goto(`${house}/evidence?alert=${line.id}`);
  await desk.waitForSelector(".visit-proofs table");
  const written = await desk.$$eval(".visit-proofs tbody tr", (all) => all.map((each) => each.innerText));
  assert.equal(written.length, 2);
  assert.match(written[0], /照片[\s\S]* 0 米/);
  assert.match(written[1], /口令/);
  assert.doesNotMatch(written[1], /不符/);
  const { proofs } = (await ask(desk, "GET", `orders/${order}/proofs`)).body;
  const picture = await desk.evaluate(async (path) => {
    const answer = await fetch(path);
    return { type: answer.headers.get("content-type"), kind: answer.headers.get("content-disposition"),
      sniff: answer.headers.get("x-content-type-options"),
      bytes: [...new Uint8Array(await answer.arrayBuffer())] };
  }, `${house}/v1/orders/${order}/proofs/${proofs[0].proofId}`);
  assert.equal(picture.type, "image/jpeg");
  assert.match(picture.kind, /^attachment/);
  assert.equal(picture.sniff, "nosniff");
  assert.equal(createHash("sha256").update(Buffer.from(picture.bytes)).digest("hex"), proofs[0].digest);
  const evidence = (await ask(desk, "GET", `alerts/${line.id}/evidence`)).body;
  assert.ok(evidence.card.log.some((each) => each.what === "proof_given" &&
    each.why.includes(proofs[0].digest)), "the order's chained log has its digest");
  assert.deepEqual(desk.faults, []);
  await desk.context().close();

  // Help for himself, on the same page.
  await page.focus(".alarm");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement === document.querySelector(".alarm") &&
    document.querySelectorAll(".alarm").length === 2);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".sos .heard");
  assert.deepEqual(page.faults, []);
  await page.context().close();
});
