// What was recorded of a case's calls: listed on its card, fetched by parts and played when somebody
// who may asks for it, by keyboard; and in words why not.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { claimedBy } from "../support/lines.mjs";
import { openBrowser, operator, Stage } from "../support/stage.mjs";

const seconds = 90; // more than one part
const call = "01890000-0000-7000-8000-00000000000c";

// As the house makes it: A-law, the caller left.
function wav() {
  const samples = seconds * 8000;
  const head = Buffer.alloc(58);
  head.write("RIFF", 0);
  head.writeUInt32LE(50 + 2 * samples, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(18, 16);
  head.writeUInt16LE(6, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(16000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(8, 34);
  head.write("fact", 38);
  head.writeUInt32LE(4, 42);
  head.writeUInt32LE(samples, 46);
  head.write("data", 50);
  head.writeUInt32LE(2 * samples, 54);
  return Buffer.concat([head, Buffer.alloc(2 * samples, 0xd5)]);
}

let browser;
let stage;
let page;
let asked; // the ranges
let refusal; // instead of the sound
let listed;
before(async () => {
  browser = await openBrowser("--autoplay-policy=no-user-gesture-required");
});
after(() => browser.close());
beforeEach(async () => {
  stage = await Stage.open(browser);
  page = stage.page;
  stage.session = { ...operator, role: "shift_leader", may: [...operator.may, "see_evidence"] };
  asked = [];
  refusal = undefined;
  listed = [{ call, state: "sealed", begunAt: "2026-11-28T06:03:13Z", lengthS: seconds,
    bytes: `${58 + 16000 * seconds}`, pieces: 2, goesAt: "2027-11-28T06:03:13Z" }];
  const sound = wav();
  stage.house = (method, url, _, request) => {
    if (url.pathname.endsWith("/recordings")) return { status: 200, body: { recordings: listed } };
    if (!url.pathname.endsWith(`/recordings/${call}`)) return undefined;
    if (refusal) return { status: 409, body: { code: refusal } };
    const range = request.headers().range;
    asked.push(range);
    const from = Number(/^bytes=(\d+)-/.exec(range)[1]);
    const file = sound.subarray(from, from + (1 << 20));
    return { status: 206, file, type: "audio/wav",
      headers: { "content-range": `bytes ${from}-${from + file.length - 1}/${sound.length}` } };
  };
});
afterEach(async () => {
  const { faults } = stage;
  await stage.close();
  assert.deepEqual(faults, []);
});

const line = () => claimedBy("zhangmin", { holderName: "张敏" });

test("she listens by the keyboard: all of it comes by parts, and it plays as long as it is", async () => {
  await stage.opens(line());
  await page.focus(".recordings button");
  assert.match(await page.textContent(".recordings"), /2 段/);
  assert.deepEqual(asked, [], "nothing before she asks");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".recordings audio");
  assert.deepEqual(asked.map((each) => each.split("-")[0]), ["bytes=0", `bytes=${1 << 20}`]);
  await page.waitForFunction(() => document.querySelector(".recordings audio").readyState >= 1);
  const heard = await page.$eval(".recordings audio", (each) => ({ long: each.duration,
    focused: document.activeElement === each, wrong: each.error?.message }));
  assert.deepEqual(heard, { long: seconds, focused: true, wrong: undefined });
  await page.$eval(".recordings audio", (each) => { each.currentTime = 80; });
  await page.waitForFunction(() => document.querySelector(".recordings audio").currentTime >= 80);
});

test("axe finds nothing wrong with it", async () => {
  await stage.opens(line());
  await page.click(".recordings button");
  await page.waitForSelector(".recordings audio");
  assert.deepEqual(await stage.accessibilityFaults(), []);
});

for (const [code, words] of [["gone", /任何人都不能再听/], ["elsewhere", /另一台服务器/], ["never heard of", /没有取到/]])
  test(`when it can't be heard (${code}) she reads why`, async () => {
    refusal = code;
    await stage.opens(line());
    await page.click(".recordings button");
    await page.waitForSelector(".recordings [role=alert]");
    assert.match(await page.textContent(".recordings [role=alert]"), words);
  });

test("one that isn't sealed, or is gone, says so and has no button", async () => {
  listed = [{ call, state: "gone", begunAt: "2026-11-28T06:03:13Z" }];
  await stage.opens(line());
  await page.waitForSelector(".recordings");
  assert.match(await page.textContent(".recordings"), /已删除/);
  assert.equal(await page.$(".recordings button"), null);
});

test("whoever may not listen is shown nothing of it, and nothing is asked", async () => {
  stage.session = { ...operator };
  await stage.opens(line());
  await page.waitForSelector(".card .block");
  assert.equal(await page.$(".recordings"), null);
  assert.equal(stage.calls.filter((each) => each.path.endsWith("/recordings")).length, 0);
});
