// How far behind the house a desk is: from a device's message to the frame that shows it, in a flood;
// who has what twenty consoles want; a server that dies and a line that is cut. Started by
// tests/bench/consoles.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { address, goOnDuty, people, plainSeat, rows, server, until } from "../web/support/house.mjs";
import { Publisher } from "../web/support/publisher.mjs";
import { Relay } from "../web/support/relay.mjs";
import { textOf } from "../web/support/source.mjs";
import { openBrowser } from "../web/support/stage.mjs";

const isShort = process.argv.includes("--short");
const floods = [
  { open: 500, rate: 50, seconds: isShort ? 12 : 40 },
  { open: 2000, rate: 200, seconds: isShort ? 6 : 20 },
];
const races = isShort ? { rounds: 2, pages: 6 } : { rounds: 5, pages: 20 };
const patienceMs = 60_000; // a figure may be bad, but an end is waited for
const claimedAfterMs = 1000; // by another desk: an emergency isn't left to stand in a flood
const important = ["FENCE", "BED", "WATER", "REMOVED"]; // P2, P2, P2, P3

const wrong = []; // what must never be
const isRight = (right, words) => {
  if (!right) wrong.push(words);
};
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// ------------------------------------------------------------------ the record
const database = /^url = "(.*dbname=.*)"$/m.exec(textOf(join(process.env.LINLI_HOUSE, "linli.toml")))[1];

// Beside what goes on: the publisher and the relay live in this process.
async function ask(sql) {
  const { stdout } = await promisify(execFile)("psql", ["-XqAt", "-F", "\t", database, "-c", sql],
    { maxBuffer: 1 << 28 });
  return stdout.split("\n").filter(Boolean).map((line) => line.split("\t"));
}

const openIds = async () => (await ask(`select id from alert where state <> 'closed'
  union all select id from request where state <> 'closed'`)).map(([id]) => id);

// By event: its case, the number of the signals with it there, and when the house wrote the commit.
const recorded = async () => new Map((await ask(`select event, coalesce(alert, request),
    row_number() over (partition by coalesce(alert, request)
      order by committed_at, split_part(event, ':', 3)::bigint),
    extract(epoch from committed_at) * 1000
  from signal where split_part(event, ':', 2) = '${boot}'`))
  .map(([event, id, signals, at]) => [event, { id, signals: Number(signals), at: Number(at) }]));

// ------------------------------------------------------------------ those who call
const boot = Math.floor(Date.now() / 1000);
const publisher = await Publisher.connect(Number(process.env.LINLI_BROKER));
const said = []; // {event, device, kind, at}, all of them

function says(device, kind) {
  const sequence = said.length + 1;
  const each = { event: `${device}:${boot}:${sequence}`, device, kind, at: Date.now() };
  each.acknowledged = publisher.publish(`linli/v1/d/d-${device}/signal`, { event: { boot, sequence }, kind });
  said.push(each);
  return each;
}

// One device of each home, so that no two are one situation.
const callers = (() => {
  const homeOf = new Map(rows("residents.csv").map((each) => [each.id, each.home]));
  const byHome = new Map();
  for (const each of rows("devices.csv")) {
    const home = each.home || homeOf.get(each.resident);
    if (home && !byHome.has(home)) byHome.set(home, each.id);
  }
  return [...byHome.values()].values();
})();

function fresh() {
  const { value, done } = callers.next();
  if (done) throw new Error("more cases than homes: LINLI_RESIDENTS must be larger");
  return value;
}

const routine = []; // {device, kind}: open P2 and P3, which may speak again
function opensRoutine() {
  const each = { device: fresh(), kind: important[routine.length % important.length] };
  routine.push(each);
  return says(each.device, each.kind);
}

async function keepsPace({ rate, seconds }, event) {
  const all = [];
  const began = performance.now();
  for (let n = 0; n < Math.round(rate * seconds); ++n) {
    const wait = began + (n * 1000) / rate - performance.now();
    if (wait > 0) await pause(wait);
    all.push(event(n));
  }
  await Promise.all(all.map((each) => each.acknowledged));
  return all;
}

// Of ten, one is a call for help of somebody new, two are new P2 and P3, seven are heard once more.
function mixed(n) {
  if (n % 10 === 0) return says(fresh(), "SOS");
  if (n % 5 === 1) return opensRoutine();
  const { device, kind } = routine[n % routine.length];
  return says(device, kind);
}

const areRecorded = (events) => until(async () => {
  const known = await recorded();
  return events.every(({ event }) => known.has(event)) && known;
}, patienceMs);

// ------------------------------------------------------------------ in the page
// Notes what the live channel brings, and when the frame that shows it has been drawn: an unclaimed
// emergency must have its row, or be counted where the band above the list says how many more there
// are than it has room for; of the others a list of thousands shows a screenful.
function watchThePage() {
  const desk = { painted: [], ids: new Set(), grey: [], keys: [], frames: 0 };
  globalThis.__desk = desk;
  let waiting = new Map(); // by id: the line that no frame has shown yet
  const ringing = new Set(); // the unclaimed emergencies
  let isLooking = false;

  const afterFrame = (run) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      run();
    };
    channel.port2.postMessage(0);
  });
  const mustStand = (line) =>
    line.level === 1 && line.of === "alert" && line.state === "raised" && !line.holder;
  const areCounted = () => {
    const more = document.querySelector(".band .more");
    const rows = document.querySelectorAll(".band .row.pinned").length;
    return more !== null && rows + Number(/\d+/.exec(more.textContent)) === ringing.size;
  };
  const look = () => {
    const at = Date.now();
    const missing = new Map();
    for (const [id, line] of waiting) {
      const hasRow = !mustStand(line) || document.getElementById(`row-${id}`) !== null;
      if (!hasRow && !areCounted()) missing.set(id, line);
      else desk.painted.push({ id, signals: line.signals ?? 1, holder: line.holder ?? "", hasRow, at });
    }
    waiting = missing;
    isLooking = missing.size > 0;
    if (isLooking) afterFrame(look);
  };
  const isOpen = (line) => {
    desk.ids.add(line.id);
    waiting.set(line.id, line);
    if (mustStand(line)) ringing.add(line.id);
    else ringing.delete(line.id);
  };
  const isGone = (id) => {
    desk.ids.delete(id);
    waiting.delete(id);
    ringing.delete(id);
  };
  const hear = ({ data: { update, taken } }) => {
    if (taken !== "snapshot" && taken !== "changes") return;
    if (taken === "snapshot") [desk.ids, ringing].forEach((each) => each.clear());
    for (const line of update.lines ?? []) line.state === "closed" ? isGone(line.id) : isOpen(line);
    for (const id of update.gone ?? []) isGone(id);
    if (!isLooking) afterFrame(look);
    isLooking = true;
  };
  globalThis.SharedWorker = class extends SharedWorker {
    constructor(...how) {
      super(...how);
      this.port.addEventListener("message", hear);
    }
  };
  addEventListener("keydown", (event) =>
    afterFrame(() => desk.keys.push(performance.now() - event.timeStamp)), { capture: true });
  const bars = document.getElementsByClassName("stale-bar");
  const frame = () => {
    desk.frames += 1;
    const isGrey = bars.length > 0;
    if (isGrey !== (desk.grey.at(-1)?.isGrey ?? false)) desk.grey.push({ isGrey, at: Date.now() });
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

async function consoleOf(browser, user, at = address) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true, viewport: { width: 1920, height: 1080 } });
  await context.addInitScript(watchThePage);
  const page = await context.newPage();
  await page.goto(`${at}/console`);
  await page.waitForURL(/index\.html|\/\?to=/);
  await page.fill("#user", user);
  await page.fill("#password", people().get(user));
  await page.keyboard.press("Enter");
  await page.waitForSelector(".console");
  return page;
}

const deskOf = (page) => page.evaluate(() => ({ ...globalThis.__desk, ids: [...globalThis.__desk.ids] }));
const forget = (page) => page.evaluate(() =>
  Object.assign(globalThis.__desk, { painted: [], grey: [], keys: [], frames: 0 }));
const leave = (page) => Promise.race([page.context().close(), pause(10_000)]);

const sameIds = (one, other) => {
  const all = new Set(other);
  return one.length === all.size && new Set(one).size === one.length && one.every((id) => all.has(id));
};

// The page's own lines, the grid's own count, and what its session is answered, against the record.
async function holdsAll(page, when) {
  const whole = await until(async () => {
    const ids = await openIds();
    const grid = await page.getAttribute("[role=grid]", "aria-rowcount");
    return sameIds((await deskOf(page)).ids, ids) && Number(grid) === ids.length && ids;
  }, patienceMs).catch(() => undefined);
  const answered = await page.evaluate(async () =>
    (await (await fetch("./v1/live?epoch=&after=0&wait=0")).json()).lines.map((line) => line.id));
  const ids = whole ?? await openIds();
  isRight(whole, `${when}: the console doesn't show the ${ids.length} that are open`);
  isRight(sameIds(answered, ids), `${when}: the API tells ${answered.length} of ${ids.length} that are open`);
  return ids.length;
}

// Each device has one case here: it was heard again only while that was open.
async function allCounted() {
  const known = await recorded();
  isRight(known.size === said.length, `${said.length} events were published, ${known.size} are in the record`);
  const [[differing]] = await ask(`select count(*) from
    (select id, signals from alert union all select id, signals from request) as c
    where signals <> (select count(*) from signal where alert = c.id or request = c.id)`);
  isRight(differing === "0", `${differing} cases count other than their signals`);
  const [[cases]] = await ask(`select count(*) from
    (select first_event from alert union all select first_event from request) as c
    where split_part(first_event, ':', 2) = '${boot}'`);
  const devices = new Set(said.map((each) => each.device)).size;
  isRight(Number(cases) === devices, `${devices} devices have spoken, of which ${cases} cases were made`);
}

// ------------------------------------------------------------------ figures
const table = [];
const whole = (value) => (value === undefined ? "–" : `${Math.round(value)}`);

function figure(name, values) {
  const sorted = [...values].sort((a, b) => a - b);
  const part = (share) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
  table.push([name, `${sorted.length}`, ...[0.5, 0.95, 0.99, 1].map((share) => whole(part(share)))]);
}

const remark = (words) => table.push([words]);

function print() {
  const head = ["milliseconds", "n", "p50", "p95", "p99", "max"];
  const width = Math.max(...table.filter((row) => row.length > 1).map(([name]) => name.length));
  for (const [name, ...cells] of [head, ...table])
    console.log(cells.length > 0 ? name.padEnd(width) + cells.map((each) => each.padStart(8)).join("") : name);
}

// ------------------------------------------------------------------ other desks
// Claims what rings a second after it has heard of it, and closes it: by polling, beside the measured
// console, so that its queue stays as long as it is and its emergencies come and go.
class OtherDesk {
  #closings = [];
  #isOver = false;
  #began = new Set();

  static async sits(user) {
    const desk = new OtherDesk();
    desk.client = await plainSeat(user);
    desk.work = desk.#works();
    return desk;
  }

  async goes() {
    this.#isOver = true;
    await this.work;
    await Promise.all(this.#closings);
    await this.client.leaves();
  }

  async #works() {
    let [epoch, after] = ["", "0"];
    while (!this.#isOver) {
      const update = await this.client.updates(new URLSearchParams({ epoch, after, wait: "1" }));
      ({ epoch, sequence: after } = update);
      for (const { id, level, of, state } of update.lines ?? [])
        if (level === 1 && of === "alert" && state === "raised" && !this.#began.has(id)) {
          this.#began.add(id);
          this.#closings.push(this.#closes(id));
        }
      await pause(100);
    }
  }

  async #closes(id) {
    await pause(claimedAfterMs);
    const closing = { outcome: "false_alarm", text: "老人本人说按错了" };
    for (const [act, body] of [["claim", {}], ["close", closing]]) {
      const { status, said } = await this.client.post(`v1/alerts/${id}/${act}`, body);
      isRight(said.code !== "held", `another desk's ${act} was refused: ${said.holder} holds ${id}`);
      if (status !== 200) return; // the house may be too busy: it stays open
    }
  }
}

// ------------------------------------------------------------------ 1 and 2: floods
async function fillTo(page, open) {
  const missing = open - (await openIds()).length;
  if (missing > 0) await areRecorded(await keepsPace({ rate: 100, seconds: missing / 100 }, opensRoutine));
  await holdsAll(page, `before the flood, with ${open} open`);
}

async function pressesArrows(page, isOver) {
  await page.focus("[role=grid]");
  for (let n = 0; !isOver(); ++n) {
    await page.keyboard.press(n % 12 < 6 ? "ArrowDown" : "ArrowUp");
    await pause(100);
  }
}

// Until the frame that shows it, or one that came later.
function delaysOf(events, painted, known) {
  const byId = Map.groupBy(painted, (each) => each.id);
  const delays = [];
  for (const each of events) {
    const { id, signals, at } = known.get(each.event);
    const shown = byId.get(id)?.find((line) => line.signals >= signals);
    if (shown)
      delays.push({ kind: each.kind, published: shown.at - each.at, committed: shown.at - at, hasRow: shown.hasRow });
  }
  return delays;
}

// What goes on at the measured console while the events come.
async function underWay(page, which) {
  await forget(page);
  let isOver = false;
  const began = performance.now();
  const keys = pressesArrows(page, () => isOver);
  const events = await keepsPace(which, mixed);
  const { frames } = await deskOf(page);
  const seconds = (performance.now() - began) / 1000;
  isOver = true;
  await keys;
  return { events, seconds, frames };
}

async function flood(browser, which) {
  const name = `${which.open} open, ${which.rate}/s`;
  const page = await consoleOf(browser, "zhangmin");
  await goOnDuty(page);
  await fillTo(page, which.open);
  const other = await OtherDesk.sits("lina");
  const seen = await underWay(page, which);
  const known = await areRecorded(seen.events);
  await other.goes();
  const left = await holdsAll(page, `after ${name}`);
  await allCounted();
  const { painted, keys } = await deskOf(page);
  figuresOf(name, { ...seen, keys, left, delays: delaysOf(seen.events, painted, known) });
  await leave(page);
}

function figuresOf(name, { events, seconds, frames, keys, left, delays }) {
  const calls = delays.filter((each) => each.kind === "SOS");
  figure(`${name}: P1, published → painted`, calls.map((each) => each.published));
  figure(`${name}: P1, committed_at → painted`, calls.map((each) => each.committed));
  figure(`${name}: all, published → painted`, delays.map((each) => each.published));
  figure(`${name}: all, committed_at → painted`, delays.map((each) => each.committed));
  figure(`${name}: arrow key → painted`, keys);
  const aSecond = (count) => (count / seconds).toFixed(1);
  remark(`${name}: of ${calls.length} P1 ${calls.filter((each) => !each.hasRow).length} came when the band ` +
    "was full and the list scrolled away: the band counted them");
  remark(`${name}: ${aSecond(frames)} frames and ${aSecond(events.length)} events a second for ` +
    `${seconds.toFixed(0)} s; ${left} open at the end; ${events.length - delays.length} events whose case ` +
    "was closed before a frame showed it");
}

// ------------------------------------------------------------------ 3: twenty want the same
// The page itself asks, at that moment of the clock.
async function claimInPage(page, id, at) {
  return page.evaluate(async ([id, at]) => {
    await new Promise((done) => setTimeout(done, at - Date.now()));
    const began = performance.now();
    const answer = await fetch(`./v1/alerts/${id}/claim`, { method: "POST", body: "{}",
      headers: { "content-type": "application/json" } });
    return { status: answer.status, said: await answer.json(), ms: performance.now() - began };
  }, [id, at]);
}

async function seatsOf(browser, pages) {
  const users = ["zhangmin", "lina", "leader", ...[...people().keys()].filter((user) => /^seat/.test(user))];
  const seats = [];
  for (const user of users) {
    if (seats.length < pages) {
      const page = await consoleOf(browser, user);
      seats.push({ user, page, claim: (id, at) => claimInPage(page, id, at), leaves: () => leave(page) });
    } else {
      const client = await plainSeat(user);
      seats.push({ ...client, claim: async (id, at) => {
        await pause(at - Date.now());
        return client.post(`v1/alerts/${id}/claim`, {});
      } });
    }
  }
  return seats;
}

async function race(seats) {
  const pressed = says(fresh(), "SOS");
  const { id } = (await areRecorded([pressed])).get(pressed.event);
  const pages = seats.filter((each) => each.page);
  for (const { page } of pages) await page.waitForSelector(`#row-${id}.pinned`);
  const at = Date.now() + 500;
  const answers = await Promise.all(seats.map((each) => each.claim(id, at)));

  const winners = seats.filter((_, n) => answers[n].status === 200).map((each) => each.user);
  const losers = answers.filter((each) => each.status === 409 && each.said.code === "held");
  const [[holder]] = await ask(`select holder from alert where id = '${id}'`);
  isRight(winners.length === 1, `${winners.length} were told that the alert is theirs`);
  isRight(winners[0] === holder, `${winners[0]} was told that it is hers, the record has ${holder}`);
  isRight(losers.length === seats.length - 1, `${losers.length} of ${seats.length - 1} others were refused`);
  isRight(losers.every((each) => each.said.holder === holder), "a loser was told of another owner");

  const shown = [];
  for (const { page } of pages) {
    const seen = await until(async () => (await deskOf(page)).painted
      .find((line) => line.id === id && line.holder), patienceMs);
    isRight(seen.holder === holder, `a page shows ${seen.holder} as owner, the record has ${holder}`);
    shown.push(seen.at - at);
  }
  return { refused: losers.map((each) => each.ms), shown };
}

async function raceOfClaims(browser) {
  const seats = await seatsOf(browser, races.pages);
  const all = [];
  for (let n = 0; n < races.rounds; ++n) all.push(await race(seats));
  const name = `${seats.length} claim the same`;
  figure(`${name}: loser asks → is refused, by whose name`, all.flatMap((each) => each.refused));
  figure(`${name}: → the owner painted on a page`, all.flatMap((each) => each.shown));
  remark(`${name}: ${races.rounds} rounds, ${races.pages} pages and ${seats.length - races.pages} plain ` +
    "clients, each with a session of its own");
  for (const each of seats) await each.leaves();
}

// ------------------------------------------------------------------ 4: dead, and cut off
// What is called meanwhile must stand on the queue afterwards.
async function away(page, name, { goes, returns }) {
  await forget(page);
  const gone = Date.now();
  goes();
  await page.waitForSelector(".stale-bar", { timeout: patienceMs });
  const events = Array.from({ length: 20 }, (_, n) => (n % 4 === 0 ? says(fresh(), "SOS") : opensRoutine()));
  await Promise.all(events.map((each) => each.acknowledged));
  const back = Date.now();
  returns();
  const open = Date.now();
  const known = await areRecorded(events);
  await holdsAll(page, `after ${name}`);
  await page.waitForSelector(".stale-bar", { state: "detached", timeout: patienceMs });
  const desk = await deskOf(page);
  const shown = events.map(({ event }) => desk.painted.find((line) => line.id === known.get(event).id)?.at);
  isRight(shown.every(Boolean), `after ${name} a call that came meanwhile isn't on the queue`);
  const freshAt = desk.grey.findLast((each) => !each.isGrey).at;
  const complete = Math.max(freshAt, ...shown.filter(Boolean));
  return { banner: desk.grey.find((each) => each.isGrey).at - gone, complete: complete - back,
    sinceOpen: complete - open };
}

async function interruptions(browser) {
  const rounds = isShort ? 1 : 3;
  const page = await consoleOf(browser, "zhangmin");
  await holdsAll(page, "before the server is killed");
  const killed = [];
  for (let n = 0; n < rounds; ++n)
    killed.push(await away(page, "kill -9", { goes: () => server("kill"), returns: () => server("start") }));
  await leave(page);
  figure("server killed with -9 → banner", killed.map((each) => each.banner));
  figure("server started → queue whole, no banner", killed.map((each) => each.complete));
  figure("its door open → queue whole, no banner", killed.map((each) => each.sinceOpen));

  const relay = await Relay.before(address);
  const far = await consoleOf(browser, "zhangmin", relay.address);
  await holdsAll(far, "before the line is cut");
  const cut = [];
  for (let n = 0; n < rounds; ++n)
    cut.push(await away(far, "a cut line", { goes: () => relay.cut(), returns: () => relay.mend() }));
  await leave(far);
  relay.close();
  figure("line cut without a word → banner", cut.map((each) => each.banner));
  figure("line mended → queue whole, no banner", cut.map((each) => each.complete));
}

// ------------------------------------------------------------------ the run
const browser = await openBrowser();
const parts = [
  ["the race", () => raceOfClaims(browser)],
  ...floods.map((each) => [`the flood with ${each.open} open`, () => flood(browser, each)]),
  ["the interruptions", () => interruptions(browser)],
];
for (const [name, run] of parts) {
  console.error(`${name} …`);
  await run().catch((error) => wrong.push(`${name} came to no end: ${error.stack}`));
}
await allCounted();
print();
console.log(`
published: the device's message handed to a publisher beside the pages, on the way to the broker; the
broker, our journal's fdatasync, the commit with its WAL sync, the feed, TLS, the page and its frame are
in it. committed_at: when the house wrote the commit, which still had to be synced. Painted: after the
first frame with the news worked in; a P1 when its own row is in the document or, beyond the five that are
pinned, the band above the list counts it while she is further down; the others as a list of
which a screenful is drawn, and where new rows wait while she moves in it. Of ten events one is the P1 of
somebody new, whom another desk claims and closes a second later, two open a P2 or P3, seven repeat one.
started: the start of the process is in it, which is looked for ten times a second.`);
for (const each of wrong) console.log(`WRONG: ${each}`);
if (wrong.length === 0) console.log("lost 0, doubled 0, each claim one owner");
await browser.close();
process.exit(wrong.length === 0 ? 0 : 1);
