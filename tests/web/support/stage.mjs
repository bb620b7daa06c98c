// The built pages in a real browser, with the test in the part of the house: it answers what they
// ask and tells what it likes on the live channel. What needs the real server stands in
// browser/console_real.test.mjs.
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { pages, requireOfWeb, textOf } from "./source.mjs";

const { chromium } = requireOfWeb("playwright-core");
const axe = textOf(requireOfWeb.resolve("axe-core/axe.min.js"));

const types = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
};
// As the door sends it.
const policy = "default-src 'self'; connect-src 'self' wss:; img-src 'self' data: blob:; media-src 'self' blob:; " +
  "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
const host = "https://linli.test";

// `more`: switches of Chromium's.
export async function openBrowser(...more) {
  return chromium.launch({
    executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium",
    // The last one: the test's certificate is nobody's, and a shared worker has no context of its own.
    args: ["--headless=new", "--disable-gpu", "--disable-background-networking",
      "--ignore-certificate-errors", ...more,
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
}

export const operator = {
  user: "zhangmin", name: "张敏", role: "operator", area: "620102", areaName: "城关区",
  may: ["see_queue", "see_card", "reveal", "claim", "dispatch", "follow_up", "take_over"],
  site: "station1",
};

export class Stage {
  lines = new Map();
  cards = new Map();
  evidence = new Map(); // by alert
  session = { ...operator };
  signedIn = true;
  calls = []; // {method, path, body, key, version, as}
  painted = [];
  successors = []; // on duty beside her
  noteTemplates = ["已回拨，老人应答，人没事。", "已回拨，无人接听。", "已接通，没有应答。", "家属前往。",
    "家属电话无人接听。", "已报 120，等待救护车。", "已进门，老人清醒。"].map((zh, n) => ({ zh, en: `Template ${n + 1}` }));
  followUps = []; // lines whose visit is over
  unfinished = []; // visits whose alert is closed and whose end nobody has told
  own = []; // OwnOffers of whoever is signed in
  replies = []; // the kinds that his page has sent, in order
  hearsReplies = true; // false: the line breaks under each
  hearsPictures = true; // false: none gets through, and none breaks
  onReply = () => undefined;
  proofs = []; // that his page has left, in order
  onProof = () => ({ holds: true });
  calledForHelp = []; // the bodies
  contacts = []; // whom to ring at an installation
  people = { workers: [] }; // whom a company could send
  outside = []; // requests to any other host
  hotlineNow; // how the hotline stands; nothing: there is none
  faults = []; // page errors, and what the policy forbade
  isFresh = true;
  isCut = false; // the live channel
  ahead = 0; // milliseconds by which the house's clock is
  answers = new Map(); // "POST /v1/…" → {status, body} for once
  // (method, url, body) → {status, body} or {status, file, type, headers}, or a promise of it: a test's own
  house = () => undefined;
  #sockets = new Set();
  #sequence = 0;
  #epoch = "e1";
  #beat;

  static async open(browser, { language = "zh-CN", ...context } = {}) {
    const stage = new Stage();
    stage.context = await browser.newContext({
      viewport: { width: 1920, height: 1080 }, ...context });
    await stage.context.addInitScript((which) => {
      localStorage.setItem("linli.language", which);
      delete globalThis.SharedWorker; // its socket can't be played by the test
    }, language);
    await stage.#playTheHouse();
    stage.page = await stage.addPage();
    return stage;
  }

  async addPage() {
    const page = await this.context.newPage();
    page.on("pageerror", (error) => this.faults.push(`${error}`));
    page.on("console", (message) => {
      if (/Content Security Policy/.test(message.text())) this.faults.push(message.text());
    });
    return page;
  }

  async close() {
    clearInterval(this.#beat);
    await this.context.close();
  }

  add(...lines) {
    for (const line of lines) this.lines.set(line.id, line);
    return this;
  }

  // Something has changed, and the pages are told.
  tell(lines = [], gone = []) {
    for (const line of lines) this.lines.set(line.id, line);
    for (const id of gone) this.lines.delete(id);
    const after = this.#sequence;
    this.#sequence += 1;
    this.#send({ after: `${after}`, sequence: `${this.#sequence}`, lines, gone });
  }

  skipOne() {
    this.#sequence += 1; // an update that no page hears of
  }

  cut() {
    this.isCut = true;
    for (const socket of this.#sockets) socket.close();
  }

  mend() {
    this.isCut = false;
  }

  // The desk with that line's card open, and the focus in it.
  async opens(line) {
    this.add(line);
    this.cards.set(line.id, wholeCard(line));
    await this.console(`#${line.id}`);
    await this.page.waitForSelector(".address");
    await this.page.focus("#card-region");
    return line;
  }

  async console(query = "") {
    await this.page.goto(`${host}/console${query}`);
    await this.page.waitForSelector(".console");
    await this.page.waitForFunction(
      (count) => Number(document.querySelector("[role=grid]")?.getAttribute("aria-rowcount")) >= count,
      Math.min(this.lines.size, 1));
  }

  async admin(query = "") {
    await this.page.goto(`${host}/admin${query}`);
    await this.page.waitForSelector("main h1");
  }

  async signIn() {
    await this.page.goto(`${host}/index.html`);
    await this.page.waitForSelector("form");
  }

  atNight() {
    this.ahead = new Date().setUTCHours(18, 0, 0, 0) - Date.now(); // 02:00 in Shanghai
  }

  // Before a page is opened: its clock can be put on.
  async clockCanBePutOn() {
    await this.context.addInitScript(() => {
      const now = performance.now.bind(performance);
      globalThis.__later = 0;
      performance.now = () => now() + globalThis.__later;
    });
  }

  // What the page has to do by then is done: it was grey for want of a beat, and has one again.
  async later(milliseconds) {
    const wasFresh = this.isFresh;
    this.isFresh = false;
    await this.page.evaluate((by) => (globalThis.__later += by), milliseconds);
    if (!wasFresh) return;
    await this.page.waitForSelector(".stale-bar");
    this.isFresh = true;
    await this.page.waitForSelector(".stale-bar", { state: "detached" });
  }

  // 上岗, by hand.
  async goOnDuty() {
    await this.page.click(".sound-bar button");
    await this.page.click("dialog button.main:not(:disabled)", { timeout: 15_000 });
    await this.page.waitForSelector(".sound-bar", { state: "detached" });
  }

  row(line) {
    return this.page.locator(`#row-${line.id}`);
  }

  of(act) {
    return this.calls.filter((each) => each.path.endsWith(`/${act}`));
  }

  async until(what, milliseconds = 5000) {
    const end = Date.now() + milliseconds;
    for (;;) {
      const value = await what();
      if (value) return value;
      if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  // What was done has had its effect by now: two frames, and a round trip behind whatever it sent. Before
  // that nothing can be said not to have happened.
  async settled() {
    await this.page.evaluate(() => new Promise((done) => {
      requestAnimationFrame(() => requestAnimationFrame(() => done()));
    }));
    await this.page.evaluate(() => fetch("./v1/session").then(() => undefined));
  }

  // An answer of the house to that act which waits until it is let go.
  holdsBack(act, body) {
    const { house } = this;
    let letGo;
    const held = new Promise((done) => (letGo = done));
    this.house = async (method, url, ...more) => {
      if (method !== "POST" || !url.pathname.endsWith(`/${act}`)) return house(method, url, ...more);
      await held;
      return { status: 200, body };
    };
    return letGo;
  }

  // What WCAG 2.2 A and AA forbid, as axe sees it.
  async accessibilityFaults() {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(() => globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
    return found.violations.flatMap((rule) =>
      rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`));
  }

  // ---------------------------------------------------------------- the house
  async #playTheHouse() {
    await this.context.route(/.*/, (route) => this.#answer(route));
    await this.context.routeWebSocket(/\/v1\/live$/, (socket) => this.#meet(socket));
    this.#beat = setInterval(() => this.#send({
      after: `${this.#sequence}`, sequence: `${this.#sequence}` }), 1000);
  }

  #now() {
    return this.isFresh ? { now: new Date(Date.now() + this.ahead).toISOString() } : {};
  }

  #send(update) {
    if (this.isCut) return;
    const text = JSON.stringify({ epoch: this.#epoch, ...update, ...this.#now() });
    for (const socket of this.#sockets) socket.send(text);
  }

  #snapshot() {
    return { epoch: this.#epoch, sequence: `${this.#sequence}`, snapshot: true,
      lines: [...this.lines.values()], ...this.#now() };
  }

  #meet(socket) {
    if (this.isCut) return socket.close();
    if (!this.signedIn) return socket.close({ code: 4401, reason: "session ended" });
    socket.onClose(() => this.#sockets.delete(socket));
    socket.onMessage((text) => {
      const said = JSON.parse(text);
      if (said.painted) this.painted.push(...said.painted.alerts);
      if (said.hello) {
        this.#sockets.add(socket);
        socket.send(JSON.stringify(this.#snapshot()));
      }
    });
  }

  async #answer(route) {
    const request = route.request();
    const url = new URL(request.url());
    if (url.origin !== host) {
      this.outside.push(request.url());
      return route.abort();
    }
    if (url.pathname.startsWith("/v1/")) return this.#api(route, request, url);
    const name = url.pathname === "/" ? "/index.html" : extname(url.pathname) ? url.pathname : `${url.pathname}.html`;
    const file = join(pages, name);
    if (!existsSync(file)) return route.fulfill({ status: 404 });
    return route.fulfill({
      body: readFileSync(file),
      headers: { "content-type": types[extname(file)] ?? "application/octet-stream",
        "content-security-policy": policy },
    });
  }

  // Waits while nothing of his is new, as the house does.
  async #ownOffers(route, url) {
    const etagOf = () =>
      `e${JSON.stringify(this.own).length}.${this.replies.length}.${this.proofs.length}`;
    const end = Date.now() + 2000;
    while (url.searchParams.get("seen") === etagOf() && Date.now() < end)
      await new Promise((done) => setTimeout(done, 50));
    // Of what was withdrawn it tells whoever knows of it, or must still say that he has turned round.
    const known = (url.searchParams.get("known") ?? "").split(".");
    const offers = this.own.filter(({ offer, dueAt }) =>
      offer.state !== "OFFER_STATE_WITHDRAWN" || dueAt || known.includes(offer.offerId));
    const answer = { offers, etag: etagOf(), ...this.#now() };
    await route.fulfill({ status: 200, json: answer }).catch(() => undefined); // the page is gone
  }

  async #api(route, request, url) {
    const json = (status, body) => route.fulfill({ status, json: body });
    const method = request.method();
    const path = url.pathname;
    const headers = request.headers();
    const body = request.postData() ? JSON.parse(request.postData()) : undefined;
    this.calls.push({ method, path, body, key: headers["idempotency-key"],
      version: headers["if-match"], as: headers["linli-user"], contentType: headers["content-type"] });
    const planned = this.answers.get(`${method} ${path}`);
    if (planned) {
      this.answers.delete(`${method} ${path}`);
      return planned === "broken" ? route.abort() : json(planned.status, planned.body);
    }
    if (path === "/v1/session" && method === "POST") {
      if (body.password !== "right") return json(401, { code: "wrong" });
      this.signedIn = true;
      return json(200, this.session);
    }
    if (!this.signedIn) return json(401, { code: "signed_out" });
    const as = headers["linli-user"];
    if (as && as !== this.session.user) return json(401, { code: "another_user" });
    const held = [...this.lines.values()].filter((each) => each.holder === this.session.user);
    const goes = path === "/v1/session" ? method === "DELETE"
      : path === "/v1/session/duty" && !body.onDuty && !body.away;
    if (goes && held.length > 0) return json(409, { code: "holding" });
    if (path === "/v1/session" && method === "DELETE") {
      this.signedIn = false;
      return route.fulfill({ status: 204 });
    }
    if (path === "/v1/session/handover")
      return json(200, { lines: held, successors: this.successors });
    if (path === "/v1/follow_ups")
      return json(200, { lines: this.followUps, count: this.followUps.length });
    if (path === "/v1/unfinished")
      return json(200, { visits: this.unfinished, count: this.unfinished.length });
    if (path === "/v1/session") return json(200, { ...this.session, ...this.#now() });
    const answered = await this.house(method, url, body, request);
    if (answered?.file) return route.fulfill({ status: answered.status, body: answered.file,
      headers: { "content-type": answered.type, ...answered.headers } });
    if (answered) return json(answered.status, answered.body);
    if (path === "/v1/hotline/now") return this.hotlineNow ? json(200, this.hotlineNow) : json(404, { code: "no_hotline" });
    if (path === "/v1/note_templates") return json(200, { templates: this.noteTemplates });
    if (path === "/v1/session/duty") {
      this.session.onDuty = body.onDuty === true && !body.away;
      return json(200, this.session);
    }
    if (path === "/v1/live") {
      if (this.isCut) return route.abort();
      return json(200, this.#snapshot());
    }
    if (path === "/v1/live/painted") {
      this.painted.push(...body.alerts);
      return route.fulfill({ status: 204 });
    }
    if (path === "/v1/own/offers") return this.#ownOffers(route, url);
    if (path.endsWith("/replies")) {
      if (!this.hearsReplies) return route.abort();
      this.replies.push(body.kind);
      this.onReply(body);
      return json(200, {});
    }
    if (path.startsWith("/v1/own/") && path.endsWith("/reveal"))
      return json(200, { text: "13912348888" });
    if (path.startsWith("/v1/own/") && method === "POST") {
      if (!this.hearsReplies) return route.abort();
      if (body.picture && !this.hearsPictures) return undefined;
      if (path === "/v1/own/sos") {
        this.calledForHelp.push(body);
        return json(200, {});
      }
      this.proofs.push(body);
      return json(200, this.onProof(body));
    }
    if (path.endsWith("/contacts")) return json(200, { contacts: this.contacts });
    if (path.endsWith("/workers")) {
      const { status = 200, ...said } = this.people;
      return json(status, said);
    }
    if (path.endsWith("/reveal")) return json(200, { text: "13912348888" });
    const id = path.split("/")[3];
    if (path.endsWith("/evidence")) {
      const found = this.evidence.get(id);
      return found ? json(200, found) : json(404, { code: "unknown" });
    }
    if (method === "GET") {
      const card = this.cards.get(id) ?? (this.lines.has(id) ? { line: this.lines.get(id) } : undefined);
      return card ? json(200, card) : json(404, { code: "unknown" });
    }
    if (path.endsWith("/hand_over")) {
      const line = this.lines.get(id);
      const to = this.successors.find((each) => each.user === body.to);
      this.tell([{ ...line, handedTo: to.user, handedToName: to.name, version: line.version + 1 }]);
    }
    if (path.endsWith("/claim")) {
      const line = this.lines.get(id);
      this.tell([{ ...line, state: "claimed", holder: this.session.user,
        holderName: this.session.name, version: line.version + 1 }]);
    }
    return json(200, { version: 2 });
  }
}

// A card with everything on it.
export function wholeCard(line) {
  const position = (latitude, longitude, accuracyM) => ({ latitude, longitude, accuracyM });
  return {
    line,
    residents: [{
      id: "r1", name: "王秀兰", status: "hospital", highRisk: true, age: 82,
      notes: "左耳背,请大声;听得懂兰州话", phone: "139****8888", idNumber: "6201**********1234",
      contacts: [
        { place: 1, name: "王丽", relation: "女儿", phone: "138****0001", reached: "ok" },
        { place: 2, name: "王强", relation: "儿子", phone: "138****0002", doNotTell: true }],
      readings: [{ kind: "heart_rate", value: 92, at: new Date().toISOString() }],
    }],
    home: {
      id: "h1", roughPlace: "南河街12号", door: "3 单元 501", accessNotes: "******", flags: ["dog"],
      keyHolder: "neighbour", position: position(36.055, 103.85), areaName: "城关区",
    },
    device: { id: "w1", kind: "watch", battery: 61, troubles: ["battery"],
      position: position(36.0585, 103.852, 15) },
    orders: line.orders?.length ? [{
      line: line.orders[0],
      offers: [{ id: "o1", workerName: "钱师傅", state: "declined", reason: "declined" }],
      candidates: [
        { worker: "k1", workerName: "赵护士", provider: "p1", providerName: "康宁", why: "next",
          distanceM: 820, travelS: 300, phone: "137****0001", position: position(36.06, 103.846) },
        { worker: "k2", workerName: "孙师傅", provider: "p1", providerName: "康宁", why: "next",
          distanceM: 1100, travelS: 420, position: position(36.049, 103.86) },
        { worker: "k3", workerName: "马师傅", provider: "p2", providerName: "互助",
          why: "off_duty", distanceM: 2400, travelS: 700 }],
    }] : [],
    plan: { steps: [
      { what: "ask", whom: "ring_back", state: "asked" },
      { what: "ask", whom: "120", say: "请派救护车", state: "waiting",
        at: new Date(Date.now() + 90_000).toISOString() },
      { what: "tell", whom: "contacts", state: "done" }] },
    log: [
      { at: line.raisedAt, of: "alert", what: "raised", byKind: "device", by: "w1", why: "w1:7:42" },
      { at: line.raisedAt, of: "alert", what: "rung_reached", byKind: "house", why: "station:s1" }],
    history: [{ id: "x", kind: "fall", outcome: "helped", openedAt: line.raisedAt, closedBy: "李娜" }],
    linked: [],
  };
}
