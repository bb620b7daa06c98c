// WCAG 2.2 A and AA by axe in each state, language and theme; reflow; no text cut off; contrast.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { claimedBy, emergency, important, request } from "../support/lines.mjs";
import { openBrowser, Stage, wholeCard } from "../support/stage.mjs";

let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const order = { id: "0192a0b0-0000-7000-8000-0000000000ff", number: "620102-1128-7", version: 4,
  service: "emergency_attendance", state: "offered" };

async function onStage(options, act) {
  const stage = await Stage.open(browser, options);
  try {
    return await act(stage);
  } finally {
    await stage.close();
  }
}

async function fullDesk(stage) {
  const mine = claimedBy("zhangmin", { orders: [order], asks: ["ring_back", "120"], highRisk: true });
  const drill = emergency({ purpose: "drill" });
  for (let n = 0; n < 7; ++n) stage.add(emergency());
  for (let n = 0; n < 60; ++n) stage.add(request());
  stage.add(mine, drill, important());
  stage.cards.set(mine.id, { ...wholeCard(mine), linked: [drill] });
  await stage.console(`?show=all#${mine.id}`);
  await stage.page.waitForSelector(".address");
  return mine;
}

const states = {
  "the sign-in, with a mistake": async (stage) => {
    stage.signedIn = false;
    await stage.signIn();
    await stage.page.keyboard.press("Enter");
    await stage.page.waitForSelector("#wrong");
  },
  "an empty desk": (stage) => stage.console(),
  "a full desk with a card open": fullDesk,
  "closing an alert": async (stage) => {
    await fullDesk(stage);
    await stage.page.focus("#card-region");
    await stage.page.keyboard.press("x");
    await stage.page.keyboard.press("Control+Enter");
    await stage.page.waitForSelector("#form-wrong");
  },
  "choosing whom to send": async (stage) => {
    await fullDesk(stage);
    await stage.page.focus("#card-region");
    for (const key of ["d", "1"]) await stage.page.keyboard.press(key);
    await stage.page.waitForSelector(".candidates li.chosen");
  },
  "choosing whom to ring": async (stage) => {
    await fullDesk(stage);
    await stage.page.focus("#card-region");
    for (const key of ["k", "1", "k"]) await stage.page.keyboard.press(key);
    await stage.page.waitForSelector(".call-strip .number");
  },
  "what is read out to 120": async (stage) => {
    await fullDesk(stage);
    await stage.page.focus("#card-region");
    for (const key of ["r", "1"]) await stage.page.keyboard.press(key);
    await stage.page.waitForSelector("dialog .referral");
  },
  "a closing that can be taken back, and a lost seat": async (stage) => {
    stage.add(claimedBy("lina", { holderAway: true }));
    await fullDesk(stage);
    await stage.page.focus("#card-region");
    await stage.page.keyboard.press("x");
    await stage.page.check("input[value=helped]");
    await stage.page.keyboard.press("Control+Enter");
    await stage.page.waitForSelector(".closing-bar");
  },
  "still here?": async (stage) => {
    stage.atNight();
    await stage.clockCanBePutOn();
    stage.session.onDuty = true;
    await fullDesk(stage);
    await stage.later(30 * 60_000);
    await stage.page.waitForSelector(".awake-bar");
  },
  "the keys": async (stage) => {
    await fullDesk(stage);
    await stage.page.focus("#card-region");
    await stage.page.keyboard.press("?");
    await stage.page.click("[data-act=note]");
    await stage.page.keyboard.press("k");
  },
  "going on duty": async (stage) => {
    await stage.console();
    await stage.page.click(".sound-bar button");
    await stage.page.waitForSelector("dialog button.main:not(:disabled)", { timeout: 15_000 });
  },
};

for (const language of ["zh-CN", "en"])
  for (const colorScheme of ["light", "dark"])
    for (const [name, enter] of Object.entries(states))
      test(`axe finds nothing: ${name}, ${language}, ${colorScheme}`, () =>
        onStage({ language, colorScheme }, async (stage) => {
          await enter(stage);
          assert.deepEqual(await stage.accessibilityFaults(), []);
        }));

test("axe finds nothing on the page for browsers that are too old", () =>
  onStage({}, async (stage) => {
    await stage.page.goto("https://linli.test/outdated.html");
    assert.deepEqual(await stage.accessibilityFaults(), []);
  }));

test("a browser that is too old is told so, in place of a white screen", () =>
  onStage({}, async (stage) => {
    await stage.context.addInitScript(() => {
      CSS.supports = () => false;
    });
    await stage.page.goto("https://linli.test/console");
    await stage.page.waitForURL(/outdated\.html/);
    assert.match(await stage.page.textContent("main"), /电话/);
  }));

const sizes = { desk: [1920, 1080], "small desk": [1366, 768], tablet: [768, 1024], phone: [360, 740],
  "400 %": [320, 256] };
for (const language of ["zh-CN", "en"])
  for (const [name, [width, height]] of Object.entries(sizes))
    test(`nothing runs out of the page: ${name}, ${language}`, () =>
      onStage({ language, viewport: { width, height } }, async (stage) => {
        await fullDesk(stage);
        const wide = await stage.page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${wide} px on ${width}`);
        const out = await stage.page.evaluate((room) =>
          [...document.querySelectorAll("button, h1, h2, h3, p, label, dt, dd")]
            .filter((each) => each.getBoundingClientRect().width > 0)
            .filter((each) => !each.closest(".unseen") && each.getBoundingClientRect().right > room + 1)
            .map((each) => each.outerHTML.slice(0, 100)), width);
        assert.deepEqual(out, []);
      }));

for (const language of ["zh-CN", "en"])
  test(`no button's text is cut off: ${language}`, () =>
    onStage({ language, viewport: { width: 1366, height: 768 } }, async (stage) => {
      await fullDesk(stage);
      const cut = await stage.page.evaluate(() =>
        [...document.querySelectorAll("button, .tag, h2, h3, dt, .c-level, .c-age, .c-due")]
          .filter((each) => each.getBoundingClientRect().width > 0 && each.scrollWidth > each.clientWidth + 1
            && getComputedStyle(each).display !== "inline")
          .map((each) => each.textContent));
      assert.deepEqual(cut, []);
    }));

test("whatever is pressed by a finger or a mouse is 24 pixels high and wide", () =>
  onStage({}, async (stage) => {
    await fullDesk(stage);
    const small = await stage.page.evaluate(() =>
      [...document.querySelectorAll("button, select, textarea, input, a, .row")]
        .map((each) => [each.getBoundingClientRect(), each.outerHTML.slice(0, 80)])
        .filter(([box]) => box.width > 0 && (box.width < 24 || box.height < 24))
        .map(([box, html]) => `${Math.round(box.width)}×${Math.round(box.height)} ${html}`));
    assert.deepEqual(small, []);
  }));

test("by Tab one comes to every region, and what has the focus can be seen", () =>
  onStage({}, async (stage) => {
    await fullDesk(stage);
    const reached = new Set();
    await stage.page.evaluate(() => document.activeElement?.blur());
    for (let n = 0; n < 80; ++n) {
      await stage.page.keyboard.press("Tab");
      const where = await stage.page.evaluate(() => {
        const focus = document.activeElement;
        const box = focus.getBoundingClientRect();
        const under = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12));
        return { role: focus.getAttribute("role"), id: focus.id, tag: focus.tagName,
          seen: !under || focus === document.body || focus.contains(under) || under.contains(focus),
          html: focus.outerHTML.slice(0, 90) };
      });
      assert.ok(where.seen, `hidden behind something: ${where.html}`);
      reached.add(where.role === "grid" ? "grid" : where.id);
    }
    for (const each of ["grid", "card-region", "help-region", "note"]) assert.ok(reached.has(each), each);
  }));

test("without motion nothing flashes; with it at most twice a second and for five seconds", () =>
  onStage({ reducedMotion: "reduce" }, async (still) => {
    still.add(emergency({ raisedAt: new Date().toISOString() }));
    await still.console();
    const flashes = (stage) => stage.page.evaluate(() => document.getAnimations().map((each) => {
      const { duration, iterations } = each.effect.getComputedTiming();
      return { hertz: 1000 / duration, seconds: (duration * iterations) / 1000 };
    }));
    assert.deepEqual(await flashes(still), []);
    await onStage({ reducedMotion: "no-preference" }, async (moving) => {
      moving.add(emergency({ raisedAt: new Date().toISOString() }), important({ raisedAt: new Date().toISOString() }));
      await moving.console();
      const all = await flashes(moving);
      assert.ok(all.length >= 2);
      for (const { hertz, seconds } of all) assert.ok(hertz <= 2 && seconds <= 5.1, `${hertz} Hz, ${seconds} s`);
    });
  }));
