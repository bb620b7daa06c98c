// The worker's page at a telephone's width: an offer is answered, a visit is stepped through, and
// what is said without a network arrives later, in order and once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, Stage } from "../support/stage.mjs";

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const worker = { user: "qian", name: "钱师傅", role: "worker", area: "620102", provider: "p1",
  worker: "k1", may: ["see_own_offers", "reply_own", "go"] };
const inSeconds = (n) => new Date(Date.now() + n * 1000).toISOString();

function offered(changes = {}) {
  return { orderState: "offered", worker: "k1", workerName: "钱师傅", offer: {
    offerId: "0192a0b0-0000-7000-8000-000000000001", version: 1, state: "OFFER_STATE_OPEN",
    orderNumber: "620102-1128-7", service: "emergency_attendance", priority: 1,
    openedAt: inSeconds(-5), expiresAt: inSeconds(300), roughPlace: "南河街12号", distanceM: 820,
    ...changes } };
}

function held(orderState) {
  return { ...offered({ state: "OFFER_STATE_ACCEPTED", version: 2, visit: {
    name: "王秀兰", door: "3 单元 501", notes: "左耳背,请大声", phone: "13912348888",
    flags: ["dog"], position: { latitude: 36.055, longitude: 103.85 } } }),
    orderState, dueAt: inSeconds(170) };
}

// What the house tells when the desk closes or cancels while he is on his way.
function takenFromHim() {
  const { visit, ...offer } = held("en_route").offer;
  return { ...held("stood_down"), offer: { ...offer, version: 3, state: "OFFER_STATE_WITHDRAWN",
    withdrawnBecause: "closed" } };
}

// What the house makes of a reply.
const stateAfter = { REPLY_KIND_ACCEPT: "accepted", REPLY_KIND_EN_ROUTE: "en_route",
  REPLY_KIND_ARRIVED: "arrived", REPLY_KIND_STARTED: "in_service",
  REPLY_KIND_COMPLETED: "completed" };

async function onPhone(own, act, { session = worker, ...options } = {}) {
  const stage = await Stage.open(browser, { viewport: { width: 390, height: 844 }, hasTouch: true,
    permissions: ["geolocation"], geolocation: { latitude: 36.055, longitude: 103.85 }, ...options });
  stage.session = session;
  stage.own = own;
  stage.onReply = ({ kind }) => {
    if (stateAfter[kind]) stage.own = [held(stateAfter[kind])];
  };
  try {
    await stage.page.goto("https://linli.test/m");
    await stage.page.waitForSelector(".link.online");
    return await act(stage, stage.page);
  } finally {
    await stage.close();
  }
}

for (const language of ["zh-CN", "en"])
  for (const [state, own] of [["an offer", [offered()]], ["a visit", [held("en_route")]],
    ["nothing", []], ["a recall", [takenFromHim()]]])
    test(`axe finds nothing wrong with ${state} in ${language}`, () =>
      onPhone(own, async (stage) => {
        assert.deepEqual(await stage.accessibilityFaults(), []);
        assert.deepEqual(stage.faults, []);
        assert.deepEqual(stage.outside, []);
      }, { language }));

test("an offer names the street and no door; the door comes with the accept", () =>
  onPhone([offered()], async (stage, page) => {
    await page.waitForSelector(".offer");
    assert.doesNotMatch(await page.textContent("main"), /501|王秀兰|139/);
    await page.click(".offer button.main");
    await page.locator(".visit", { hasText: /王秀兰[\s\S]*3 单元 501/ }).waitFor();
    assert.deepEqual(stage.replies, ["REPLY_KIND_ACCEPT"]);
  }));

test("what may have been done already is not called refused", () =>
  onPhone([offered()], async (stage, page) => {
    const id = offered().offer.offerId;
    stage.answers.set(`POST /v1/own/offers/${id}/replies`, { status: 409, body: { code: "in_doubt" } });
    await page.click(".offer button.main");
    await page.waitForSelector(".complaint:has-text('可能已经提交过')");
    assert.doesNotMatch(await page.textContent(".complaint"), /没有接受/);
  }));

test("a refusal asks why, and says it", () =>
  onPhone([offered()], async (stage, page) => {
    await page.click(".offer .choices button:first-child");
    await page.click(".reasons button:nth-of-type(2)");
    await stage.until(() => stage.replies.length === 1);
    const said = stage.calls.find((each) => each.path.endsWith("/replies")).body;
    assert.equal(said.kind, "REPLY_KIND_DECLINE");
    assert.ok(said.reason);
  }));

test("that 120 is needed is said as such, and not only in words", () =>
  onPhone([held("in_service")], async (stage, page) => {
    await page.click(".visit button.big:has-text('异常')");
    await page.click(".reasons button:has-text('需要 120')");
    await stage.until(() => stage.replies.length === 1);
    const said = stage.calls.find((each) => each.path.endsWith("/replies")).body;
    assert.equal(said.kind, "REPLY_KIND_FAILED");
    assert.equal(said.needs120, true);
    assert.equal(said.reason, "需要 120");
  }));

test("steps without a network arrive in order, once, each with its time", () =>
  onPhone([held("accepted")], async (stage, page) => {
    await page.waitForSelector(".visit");
    stage.hearsReplies = false;
    for (const shown of [1, 2, 3]) {
      await page.click("button.huge:not(.alarm)");
      await page.waitForSelector(`.way .done >> nth=${shown}`, { timeout: 20_000 });
    }
    assert.match(await page.textContent("header"), /3/);
    assert.deepEqual(stage.replies, []);
    stage.hearsReplies = true;
    await stage.until(() => stage.replies.length === 3, 20_000);
    assert.deepEqual(stage.replies,
      ["REPLY_KIND_EN_ROUTE", "REPLY_KIND_ARRIVED", "REPLY_KIND_STARTED"]);
    const taken = stage.calls.filter((each) => each.path.endsWith("/replies"));
    const ids = new Set(taken.map((each) => each.body.replyId));
    assert.equal(ids.size, 3, "each try of one step has the same id");
    for (const each of taken) assert.equal(each.key, each.body.replyId);
    const times = taken.slice(-3).map((each) => Date.parse(each.body.happenedAt));
    assert.deepEqual([...times].sort((a, b) => a - b), times);
  }));

test("a step that was pressed outlives the page, though the telephone doesn't know yet where it is", () =>
  onPhone([held("en_route")], async (stage, page) => {
    await page.evaluate(() => (navigator.geolocation.getCurrentPosition = () => undefined)); // no satellite
    await page.click("button.huge:not(.alarm)");
    await page.waitForSelector(".visit .unsent", { timeout: 3000 });
    await page.close();
    assert.deepEqual(stage.replies, []);
    stage.page = await stage.addPage();
    await stage.page.goto("https://linli.test/m");
    await stage.until(() => stage.replies.length === 1, 20_000);
    await stage.page.waitForSelector("header .unsent", { state: "detached" });
    assert.deepEqual(stage.replies, ["REPLY_KIND_ARRIVED"]);
    const said = stage.calls.filter((each) => each.path.endsWith("/replies")).map((each) => each.body);
    assert.equal(said.length, 1);
    assert.equal(said[0].position, undefined);
  }));

for (const [what, own, press] of [
  ["an accept", [offered()], (page) => page.click(".offer button.main")],
  ["that 120 is needed", [held("in_service")], async (page) => {
    await page.click(".visit button.big:has-text('异常')");
    await page.click(".reasons button:has-text('需要 120')");
  }]])
  test(`${what} waits for no satellite`, () =>
    onPhone(own, async (stage, page) => {
      await page.evaluate(() => (navigator.geolocation.getCurrentPosition = () => undefined));
      await press(page);
      await stage.until(() => stage.replies.length === 1, 2500);
    }));

test("on a line that hangs the next step can be pressed at once, and a double tap says one step", () =>
  onPhone([held("accepted")], async (stage, page) => {
    const letGo = stage.holdsBack("replies", {});
    await page.dblclick("button.huge:not(.alarm)");
    await page.waitForSelector("button.huge:not(.alarm):not(:disabled):has-text('到达签到')", { timeout: 2000 });
    assert.match(await page.textContent("header .unsent"), /1/);
    letGo();
    await page.waitForSelector("header .unsent", { state: "detached" });
    const said = stage.calls.filter((each) => each.path.endsWith("/replies"));
    assert.deepEqual(said.map((each) => each.body.kind), ["REPLY_KIND_EN_ROUTE"]);
  }));

// ------------------------------------------------------------------ a telephone that is handed on

const li = { ...worker, user: "li", name: "李娜", worker: "k2" };

async function saysUnheard(stage, page) {
  await page.waitForSelector(".visit");
  stage.hearsReplies = false;
  await page.click("button.huge:not(.alarm)");
  await page.waitForSelector(".visit .unsent");
}

test("whoever signs out with something unsent is asked, and it goes out when he is back, as nobody else's", () =>
  onPhone([held("en_route")], async (stage, page) => {
    await saysUnheard(stage, page);
    await page.click("footer button");
    await page.waitForSelector("dialog:has-text('还有 1 条没有上传')");
    assert.deepEqual(await stage.accessibilityFaults(), []);
    await page.click("dialog button.main");
    await page.waitForSelector("dialog", { state: "detached" });
    await page.click("footer button");
    await page.click("dialog button:not(.main)");
    await page.waitForSelector("form");
    Object.assign(stage, { session: li, signedIn: true, own: [], hearsReplies: true });
    await page.goto("https://linli.test/m");
    await page.waitForSelector(".others:has-text('钱师傅')");
    assert.deepEqual(await stage.accessibilityFaults(), []);
    assert.equal(await page.locator("header .unsent").count(), 0);
    await page.click("footer button");
    await page.waitForSelector("form");
    assert.deepEqual(stage.replies, []);
    Object.assign(stage, { session: worker, signedIn: true, own: [held("en_route")] });
    await page.goto("https://linli.test/m");
    await stage.until(() => stage.replies.length === 1, 20_000);
    assert.deepEqual(stage.replies, ["REPLY_KIND_ARRIVED"]);
    assert.equal(await page.locator(".others").count(), 0);
  }));

test("nobody is signed out before the house has heard it", () =>
  onPhone([], async (stage, page) => {
    stage.answers.set("DELETE /v1/session", { status: 503, body: { code: "away" } });
    await page.click("footer button");
    await page.waitForSelector(".complaint:has-text('没有退出')");
    await page.click("footer button");
    await page.waitForSelector("form");
  }));

test("a page that is left open sends nothing when another has signed in beside it, and becomes his", () =>
  onPhone([held("en_route")], async (stage, page) => {
    await saysUnheard(stage, page);
    Object.assign(stage, { session: li, own: [], hearsReplies: true });
    await page.waitForSelector(".others:has-text('钱师傅')", { timeout: 20_000 });
    assert.match(await page.textContent("header .who"), /李娜/);
    assert.deepEqual(stage.replies, []);
  }));

test("a call for help that the house has not heard is told to whoever has the telephone next", () =>
  onPhone([], async (stage, page) => {
    stage.hearsReplies = false;
    await callByKeys(page);
    await page.waitForSelector(".sos .waiting");
    stage.session = li;
    await page.goto("about:blank");
    await page.goto("https://linli.test/m");
    await page.waitForSelector(".others:has-text('钱师傅在这部手机上求助过'):has-text('12349')");
    assert.equal(await page.locator(".sos .waiting").count(), 0, "she has called nobody");
    stage.hearsReplies = true;
    const asks = () => stage.calls.filter((each) => each.path === "/v1/own/offers").length;
    const before = asks();
    await stage.until(() => asks() > before + 2, 20_000);
    assert.deepEqual(stage.calledForHelp, []);
  }));

test("whoever is asked whether he goes with something unsent still reads what of it was refused", () =>
  onPhone([held("en_route")], async (stage, page) => {
    await saysUnheard(stage, page);
    await page.click("footer button");
    await page.waitForSelector("dialog:has-text('还有 1 条没有上传')");
    stage.answers.set(`POST /v1/own/offers/${offered().offer.offerId}/replies`,
      { status: 409, body: { code: "closed" } });
    await page.waitForSelector(".complaint:has-text('工单已结束')", { timeout: 20_000 });
    await page.waitForSelector("dialog", { state: "detached" });
    await stage.settled();
    assert.ok(stage.signedIn, "he has not said that he goes over it");
    assert.equal(await page.locator("header .unsent").count(), 0);
  }));

// ------------------------------------------------------------------ proof of the visit

const jpeg = Buffer.from( // 1 × 1
  "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJ" +
  "DRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=", "base64");

async function takePhoto(page, where = ".proofs") {
  await page.setInputFiles(`${where} input[type=file]`,
    { name: "p.jpg", mimeType: "image/jpeg", buffer: jpeg });
}

async function sign(page) {
  await page.locator("canvas").scrollIntoViewIfNeeded();
  const box = await page.locator("canvas").boundingBox();
  await page.mouse.move(box.x + 30, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 80, { steps: 5 });
  await page.mouse.up();
  await page.click(".signing button.main");
}

function keepsProofs(stage, own) {
  stage.onProof = (body) => {
    const holds = body.code !== "0000" && body.note !== "w9";
    own.proofs = [...(own.proofs ?? []), { kind: body.kind, holds, note: body.note }];
    return { holds };
  };
}

test("what the house has taken is kept before it tells of it: nothing goes a step back meanwhile", () =>
  onPhone([held("in_service")], async (stage, page) => {
    stage.onProof = () => ({ holds: true });
    await page.waitForSelector(".proofs");
    await takePhoto(page);
    await page.waitForSelector(".given .kept");
    assert.equal(stage.proofs.length, 1);
  }));

test("photo, signature and code arrive with place and time; what is missing is told with its reason",
  () => {
    const own = held("in_service");
    return onPhone([own], async (stage, page) => {
      keepsProofs(stage, own);
      await page.waitForSelector(".proofs");
      assert.equal(await page.locator(".missing").count(), 2);
      await takePhoto(page);
      await page.waitForSelector(".given .kept");
      assert.equal(await page.locator(".missing").count(), 1);
      await page.click(".proofs .choices button:nth-of-type(2)");
      await sign(page);
      await page.waitForSelector(".given .kept >> nth=1");
      assert.equal(await page.locator(".missing").count(), 0);
      await page.click(".proofs .choices button:nth-of-type(1)");
      await page.fill("#visit-code", "4711");
      await page.keyboard.press("Enter");
      await stage.until(() => stage.proofs.length === 3);
      const [photo, signature, code] = stage.proofs;
      const bytes = Buffer.from(photo.picture, "base64");
      assert.deepEqual([...bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
      assert.ok(!bytes.includes("Exif"), "drawn anew, without what the camera writes");
      assert.equal(Buffer.from(signature.picture, "base64").toString("latin1", 1, 4), "PNG");
      assert.equal(code.code, "4711");
      for (const each of stage.proofs) {
        assert.ok(each.position.latitude > 36, each.kind);
        assert.ok(each.happenedAt, each.kind);
      }
    });
  });

test("a photo that is still made small when he goes on to the signature is not lost, nor what he writes", () => {
  const own = held("in_service");
  return onPhone([own], async (stage, page) => {
    keepsProofs(stage, own);
    await page.waitForSelector(".proofs");
    await page.evaluate(() => {
      const draw = HTMLCanvasElement.prototype.toBlob;
      HTMLCanvasElement.prototype.toBlob = function (...args) {
        setTimeout(() => draw.apply(this, args), 1000); // an old telephone
      };
    });
    await takePhoto(page);
    await page.click(".proofs .choices button:nth-of-type(2)");
    await page.waitForSelector(".signing canvas");
    await page.waitForSelector(".given .kept");
    assert.deepEqual(stage.proofs.map((each) => each.kind), ["photo"]);
    assert.equal(await page.locator(".signing canvas").count(), 1);
  });
});

test("a wrong code is said so, and asked for again", () => {
  const own = held("in_service");
  return onPhone([own], async (stage, page) => {
    keepsProofs(stage, own);
    await page.click(".proofs .choices button:nth-of-type(1)");
    await page.fill("#visit-code", "12");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#visit-code-wrong");
    await page.fill("#visit-code", "0000");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".complaint");
    assert.match(await page.textContent(".complaint"), /口令不对/);
    await page.waitForSelector(".given .wrong");
  });
});

test("proof without a network waits, and arrives once, in order, also after the page was closed",
  () => {
    const own = held("in_service");
    return onPhone([own], async (stage, page) => {
      keepsProofs(stage, own);
      await page.waitForSelector(".proofs");
      stage.hearsReplies = false;
      await takePhoto(page);
      await page.waitForSelector(".given .waiting");
      await page.click(".proofs .choices button:nth-of-type(2)");
      await sign(page);
      await page.waitForSelector(".given .waiting >> nth=1");
      await page.click("button.huge:not(.alarm)");
      await stage.until(async () => /3/.test(await page.textContent("header .unsent")));
      await page.reload();
      await page.waitForSelector("header .unsent");
      stage.hearsReplies = true;
      await stage.until(() => stage.replies.length === 1 && stage.proofs.length === 2, 20_000);
      await page.waitForSelector("header .unsent", { state: "detached" });
      assert.deepEqual(stage.replies, ["REPLY_KIND_COMPLETED"]);
      assert.deepEqual(stage.proofs.map((each) => each.kind), ["photo", "signature"]);
      const ids = new Set(stage.proofs.map((each) => each.proofId));
      assert.equal(ids.size, 2);
    });
  });

test("while a photo takes its time the next step can be pressed, and a new offer is shown", () => {
  const own = held("arrived");
  return onPhone([own], async (stage, page) => {
    await page.waitForSelector(".proofs");
    stage.hearsPictures = false;
    await takePhoto(page);
    await stage.until(() => stage.calls.some((each) => each.body?.picture));
    await page.click("button.huge:not(.alarm)");
    await page.waitForSelector("button.huge:not(.alarm):not(:disabled):has-text('完成')", { timeout: 5000 });
    await stage.until(() => stage.own[0].orderState === "in_service");
    stage.own = [...stage.own, offered({ offerId: "0192a0b0-0000-7000-8000-000000000002" })];
    await page.waitForSelector(".offer", { timeout: 15_000 });
  });
});

test("a photo waits for the step before it, without which the house knows of no visit", () => {
  const own = held("en_route");
  return onPhone([own], async (stage, page) => {
    keepsProofs(stage, own);
    await saysUnheard(stage, page);
    await takePhoto(page);
    await page.waitForSelector(".given .waiting");
    const asked = () => stage.calls.filter((each) => each.path.endsWith("/replies")).length;
    const before = asked();
    await stage.until(() => asked() > before, 20_000);
    assert.ok(!stage.calls.some((each) => each.body?.picture), "it would be refused, and lost");
    stage.hearsReplies = true;
    await stage.until(() => stage.proofs.length === 1, 20_000);
    assert.deepEqual(stage.replies, ["REPLY_KIND_ARRIVED"]);
  });
});

test("whoever manages his people proves none of their visits", () =>
  onPhone([held("in_service")], async (stage, page) => {
    await page.waitForSelector(".visit");
    await stage.until(async () => !(await page.locator(".proofs").count()));
    assert.equal(await page.locator(".alarm").count(), 0);
  }, { session: { ...worker, role: "provider_manager", worker: "", may: ["see_own_offers"] } }));

// ------------------------------------------------------------------ who goes for a company

const manager = { ...worker, user: "he", name: "何经理", role: "provider_manager", worker: "",
  may: ["see_own_offers", "reply_own", "name_worker", "see_registry", "change_registry"] };
const people = { workers: [
  { worker: "k1", name: "钱师傅", phone: "137****0001", why: "next", mayBeNamed: true, distanceM: 820 },
  { worker: "k2", name: "孙师傅", phone: "137****0002", why: "off_duty", mayBeNamed: true },
  { worker: "k3", name: "周师傅", phone: "137****0003", why: "no_certificate" }] };
const toTheCompany = () => ({ ...offered(), worker: "", workerName: "" });

async function inCompany(own, act, options = {}) {
  return onPhone(own, async (stage, page) => {
    stage.people = people;
    stage.said = [];
    stage.onReply = (body) => stage.said.push([body.kind, body.worker ?? ""]);
    await page.waitForSelector("footer a[href='./admin']");
    return await act(stage, page);
  }, { session: manager, ...options });
}

test("a company accepts and says who goes, by touch", () =>
  inCompany([toTheCompany()], async (stage, page) => {
    await page.tap("button.who-goes");
    await page.waitForSelector("dialog li");
    const text = await page.textContent("dialog");
    for (const each of ["钱师傅", "可派", "820 m", "不当班", "无证书", "137****0003"])
      assert.ok(text.includes(each), each);
    assert.equal(await page.locator("dialog button.name").count(), 2, "without a certificate nobody goes");
    for (const each of await page.locator("dialog button").all())
      assert.ok((await each.boundingBox()).height >= 44);
    await page.tap("dialog li:nth-of-type(1) button.name");
    await page.waitForSelector("dialog", { state: "detached" });
    await stage.until(() => stage.said.length > 0); // the list closes when the telephone has kept it
    assert.deepEqual(stage.said, [["REPLY_KIND_ACCEPT", "k1"]]);
  }));

test("by the keyboard it goes from name to name, and back to where it was", () =>
  inCompany([{ ...held("accepted"), worker: "", workerName: "" }], async (stage, page) => {
    await page.waitForSelector(".goes");
    assert.match(await page.textContent(".goes"), /还没有派人/);
    assert.equal(await page.locator(".visit button.huge").count(), 1, "nobody can set out yet");
    await page.focus("button.who-goes");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.matches("dialog li:nth-of-type(1) button.name"));
    await page.keyboard.press("ArrowDown");
    assert.ok(await page.evaluate(() => document.activeElement.matches("dialog li:nth-of-type(2) button.name")));
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.activeElement?.matches("button.who-goes"));
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.matches("dialog button.name"));
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog", { state: "detached" });
    await stage.until(() => stage.said.length > 0); // the list closes when the telephone has kept it
    assert.deepEqual(stage.said, [["REPLY_KIND_ASSIGN", "k1"]]);
  }));

test("whom a company named without a network goes, so that nobody names a second one", () =>
  inCompany([{ ...held("accepted"), worker: "", workerName: "" }], async (stage, page) => {
    stage.hearsReplies = false;
    await page.click("button.who-goes");
    await page.click("dialog li:nth-of-type(2) button.name");
    await page.waitForSelector(".goes:has-text('孙师傅')");
    assert.equal(await page.locator("button.who-goes.huge").count(), 0, "it may still be another one");
    assert.deepEqual(stage.said, []);
    stage.hearsReplies = true;
    await stage.until(() => stage.said.length === 1, 20_000);
    assert.deepEqual(stage.said, [["REPLY_KIND_ASSIGN", "k2"]]);
  }));

test("what couldn't be fetched is said in words, with whom to ring; what was refused with why", () =>
  inCompany([toTheCompany()], async (stage, page) => {
    const told = async (people) => {
      stage.people = people;
      await page.click("button.who-goes");
      const text = await (await page.waitForSelector("dialog .wrong")).textContent();
      await page.keyboard.press("Escape");
      await page.waitForSelector("dialog", { state: "detached" });
      return text;
    };
    for (const [status, code] of [[503, "away"], [504, "late"], [500, "failed"], [429, "too_often"]])
      assert.equal(await told({ status, code }), "没有取到，请重试；急事请打 12349。", code);
    assert.match(await told({ status: 409, code: "out_of_turn" }), /没有接受：步骤不对/);
  }));

test("a telephone is shown when it is asked for, and forgotten when the list closes", () =>
  inCompany([toTheCompany()], async (stage, page) => {
    await page.click("button.who-goes");
    await page.click("dialog li:nth-of-type(3) button");
    await page.waitForSelector("dialog a[href='tel:13912348888']");
    assert.equal(await page.evaluate(() => document.activeElement.id), "ring-k3");
    await page.keyboard.press("Escape");
    await page.click("button.who-goes");
    await page.waitForSelector("dialog li");
    assert.equal(await page.locator("dialog a").count(), 0);
  }));

test("whoever set out meanwhile is told, and it can be looked up again", () =>
  inCompany([toTheCompany()], async (stage, page) => {
    stage.people = { status: 409, code: "out_of_turn" };
    await page.click("button.who-goes");
    await page.waitForSelector("dialog .wrong");
    stage.people = people;
    await page.click("dialog > .naming > button:nth-last-of-type(2)");
    await page.waitForSelector("dialog li");
  }));

test("a worker of a company names nobody", () =>
  onPhone([offered()], async (stage, page) => {
    await page.waitForSelector(".offer");
    assert.equal(await page.locator("button.who-goes, footer a[href='./admin']").count(), 0);
  }));

for (const language of ["zh-CN", "en"])
  test(`axe finds nothing wrong with who goes for a company in ${language}`, () =>
    inCompany([toTheCompany()], async (stage, page) => {
      assert.deepEqual(await stage.accessibilityFaults(), []);
      await page.click("button.who-goes");
      await page.waitForSelector("dialog li");
      assert.deepEqual(await stage.accessibilityFaults(), []);
      assert.deepEqual(stage.faults, []);
      assert.deepEqual(stage.outside, []);
    }, { language }));

// ------------------------------------------------------------------ help for himself

test("held for two seconds it calls for help with where he is; a touch does not", () =>
  onPhone([], async (stage, page) => {
    await page.hover(".alarm");
    await page.mouse.down();
    await page.waitForSelector(".alarm.held");
    await page.mouse.up();
    await page.waitForSelector(".alarm >> nth=1"); // asked instead
    assert.deepEqual(stage.calledForHelp, []);
    await page.hover(".alarm >> nth=1");
    await page.mouse.down();
    await page.waitForSelector(".sos .heard", { timeout: 15_000 });
    await page.mouse.up();
    assert.equal(stage.calledForHelp.length, 1);
    assert.ok(stage.calledForHelp[0].position.latitude > 36);
    assert.match(await page.textContent(".sos"), /值守台已收到/);
  }));

async function callByKeys(page) {
  await page.focus(".alarm");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => {
    const both = document.querySelectorAll(".alarm");
    return both.length === 2 && document.activeElement === both[0];
  });
  await page.keyboard.press("Enter");
}

test("by the keyboard alone it calls for help, too", () =>
  onPhone([], async (stage, page) => {
    await callByKeys(page);
    await page.waitForSelector(".sos .heard", { timeout: 15_000 });
    assert.equal(stage.calledForHelp.length, 1);
  }));

test("whoever can only click calls for help as often as he needs to", () =>
  onPhone([], async (stage, page) => {
    const click = (nth) => page.evaluate((at) => [...document.querySelectorAll(".alarm")].at(at).click(), nth);
    for (const times of [1, 2]) {
      await click(-1);
      await page.waitForSelector(".alarm >> nth=1");
      await click(0);
      await stage.until(() => stage.calledForHelp.length === times);
      await page.waitForFunction(() => document.querySelectorAll(".alarm").length === 1);
    }
  }));

test("a key that is held calls once", () =>
  onPhone([], async (stage, page) => {
    await page.focus(".alarm");
    for (let n = 0; n < 25; ++n) { // five seconds; each but the first one is a repeat
      await page.keyboard.down("Enter");
      await page.waitForTimeout(200);
    }
    await page.keyboard.up("Enter");
    await stage.settled();
    assert.equal(stage.calledForHelp.length, 1);
    assert.equal(await page.locator(".alarm").count(), 1, "and asks nothing when it is let go");
  }));

test("without a network it says that nothing was sent, and whom to ring", () =>
  onPhone([], async (stage, page) => {
    stage.hearsReplies = false;
    await callByKeys(page);
    await page.waitForSelector(".sos .waiting");
    assert.deepEqual(await page.$$eval(".sos .waiting a", (all) => all.map((each) => each.href)),
      ["tel:12349", "tel:110"]);
    assert.deepEqual(await stage.accessibilityFaults(), []);
    await page.reload();
    await page.waitForSelector(".sos .waiting");
    stage.hearsReplies = true;
    await page.waitForSelector(".sos .heard", { timeout: 20_000 });
    assert.equal(stage.calledForHelp.length, 1);
  }));

// ------------------------------------------------------------------ an installation

test("a device comes into its home step by step, and is done when a desk has heard it", () => {
  const own = { ...held("in_service"), installation: true };
  return onPhone([own], async (stage, page) => {
    keepsProofs(stage, own);
    stage.contacts = [{ resident: "r1", place: 1, name: "王丽", relation: "女儿", phone: "13800000001" }];
    await page.fill("#device-id", "w9");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".install .wrong");
    await page.fill("#device-id", "https://maker.example/d/w1");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".install canvas");
    assert.match(await page.textContent(".install"), /王秀兰/);
    await sign(page);
    await page.waitForSelector(".install .photo");
    await takePhoto(page, ".install");
    await page.waitForSelector(".install .contacts");
    assert.equal(await page.getAttribute(".contacts a", "href"), "tel:13800000001");
    await page.click(".contacts .results button:nth-of-type(2)");
    await page.waitForSelector(".install [role=status]");
    assert.ok(await page.isDisabled("button.huge:not(.alarm)"), "no desk has heard it");
    own.heard = true;
    stage.own = [own];
    await page.waitForFunction(() =>
      !document.querySelector("button.huge:not(.alarm)")?.disabled, undefined, { timeout: 10_000 });
    await page.click("button.huge:not(.alarm)");
    await stage.until(() => stage.replies.length === 1);
    assert.deepEqual(stage.proofs.map((each) => [each.kind, each.note ?? ""]), [["bound", "w9"],
      ["bound", "w1"], ["consent", "2026-11"], ["door_photo", ""], ["contact", "r1 1 no-answer"]]);
  });
});

test("a device that may have been taken already is not called refused, nor is its id to be corrected", () => {
  const own = { ...held("in_service"), installation: true };
  return onPhone([own], async (stage, page) => {
    const path = `POST /v1/own/offers/${own.offer.offerId}/proofs`;
    for (const [code, says, never] of [["in_doubt", /可能已经提交过/, /未通过|机身/],
      ["closed", /未通过：工单已结束/, /机身/]]) {
      stage.answers.set(path, { status: 409, body: { code } });
      await page.fill("#device-id", "w1");
      await page.keyboard.press("Enter");
      await stage.until(async () => says.test(await page.locator("#device-id-wrong").textContent()));
      assert.doesNotMatch(await page.textContent("#device-id-wrong"), never);
    }
  });
});

for (const language of ["zh-CN", "en"])
  test(`a wrong device waits for confirmation, and is refused beside its field, in ${language}`, () => {
    const own = { ...held("in_service"), installation: true };
    return onPhone([own], async (stage, page) => {
      keepsProofs(stage, own);
      stage.hearsReplies = false;
      await page.fill("#device-id", "w9");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".install .given .waiting");
      assert.match(await page.textContent(".install [role=status]"), /w9/);
      assert.equal(await page.locator(".install .given .kept").count(), 0, "nobody has confirmed it");
      assert.deepEqual(await stage.accessibilityFaults(), []);
      stage.hearsReplies = true;
      await page.waitForSelector("#device-id-wrong", { timeout: 20_000 });
      assert.match(await page.textContent("#device-id-wrong"), /w9[\s\S]*12349/, "why, and what to do");
      assert.equal(await page.inputValue("#device-id"), "w9", "what was typed can be mended");
      assert.equal(await page.getAttribute("#device-id", "aria-invalid"), "true");
      assert.equal(await page.locator(".install .given .waiting").count(), 0);
      assert.equal(await page.locator(".complaint").count(), 0, "told once");
      assert.deepEqual(await stage.accessibilityFaults(), []);
      await page.fill("#device-id", "w1");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".install .given .kept");
      await page.waitForSelector(".install canvas");
    }, { language });
  });

for (const language of ["zh-CN", "en"])
  for (const [state, own] of [["a visit under way", held("in_service")],
    ["an installation", { ...held("in_service"), installation: true }]])
    test(`axe finds nothing wrong with ${state}, nor with its code and its pad, in ${language}`, () =>
      onPhone([own], async (stage, page) => {
        await page.waitForSelector(".proofs");
        assert.deepEqual(await stage.accessibilityFaults(), []);
        if (own.installation) return;
        for (const nth of [1, 2]) {
          await page.click(`.proofs .ways .choices button:nth-of-type(${nth})`);
          assert.deepEqual(await stage.accessibilityFaults(), []);
          await page.click(nth === 1 ? ".code button[type=button]" : ".signing .choices button");
        }
        assert.deepEqual(stage.faults, []);
        assert.deepEqual(stage.outside, []);
      }, { language }));

test("what was withdrawn while he was on his way tells him to turn round", () =>
  onPhone([held("en_route")], async (stage, page) => {
    await page.waitForSelector(".visit");
    stage.own = [offered({ state: "OFFER_STATE_WITHDRAWN", version: 3,
      withdrawnBecause: "no_show" })];
    await page.waitForSelector(".recalled");
    assert.equal(await page.locator(".visit").count(), 0);
  }));

for (const [who, options] of [["he", {}], ["his manager", { session: { ...worker, user: "he",
  role: "provider_manager", worker: "", may: ["see_own_offers", "reply_own", "name_worker"] } }]])
  test(`what was stood down while he was on his way: ${who} says that he has turned round, once`, () =>
    onPhone([held("en_route")], async (stage, page) => {
      await page.waitForSelector(".visit");
      stage.own = [takenFromHim()];
      await page.waitForSelector(".visit .turn-round");
      assert.match(await page.textContent(".visit"), /南河街12号/);
      assert.equal(await page.locator(".recalled").count(), 0, "told once");
      stage.onReply = () => (stage.own = [{ ...takenFromHim(), dueAt: undefined }]); // he still asks for it
      await page.click(".visit button.huge:has-text('已返回')");
      await page.waitForSelector(".visit", { state: "detached" });
      await stage.until(() => stage.replies.length === 1);
      const asks = () => stage.calls.filter((each) => each.path === "/v1/own/offers").length;
      const before = asks();
      await stage.until(() => asks() > before + 1, 10_000);
      assert.equal(await page.locator(".visit, .recalled").count(), 0);
      assert.deepEqual(stage.replies, ["REPLY_KIND_STOOD_DOWN"]);
    }, options));

test("it is told also to a page that was closed meanwhile, and not to whoever has the telephone next", () =>
  onPhone([held("en_route")], async (stage, page) => {
    await page.waitForSelector(".visit");
    await page.goto("about:blank");
    stage.own = [offered({ state: "OFFER_STATE_WITHDRAWN", version: 3, withdrawnBecause: "no_show" })];
    await page.goto("https://linli.test/m");
    await page.waitForSelector(".recalled");
    stage.session = li;
    await page.goto("about:blank");
    await page.goto("https://linli.test/m");
    await page.waitForSelector(".link.online");
    await page.waitForSelector(".nothing");
    assert.equal(await page.locator(".recalled").count(), 0);
  }));

test("whoever comes back to the page has his bell and his screen again", () =>
  onPhone([offered()], async (stage, page) => {
    await page.waitForSelector(".offer");
    await page.evaluate(() => {
      globalThis.__locks = 0;
      navigator.wakeLock.request = async () => {
        globalThis.__locks += 1;
        return { release: async () => undefined };
      };
      const start = AudioBufferSourceNode.prototype.start;
      globalThis.__looped = 0;
      AudioBufferSourceNode.prototype.start = function (...args) {
        if (this.loop) globalThis.__looped += 1;
        return start.apply(this, args);
      };
      const open = globalThis.AudioContext;
      globalThis.AudioContext = class extends open {
        constructor(...args) {
          super(...args);
          globalThis.__audio = this;
        }
      };
    });
    await page.click(".bar button");
    await page.waitForFunction(() => globalThis.__looped === 1);
    await page.evaluate(() => globalThis.__audio.suspend()); // a call, or the map before it
    await page.waitForSelector(".bar button:has-text('打开声音')");
    stage.own = [];
    await page.waitForSelector(".offer", { state: "detached" });
    stage.own = [offered({ offerId: "0192a0b0-0000-7000-8000-000000000009" })];
    await page.waitForSelector(".offer");
    assert.equal(await page.evaluate(() => globalThis.__looped), 1, "it can't ring yet");
    const before = await page.evaluate(() => globalThis.__locks);
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await page.waitForFunction((many) => globalThis.__locks > many, before);
    await page.waitForFunction(() => globalThis.__looped === 2);
    await page.waitForSelector(".bar button", { state: "detached" });
  }));

test("an offer whose lease has ended is no longer promised", () =>
  onPhone([offered({ expiresAt: inSeconds(3) })], async (stage, page) => {
    await page.waitForSelector(".offer");
    await page.waitForSelector(".offer", { state: "detached", timeout: 8000 });
    assert.deepEqual(stage.replies, []);
  }));
