// The real house that tests/web/support/with_house has started: its city, its people, its server.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { requireOfWeb, textOf } from "./source.mjs";

const { request: requests } = requireOfWeb("playwright-core");

export const address = process.env.LINLI_CONSOLE;
export const skip = address ? false : "started without tests/web/support/with_house";
const folder = process.env.LINLI_HOUSE ?? "";

// By name: their passwords.
export const people = () => new Map(textOf(join(folder, "people.txt")).trim().split("\n")
  .map((line) => line.split(" ")));

export const passwordOf = (user) => people().get(user);

// ------------------------------------------------------------------ the city
export const rows = (file) => {
  const [head, ...lines] = textOf(join(folder, "city", file)).trim().split(/\r?\n/);
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, n) => [names[n], cell])));
};
export const areaName = (code) => rows("areas.csv").find((each) => each.code === code).name;

// The nth resident's own device; each test has its own people.
export function worn(n) {
  return rows("devices.csv").filter((each) => each.resident).map((each) => each.id ?? each.device)[n];
}

export function districtOf(device) {
  const { resident } = rows("devices.csv").find((each) => (each.id ?? each.device) === device);
  const { home } = rows("residents.csv").find((each) => each.id === resident);
  return rows("homes.csv").find((each) => each.id === home).area.slice(0, 6);
}

// Somebody, of the whole city unless `more` has an area; the password.
export function addUser(user, role, ...more) {
  const password = "a-long-word-of-the-test";
  const area = more.includes("--area") ? [] : ["--area", "620100"];
  execFileSync(process.env.LINLI_PROGRAM, ["--config", join(folder, "linli.toml"), "user", "add", user,
    "--name", user, "--role", role, ...area, ...more, "--password-stdin"],
  { input: `${password}\n` });
  return password;
}

function say(topic, message) {
  execFileSync("mosquitto_pub", ["-V", "5", "-q", "1", "-h", "127.0.0.1", "-p",
    process.env.LINLI_BROKER, "-t", `linli/v1/${topic}`, "-D", "publish", "content-type",
    "application/json", "-m", JSON.stringify(message)]);
}

const boot = Math.floor(Date.now() / 1000);
let said = 0;

export function press(device, kind = "SOS") {
  said += 1;
  say(`d/d-${device}/signal`, { event: { boot, sequence: said }, kind });
}

// What a provider's worker answers to an offer.
export function reply(offer, kind, more = {}) {
  said += 1;
  say(`p/p-${offer.provider}/replies`, { replyId: `${boot}-${said}`, offerId: offer.id,
    kind: `REPLY_KIND_${kind}`, ...more });
}

export function server(what) {
  execFileSync("bash", ["-c", `${process.env.LINLI_SERVER} ${what}`], { stdio: "inherit" });
}

// ------------------------------------------------------------------ people at the desk
const seated = new Set(); // who hasn't left: at a file's end, whoever was in a test that failed

export async function seat(browser, user, { at = "/console", password = passwordOf(user), ...options } = {}) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true, viewport: { width: 1920, height: 1080 }, ...options });
  const page = await context.newPage();
  seated.add(page);
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(`${error}`));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) page.faults.push(message.text());
  });
  context.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== address)
      page.faults.push(`asked another host: ${request.url()}`);
  });
  await page.goto(`${address}${at}`);
  await page.waitForURL(/index\.html|\/\?to=/);
  await page.fill("#user", user);
  await page.fill("#password", password);
  await page.keyboard.press("Enter");
  if (at === "/console") await page.waitForSelector(".console");
  return page;
}

// Chromium has been seen never to answer that a context is closed (1 of some 300; tabs that share a
// worker were in it). The browser itself is closed at the file's end.
export async function leave(...pages) {
  for (const page of pages) {
    assert.deepEqual(page.faults, []);
    seated.delete(page);
    await Promise.race([page.context().close(), new Promise((done) => setTimeout(done, 10_000).unref())]);
  }
}

// A file's end. What a failed test's pages show and what the server has said: who reads the log of
// another machine has nothing else.
export async function goHome(browser) {
  for (const page of seated) {
    const shows = await page.evaluate(() => document.body.innerText).catch((why) => `nothing: ${why}`);
    console.log(`left open at ${page.url()}, faults ${JSON.stringify(page.faults)}:\n${shows.slice(0, 4000)}\n`);
  }
  if (seated.size) console.log(textOf(join(folder, "server.log")).split("\n").slice(-60).join("\n"));
  await browser?.close();
}

export const unclaimed = (page) => page.locator(".band .row:not(.more)");

export async function until(what, milliseconds = 10_000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const value = await what();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

export async function goOnDuty(page) {
  await page.click(".sound-bar button");
  await page.click("dialog button.main:not(:disabled)", { timeout: 15_000 });
  await page.waitForSelector(".sound-bar", { state: "detached" });
}

// Until the five seconds are over: by then it can be taken back.
export async function startToClose(page, outcome, words) {
  await page.focus("#card-region");
  await page.keyboard.press("x");
  await page.check(`input[value=${outcome}]`);
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector("#form-wrong"); // it wants the reason
  await page.fill("#words", words);
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector(".closing-bar");
}

export async function closeAs(page, outcome, words) {
  await startToClose(page, outcome, words);
  await page.waitForSelector(".acts", { state: "detached", timeout: 15_000 });
}

// Signed in without a page: it asks the API alone.
export async function plainSeat(user) {
  const api = await requests.newContext({ baseURL: `${address}/`, ignoreHTTPSErrors: true,
    extraHTTPHeaders: { origin: address } });
  const post = async (path, data) => {
    const began = performance.now();
    const answer = await api.post(path, { data });
    return { status: answer.status(), said: await answer.json(), ms: performance.now() - began };
  };
  const signedIn = await post("v1/session", { user, password: passwordOf(user) });
  assert.equal(signedIn.status, 200, user);
  const updates = async (query) => (await api.get(`v1/live?${query}`)).json();
  return { user, post, updates, leaves: () => api.dispose() };
}
