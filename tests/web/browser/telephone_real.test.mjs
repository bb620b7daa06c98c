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

test("a caller and a page hear each other until she hangs up", { skip, timeout: 90_000 }, async () => {
  const hotline = await Hotline.start();
  const voice = await Voice.open();
  const stage = await Stage.open(browser);
  const line = call({}, { state: "answered" });
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

    const name = await hotline.calls(voice);
    hotline.rings(name, "zhangmin-1", "sip:zhangmin@hotline.invalid", line.id);
    await says(page, "来电振铃");
    await page.keyboard.press("F3");
    await says(page, "通话中");
    voice.listens(); // no more music from now on
    await stage.until(() => voice.heard > 20, 20_000);
    await stage.until(async () => (await loudness(page)) > 0.01, 20_000);

    await page.click("section.telephone button.grave");
    await says(page, "通话后小结");
    assert.deepEqual(stage.faults, []);
  } catch (error) {
    console.error(hotline.words());
    throw error;
  } finally {
    await stage.close();
    voice.close();
    hotline.stop();
  }
});
