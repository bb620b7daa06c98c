// A talk from a caller's telephone to a page, through the edge, the engine and rtpengine as they are
// delivered: both hear each other. The house's part is the test's.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Hotline, skip, Voice } from "../support/hotline.mjs";
import { call, important } from "../support/lines.mjs";
import { openBrowser, operator, Stage } from "../support/stage.mjs";

let browser;
before(async () => {
  // The page isn't from the loopback, and the edge is; in an installation they stand beside each other.
  browser = await openBrowser("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets");
});
after(() => browser.close());

const strip = "section.telephone .telephone-state";
const says = (page, words) => page.waitForFunction(([where, text]) =>
  new RegExp(text).test(document.querySelector(where)?.textContent ?? ""), [strip, words], { timeout: 20_000 });

// How loud the caller is in her ear, 0 … 1.
const loudness = (page) => page.evaluate(async () => {
  let loudest = 0;
  for (const each of globalThis.__connections ?? [])
    for (const one of (await each.getStats()).values())
      if (one.type === "inbound-rtp") loudest = Math.max(loudest, one.audioLevel ?? 0);
  return loudest;
});

const key = Buffer.from("a caller's key, thirty bytes!!").toString("base64");

// A page whose telephone is ready, and somebody who calls; with a key, by SRTP.
async function called(key) {
  const hotline = await Hotline.start();
  const voice = await Voice.open();
  const stage = await Stage.open(browser);
  const line = call({}, { state: "answered" });
  const end = async () => {
    await stage.close();
    voice.close();
    hotline.stop();
  };
  try {
    await stage.context.grantPermissions(["microphone"], { origin: "https://linli.test" });
    await stage.context.addInitScript(() => {
      globalThis.__connections = [];
      const Real = globalThis.RTCPeerConnection;
      globalThis.RTCPeerConnection = class extends Real {
        constructor(...all) {
          super(...all);
          globalThis.__connections.push(this);
        }
      };
    });
    stage.session = { ...operator, telephone: true };
    stage.house = (method, url, body) => {
      if (url.pathname === "/v1/hotline/credentials") return { status: 200, body: hotline.credentials("zhangmin") };
      if (url.pathname !== "/v1/hotline/seat") return undefined;
      return { status: 200, body: { user: "zhangmin", state: body.state === "away" ? "away" : "ready" } };
    };
    stage.add(important(), line);
    await stage.console();
    const { page } = stage;
    await page.waitForSelector(strip);
    await page.keyboard.press("F3");
    await page.waitForSelector("dialog meter");
    await page.click("dialog button.main:not(:disabled)");
    await says(page, "就绪，等候来电");

    const name = await hotline.calls(voice, key);
    return { hotline, voice, stage, page, name, line, end };
  } catch (error) {
    console.error(hotline.words());
    await end();
    throw error;
  }
}

const hers = "sip:zhangmin@hotline.invalid";

async function answers({ page }) {
  await says(page, "来电振铃");
  await page.keyboard.press("F3");
  await says(page, "通话中");
}

// Whatever happens it ends, and says why.
async function ofACall(does, key) {
  const talk = await called(key);
  try {
    await does(talk);
    assert.deepEqual(talk.stage.faults, []);
  } catch (error) {
    console.error(talk.hotline.words());
    throw error;
  } finally {
    await talk.end();
  }
}

const inTalk = (does, key) => ofACall(async (talk) => {
  talk.hotline.rings(talk.name, "zhangmin-1", hers, talk.line.id);
  await answers(talk);
  await does(talk);
}, key);

async function hearEachOther({ stage, page }, voice) {
  voice.listens(); // no more music from now on
  await stage.until(() => voice.heard > 20, 20_000);
  await stage.until(async () => (await loudness(page)) > 0.01, 20_000);
}

test("a caller and a page hear each other until she hangs up", { skip, timeout: 90_000 }, () => inTalk(async (talk) => {
  await hearEachOther(talk, talk.voice);
  await talk.page.click("section.telephone button.grave");
  await says(talk.page, "通话后小结");
}));

test("a page that loses its sound hangs up on nobody, and the caller waits with music again", { skip, timeout: 90_000 },
  () => inTalk(async (talk) => {
    await hearEachOther(talk, talk.voice);
    await talk.page.evaluate(() => {
      const one = globalThis.__connections.at(-1);
      Object.defineProperty(one, "iceConnectionState", { value: "failed" });
      one.dispatchEvent(new Event("iceconnectionstatechange"));
    });
    await says(talk.page, "通话没有声音");
    await talk.stage.until(() => talk.stage.of("park").length === 1);
    talk.hotline.parks(talk.name);
    talk.voice.listens();
    await talk.stage.until(() => talk.voice.heard > 200, 20_000); // she would pause
  }));

// When something of a stream was last played to her: getStats tells nothing of one that has come back.
// Without a stream: any.
const playedAt = (page, stream) => page.evaluate((wanted) => Math.max(0, ...globalThis.__connections.at(-1)
  .getReceivers().flatMap((each) => each.getSynchronizationSources())
  .filter((each) => wanted === undefined || each.source === wanted).map((each) => each.timestamp)), stream);

const limits = { skip, timeout: 90_000 };

const aThirdComesAndGoes = async (talk) => {
  await hearEachOther(talk, talk.voice);
  const third = await Voice.open();
  try {
    await talk.hotline.addsThird(talk.name, third);
    third.listens();
    await talk.stage.until(() => third.heard > 200, 20_000); // the caller never pauses, as she does
    talk.voice.isQuiet();
    await hearEachOther(talk, third);
    talk.hotline.dropsThird(talk.name);
    third.isQuiet();
    talk.voice.speaks();
    talk.voice.listens();
    await talk.stage.until(() => talk.voice.heard > 20, 20_000);
    const played = await playedAt(talk.page, Voice.stream);
    await talk.stage.until(async () => (await playedAt(talk.page, Voice.stream)) > played + 500, 20_000);
    await says(talk.page, "通话中");
    assert.equal(await talk.page.evaluate(() => globalThis.__connections.length), 1);
    await talk.page.click("section.telephone button.grave");
    await says(talk.page, "通话后小结");
  } finally {
    third.close();
  }
};

test("a third comes to a page's talk and goes, and her line stays the same", limits, () => inTalk(aThirdComesAndGoes));

test("so it is with a caller by SRTP, whom each hears and who hears each", limits, () => inTalk(aThirdComesAndGoes, key));

test("a page that listens hears each of the two, and neither hears it", limits, () => ofACall(async (talk) => {
  const seat = await Voice.open();
  try {
    await talk.hotline.ringsTelephone(talk.name, seat);
    seat.listens();
    await talk.stage.until(() => seat.heard > 20, 20_000);
    talk.hotline.listens(talk.name, "zhangmin-1", hers, talk.line.id);
    await answers(talk);
    talk.voice.isQuiet();
    await talk.stage.until(async () => (await loudness(talk.page)) > 0.01, 20_000);
    seat.isQuiet();
    await talk.stage.until(async () => (await loudness(talk.page)) < 0.001, 20_000);
    talk.voice.speaks();
    await talk.stage.until(async () => (await loudness(talk.page)) > 0.01, 20_000);
    talk.voice.isQuiet();
    await talk.stage.until(async () => (await loudness(talk.page)) < 0.001, 20_000);
    talk.voice.listens();
    seat.listens();
    const played = await playedAt(talk.page);
    await talk.stage.until(async () => (await playedAt(talk.page)) > played + 2000, 20_000);
    assert.equal(talk.voice.heard, 0, "her microphone's tone comes twice a second");
    assert.equal(seat.heard, 0);
    await talk.page.click("section.telephone button.grave");
  } finally {
    seat.close();
  }
}));
