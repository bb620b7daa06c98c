// The operator's telephone in her page, with the edge and the house played by the test.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Edge } from "../support/edge.mjs";
import { call, important } from "../support/lines.mjs";
import { openBrowser, operator, Stage } from "../support/stage.mjs";

const wss = "wss://linli.test:7443/";
let browser;
before(async () => {
  browser = await openBrowser("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream");
});
after(() => browser.close());

const strip = "section.telephone";
const says = (page, words) => page.waitForFunction(([where, text]) =>
  new RegExp(text).test(document.querySelector(where)?.textContent ?? ""), [`${strip} .telephone-state`, words]);
const heardOf = (edge, words) => edge.heard.filter((each) => each.startsWith(words)).length;
const focused = (page) => page.evaluate(() => document.activeElement?.closest("[data-region]")?.dataset.region);

// A house that keeps her seat; `words` is what her page has said of it, `spoken()` without that it is there.
function keepsSeat(stage) {
  const kept = { state: "away", words: [], spoken: () => kept.words.filter((word) => word !== "here") };
  stage.house = (method, url, body) => {
    if (url.pathname === "/v1/hotline/credentials")
      return { status: 200, body: { address: "sip:zhangmin@hotline.invalid", user: "1:zhangmin", password: "p", wss,
        expiresAt: new Date(Date.now() + 300_000).toISOString() } };
    if (/^\/v1\/calls\/[^/]+\/(hold|resume|park|transfer|hang_up|add_third|join_third|drop_third|leave|listen)$/.test(url.pathname)) return { status: 202, body: {} };
    if (url.pathname !== "/v1/hotline/seat") return undefined;
    const word = (typeof body === "string" ? JSON.parse(body) : body).state;
    if (word !== "here") kept.state = word;
    kept.words.push(word);
    return { status: 200, body: { user: "zhangmin", state: kept.state } };
  };
  return kept;
}

async function atTheDesk(act,
  { lines = [], telephone = true, may = operator.may, before: prepare = () => undefined, ...options } = {}) {
  const stage = await Stage.open(browser, options);
  await prepare(stage);
  await stage.context.grantPermissions(["microphone"], { origin: "https://linli.test" });
  const edge = new Edge(stage.context, wss);
  await edge.ready;
  stage.session = { ...operator, telephone, may };
  const seat = keepsSeat(stage);
  stage.add(important(), ...lines);
  try {
    await stage.console();
    await act(stage, stage.page, edge, seat);
    assert.deepEqual(stage.faults, []);
  } finally {
    await stage.close();
  }
}

async function sitsDown(page) {
  await page.waitForSelector(strip);
  await page.keyboard.press("F3");
  await page.waitForSelector("dialog meter");
  await page.click("dialog button.main:not(:disabled)");
  await says(page, "就绪，等候来电|Ready for calls");
}

async function talks(page, edge, line) {
  await sitsDown(page);
  edge.rings(line.id);
  await says(page, "来电振铃");
  await page.keyboard.press("F3");
  await says(page, "通话中");
}

test("without a hotline of ours nothing of a telephone is there, and F3 does nothing", () =>
  atTheDesk(async (stage, page) => {
    await page.keyboard.press("F3");
    assert.equal(await page.locator(strip).count(), 0);
    const names = await page.evaluate(() => performance.getEntriesByType("resource").map((each) => each.name));
    assert.ok(!names.some((name) => /Telephone/.test(name)), "its chunk isn't loaded");
  }, { telephone: false }));

test("she sits down by keyboard: microphone, then ready, and the house hears it", () =>
  atTheDesk(async (stage, page, edge, seat) => {
    await sitsDown(page);
    assert.deepEqual(seat.spoken(), ["ready"]);
    assert.equal(edge.registered, 1);
  }));

for (const language of ["zh-CN", "en"])
  test(`axe finds nothing wrong with the telephone in ${language}`, () => {
    const line = call({ talk: true });
    return atTheDesk(async (stage, page, edge) => {
      await page.waitForSelector(strip);
      await page.keyboard.press("F3");
      await page.waitForSelector("dialog meter");
      assert.deepEqual(await stage.accessibilityFaults(), []);
      await page.click("dialog button.main:not(:disabled)");
      await says(page, "就绪，等候来电|Ready for calls");
      edge.rings(line.id);
      await says(page, "来电振铃|A call rings");
      assert.deepEqual(await stage.accessibilityFaults(), []);
      await page.keyboard.press("F3");
      await says(page, "通话中|Talking");
      await page.locator(`${strip} button[aria-expanded]`).first().click();
      await page.waitForSelector(`${strip} form`);
      assert.deepEqual(await stage.accessibilityFaults(), []);
    }, { language, lines: [line] });
  });

test("a call rings, is answered by F3, and its case opens", () => {
  const alert = important();
  const line = call({ outcome: "joined", alert: alert.id, talk: true });
  return atTheDesk(async (stage, page, edge) => {
    await talks(page, edge, line);
    await page.waitForFunction((id) => location.hash === `#${id}`, alert.id);
    assert.match(await page.innerText(`${strip} .talk-time`), /^\d+:\d\d$/);
    assert.ok(edge.heard.some((each) => /^SIP\/2\.0 200/.test(each)));
  }, { lines: [alert, line] });
});

test("a ring touches neither the focus nor what she writes", () =>
  atTheDesk(async (stage, page, edge) => {
    await sitsDown(page);
    const before = await focused(page);
    edge.rings(call().id);
    await says(page, "来电振铃");
    assert.equal(await focused(page), before);
    assert.equal(await page.locator("dialog[open]").count(), 0);
  }));

test("refused, the edge hears busy, and the next may ring", () =>
  atTheDesk(async (stage, page, edge) => {
    await sitsDown(page);
    edge.rings("c1");
    await says(page, "来电振铃");
    await page.locator(`${strip} button`).nth(1).click();
    await stage.until(() => edge.heard.some((each) => /^SIP\/2\.0 486/.test(each)));
    await says(page, "就绪，等候来电");
  }));

test("who gives up while it rings is gone, and so is the ringing", () =>
  atTheDesk(async (stage, page, edge) => {
    await sitsDown(page);
    edge.rings("c1");
    await says(page, "来电振铃");
    edge.givesUp();
    await says(page, "就绪，等候来电");
  }));

test("hold and hand over are wishes, and it is held when the house says so", () => {
  const line = call({ talk: true }, { state: "answered" });
  return atTheDesk(async (stage, page, edge) => {
    await talks(page, edge, line);
    await page.click(`${strip} button:text("保持")`);
    await stage.until(() => stage.of("hold").length === 1);
    stage.tell([{ ...line, version: 9, call: { ...line.call, held: true } }]);
    await says(page, "已保持");
    await page.click(`${strip} button:text("转接")`);
    await page.fill(`${strip} form input`, "138 0000 0009");
    await page.keyboard.press("Enter");
    await stage.until(() => stage.of("transfer").length === 1);
    assert.deepEqual(stage.of("transfer")[0].body, { number: "13800000009" });
    stage.tell([{ ...line, version: 10, call: { ...line.call, held: true, ringing: "lina" } }]);
    await page.waitForSelector(`${strip} :text("正在呼叫 lina")`);
  }, { lines: [line] });
});

test("somebody is brought into the talk: rung, spoken with aside, then all three, and she may leave", () => {
  const line = call({ talk: true }, { state: "answered" });
  return atTheDesk(async (stage, page, edge) => {
    const tells = (version, more) => stage.tell([{ ...line, version, call: { ...line.call, ...more } }]);
    const button = (words) => page.locator(`${strip} button:text("${words}")`);
    await talks(page, edge, line);
    await button("请人加入").click();
    await button("急救 120").click();
    await stage.until(() => stage.of("add_third").length === 1);
    assert.deepEqual(stage.of("add_third")[0].body, { number: "120" });
    tells(9, { third: "rings" });
    await page.waitForSelector(`${strip} :text("正在请 外线 加入")`);
    assert.equal(await button("保持").count(), 0, "what would be refused isn't offered");
    assert.equal(await button("三方通话").count(), 0);
    tells(10, { third: "aside" });
    await page.waitForSelector(`${strip} :text("来电人在听音乐")`);
    assert.deepEqual(await stage.accessibilityFaults(), []);
    await button("三方通话").click();
    await stage.until(() => stage.of("join_third").length === 1);
    tells(11, { third: "joined" });
    await page.waitForSelector(`${strip} :text("三方通话中")`);
    await button("请第三方退出").click();
    await button("让双方继续").click();
    await stage.until(() => stage.of("leave").length === 1 && stage.of("drop_third").length === 1);
    tells(12, {});
    await button("保持").waitFor();
  }, { lines: [line] });
});

test("whom a colleague has asked to her talk hangs up, and nothing else is hers", () => {
  const line = call({ talk: true, third: "aside", thirdWho: operator.user }, { state: "answered" });
  return atTheDesk(async (stage, page, edge) => {
    await talks(page, edge, line);
    await page.waitForSelector(`${strip} button:text("挂断")`);
    assert.equal(await page.locator(`${strip} button:text("保持")`).count(), 0);
    assert.equal(await page.locator(`${strip} button:text("三方通话")`).count(), 0);
  }, { lines: [line] });
});

test("a shift leader listens: her telephone takes it by itself, she is not heard, and no caller is parked", () => {
  const line = call({ talk: true, seat: "lina" }, { state: "answered" });
  return atTheDesk(async (stage, page, edge) => {
    const listen = page.locator(`[data-call="${line.id}"] button:text("监听")`);
    assert.equal(await listen.count(), 0, "without a telephone there is nothing to hear it with");
    await sitsDown(page);
    await listen.click();
    await stage.until(() => stage.of("listen").length === 1);
    edge.rings(line.id, true);
    await says(page, "监听中");
    assert.equal(await page.locator(`${strip} button:text("保持")`).count(), 0);
    assert.equal(await page.locator(`${strip} button:text("静音")`).count(), 0);
    await listen.waitFor({ state: "detached" });
    await page.reload();
    await says(page, "您在岗，但电话未开"); // it is this page's by now, and what was left is parked
    await stage.settled();
    assert.equal(stage.of("park").length, 0);
  }, { lines: [line] });
});

test("who wished to listen, and is rung because the caller waits again, has a caller who rings", () => {
  const line = call({ talk: true, seat: "lina" }, { state: "answered" });
  return atTheDesk(async (stage, page, edge) => {
    await sitsDown(page);
    await page.locator(`[data-call="${line.id}"] button:text("监听")`).click();
    await stage.until(() => stage.of("listen").length === 1);
    edge.rings(line.id);
    await says(page, "来电振铃");
    await stage.settled();
    assert.equal(heardOf(edge, "SIP/2.0 200"), 0, "she hasn't answered");
    await page.keyboard.press("F3");
    await says(page, "通话中");
  }, { lines: [line] });
});

test("an operator may not listen to her colleague", () => {
  const line = call({ talk: true, seat: "lina" }, { state: "answered" });
  return atTheDesk(async (stage, page) => {
    await sitsDown(page);
    assert.equal(await page.locator(`[data-call="${line.id}"]`).count(), 1);
    assert.equal(await page.locator(`[data-call="${line.id}"] button:text("监听")`).count(), 0);
  }, { lines: [line], may: operator.may.filter((each) => each !== "take_over") });
});

test("after the talk she wraps up, says what it was among the calls, and F3 makes her ready", () => {
  const line = call();
  return atTheDesk(async (stage, page, edge, seat) => {
    await talks(page, edge, line);
    seat.state = "wrapping_up"; // so the house has it from then on
    edge.hangsUp();
    await says(page, "通话后小结");
    await page.click(`${strip} button:text("到来电栏")`);
    assert.equal(await focused(page), "calls");
    await page.keyboard.press("F3");
    await says(page, "就绪，等候来电");
    assert.deepEqual(seat.spoken(), ["ready", "ready"]);
  }, { lines: [line] });
});

test("a socket that is lost is said in words and to the house, and mends by itself", () =>
  atTheDesk(async (stage, page, edge, seat) => {
    await sitsDown(page);
    edge.cut();
    await says(page, "电话网络断开");
    await stage.until(() => seat.words.includes("away"));
    edge.mend();
    await page.waitForFunction((where) => /就绪，等候来电/.test(document.querySelector(where)?.textContent ?? ""),
      `${strip} .telephone-state`, { timeout: 20_000 });
    await stage.until(() => seat.spoken().at(-1) === "ready");
  }));

test("a registration that failed is tried again while the socket stands", () =>
  atTheDesk(async (stage, page, edge) => {
    edge.refusal = "503 Service Unavailable";
    await page.waitForSelector(strip);
    await page.keyboard.press("F3");
    await page.waitForSelector("dialog meter");
    await page.click("dialog button.main:not(:disabled)");
    await says(page, "电话网络断开");
    edge.refusal = "";
    await stage.until(() => edge.registered === 1, 20_000);
    await says(page, "就绪，等候来电");
  }));

test("who sits down at another machine is told so here, where she may sit down again", () =>
  atTheDesk(async (stage, page, edge, seat) => {
    edge.refusal = "403 Sits elsewhere";
    await page.waitForSelector(strip);
    await page.keyboard.press("F3");
    await page.waitForSelector("dialog meter");
    await page.click("dialog button.main:not(:disabled)");
    await says(page, "另一台电脑");
    edge.refusal = "";
    await sitsDown(page);
    assert.deepEqual(seat.spoken(), ["ready"], "what she is there wasn't this page's to say");
  }));

// ICE finds no way any more; before the talk, the page's connections are kept for it.
const keepsConnections = (page) => page.evaluate(() => {
  globalThis.made = [];
  const set = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function of(...all) {
    globalThis.made.push(this);
    return set.apply(this, all);
  };
});
const losesSound = (page) => page.evaluate(() => {
  const [one] = globalThis.made;
  Object.defineProperty(one, "iceConnectionState", { value: "failed" });
  one.dispatchEvent(new Event("iceconnectionstatechange"));
});
const byes = (edge) => heardOf(edge, "BYE ");

for (const park of [202, 503])
  test(`a talk that loses its sound hangs up on no caller, and nobody else is sent to her (park: ${park})`, () => {
    const line = call({ talk: true });
    return atTheDesk(async (stage, page, edge, seat) => {
      await keepsConnections(page);
      await talks(page, edge, line);
      if (park !== 202) stage.answers.set(`POST /v1/calls/${line.id}/park`, { status: park, body: { code: "away" } });
      await losesSound(page);
      await says(page, "通话没有声音");
      await stage.until(() => stage.of("park").length === 1);
      await stage.until(() => seat.spoken().at(-1) === "away");
      await stage.settled();
      assert.equal(byes(edge), 0, "the engine would hang up on him");
      const answered = heardOf(edge, "SIP/2.0 200");
      edge.hangsUp(); // the engine has put him back
      await stage.until(() => heardOf(edge, "SIP/2.0 200") > answered);
      await says(page, "通话没有声音");
      await page.keyboard.press("F3");
      await says(page, "就绪，等候来电");
      edge.rings(call().id);
      await says(page, "来电振铃");
      assert.equal(byes(edge), 0);
    }, { lines: [line] });
  });

test("nor is he hung up on when she goes before he is put back", () => {
  const line = call({ talk: true });
  return atTheDesk(async (stage, page, edge) => {
    await keepsConnections(page);
    await talks(page, edge, line);
    await losesSound(page);
    await says(page, "通话没有声音");
    await page.click('.top button:text("离岗")');
    await says(page, "电话未开");
    await stage.until(() => heardOf(edge, "REGISTER ") > 1); // her leaving
    await stage.settled();
    assert.equal(byes(edge), 0);
  }, { lines: [line] });
});

test("a talk without sound that nobody ends is hung up at last", () => {
  const line = call({ talk: true });
  return atTheDesk(async (stage, page, edge) => {
    await keepsConnections(page);
    await talks(page, edge, line);
    await losesSound(page);
    await stage.until(() => stage.of("park").length === 1);
    await stage.later(46_000);
    await stage.until(() => byes(edge) === 1);
  }, { lines: [line], before: (stage) => stage.clockCanBePutOn() });
});

test("a page that is loaded anew in a talk puts the caller back into the line", () => {
  const line = call({ talk: true });
  return atTheDesk(async (stage, page, edge) => {
    await talks(page, edge, line);
    page.on("dialog", (dialog) => void dialog.accept());
    await page.reload();
    await stage.until(() => stage.of("park").length === 1);
    await says(page, "电话未开");
  }, { lines: [line] });
});

test("a call that she has dialled herself is hers to hang up, and no more", () => {
  const line = call();
  return atTheDesk(async (stage, page, edge) => {
    await talks(page, edge, line);
    assert.equal(await page.locator(`${strip} button:text("保持")`).count(), 0);
    assert.equal(await page.locator(`${strip} button:text("挂断")`).count(), 1);
  }, { lines: [line] });
});

test("going on duty and sitting down at the telephone are one thing, and no red bar says otherwise", () =>
  atTheDesk(async (stage, page, edge, seat) => {
    await page.waitForSelector(strip);
    await page.waitForSelector(".sound-bar");
    await page.click(".sound-bar button");
    await page.waitForSelector("dialog meter");
    await page.click("dialog button.main:not(:disabled)", { timeout: 15_000 });
    await says(page, "就绪，等候来电");
    await page.waitForSelector(".sound-bar", { state: "detached" });
    assert.equal(stage.session.onDuty, true);
    assert.deepEqual(seat.spoken(), ["ready"]);
  }));

test("whoever has no headset goes on duty all the same, and no call comes to her", () =>
  atTheDesk(async (stage, page, edge, seat) => {
    await page.waitForSelector(strip);
    await page.keyboard.press("F3");
    await page.click('dialog button:text("上岗但不接电话"):not(:disabled)', { timeout: 15_000 });
    await page.waitForSelector(".sound-bar", { state: "detached" });
    assert.equal(stage.session.onDuty, true);
    assert.deepEqual(seat.words, []);
    await says(page, "电话未开");
    await page.reload();
    await says(page, "电话未开");
    await stage.settled();
    assert.equal(await page.locator(`${strip}.trouble`).count(), 0, "it is her own word, also when the page is loaded anew");
  }));

test("loaded anew on duty, her telephone is off: it is said, and she sits down again or goes without it", () =>
  atTheDesk(async (stage, page) => {
    await sitsDown(page); // and is on duty
    await page.reload();
    await page.waitForSelector(`${strip}.trouble`);
    await says(page, "您在岗，但电话未开");
    await page.waitForFunction(() => /您在岗，但电话未开/.test(document.getElementById("alert").textContent));
    assert.deepEqual(await stage.accessibilityFaults(), []);
    await page.click(`${strip} button:text("开始接听")`);
    await page.waitForSelector("dialog meter");
    await page.click("dialog button.main:not(:disabled)", { timeout: 15_000 });
    await says(page, "就绪，等候来电");
    await page.reload();
    await page.click(`${strip} button:text("本班不接电话")`);
    await page.waitForSelector(`${strip}.off:not(.trouble)`);
  }));

test("at night she is put away and her telephone with her: who comes back sits down at it again", () =>
  atTheDesk(async (stage, page, edge, seat) => {
    await sitsDown(page); // and is on duty
    await stage.later(30 * 60_000);
    await page.waitForSelector(".awake-bar");
    await stage.later(61_000);
    await says(page, "电话未开");
    await stage.until(() => seat.spoken().at(-1) === "away" && stage.session.onDuty === false);
    await page.click('.sound-bar button:text("我回来了")');
    await page.waitForSelector("dialog meter");
    assert.equal(stage.session.onDuty, false, "not before she sits there");
    await page.click("dialog button.main:not(:disabled)", { timeout: 15_000 });
    await says(page, "就绪，等候来电");
    await page.waitForSelector(".sound-bar", { state: "detached" });
    assert.equal(stage.session.onDuty, true);
    assert.equal(seat.spoken().at(-1), "ready");
  }, { before: async (stage) => {
    stage.atNight();
    await stage.clockCanBePutOn();
  } }));

test("a wish that is not done is said, with why, once, and to whoever wished it", () => {
  const line = call({ talk: true });
  return atTheDesk(async (stage, page, edge) => {
    await talks(page, edge, line);
    const refused = (by, at) => ({ ...line, version: (line.version ?? 1) + 1, call: { ...line.call,
      refused: { what: "park", why: "not_now", by, at: new Date(at).toISOString() } } });
    const said = page.locator(".toast.bad", { hasText: "没有做到：放回排队。原因：来电此刻的状态不允许" });
    const beside = important(); // told with it, and to be seen
    stage.tell([refused("wang", Date.now()), beside]);
    await stage.row(beside).waitFor();
    await stage.settled();
    assert.equal(await said.count(), 0, "whose wish it was not");
    stage.tell([refused("zhangmin", Date.now())]);
    await said.waitFor();
    await page.waitForFunction(() => /没有做到：放回排队/.test(document.getElementById("alert").textContent));
  }, { lines: [line] });
});

test("the head tells how the hotline stands: who waits, how long, the seats, today's share", async () => {
  const stage = await Stage.open(browser);
  try {
    stage.session = { ...operator };
    stage.hotlineNow = { waiting: 2, longestSince: new Date(Date.now() - 65_000).toISOString(), ready: 1, talking: 3,
      wrappingUp: 1, calls: 50, answeredInTime: 48, abandoned: 1, openChecks: 4 };
    stage.add(important());
    await stage.console();
    await stage.page.waitForSelector(".hotline-strip.late");
    const text = await stage.page.textContent(".hotline-strip");
    for (const words of [/等待 2/, /最长 1:0\d|最长 01:0\d/, /就绪 1，振铃 0，通话 3，整理 1/, /今日 15 秒内 96\.0%，来电 50，放弃 1/])
      assert.match(text, words);
    assert.equal(await stage.page.locator(".hotline-strip a").count(), 0, "the checks are a supervisor's");
    assert.deepEqual(stage.faults, []);
  } finally {
    await stage.close();
  }
});

test("as long as her line stands the house hears of it, and no longer when she goes off duty", () =>
  atTheDesk(async (stage, page, edge, seat) => {
    await sitsDown(page); // and is on duty
    await stage.until(() => seat.words.includes("here"), 15_000);
    await page.click('.top button:text("离岗")');
    await says(page, "电话未开");
    await stage.until(() => seat.spoken().at(-1) === "away");
  }));

test("a microphone that the browser forbids is said in words, and nobody is sent to her", async () => {
  const stage = await Stage.open(browser);
  try {
    stage.session = { ...operator, telephone: true };
    const seat = keepsSeat(stage);
    stage.add(important());
    await stage.context.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
    });
    await stage.console();
    await stage.page.waitForSelector(strip);
    await stage.page.keyboard.press("F3");
    await stage.page.waitForFunction(() => /不许使用麦克风/.test(document.querySelector("dialog[open]")?.textContent ?? ""));
    assert.ok(await stage.page.isDisabled("dialog button.main"));
    assert.deepEqual(seat.words, []);
    assert.deepEqual(stage.faults, []);
  } finally {
    await stage.close();
  }
});

test("a headset that is pulled out is said in words, and the house hears that she is away", () =>
  atTheDesk(async (stage, page, edge, seat) => {
    await sitsDown(page);
    await page.evaluate(() => {
      navigator.mediaDevices.enumerateDevices = () => Promise.resolve([]);
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    });
    await says(page, "没有麦克风");
    await stage.until(() => seat.words.includes("away"));
  }));

test("on a telephone's width nothing is cut off", () => {
  const line = call({ talk: true });
  return atTheDesk(async (stage, page, edge) => {
    await talks(page, edge, line);
    assert.ok(await page.evaluate((where) => {
      const { left, right } = document.querySelector(where).getBoundingClientRect();
      const all = [...document.querySelectorAll(`${where} button`)].map((each) => each.getBoundingClientRect());
      return all.every((each) => each.left >= left && each.right <= right);
    }, strip));
  }, { lines: [line], viewport: { width: 375, height: 740 } });
});
