// A small registry that keeps to proto/linli/v1/registry.proto and office.proto: masks what is
// personal, refuses what is stale or wrong, and remembers who changed what.
const text = (name, more) => ({ name, kind: "text", ...more });
const id = (name, more) => ({ name, kind: "id", ...more });
const required = { required: true };
const personal = { personal: true };
const word = (name, words, more) => ({ name, kind: "word", words, ...more });

export const sheets = [
  { name: "areas", key: "code", columns: [id("code", required), id("parent", { refersTo: "areas" }),
    text("name", required), id("served_by", { refersTo: "sites" })] },
  { name: "sites", key: "id", columns: [id("id", required), text("name", required),
    word("level", ["station", "centre", "city"], required), id("parent", { refersTo: "sites" }),
    id("area", { ...required, refersTo: "areas" }), { name: "opens", kind: "minute" },
    { name: "closes", kind: "minute" }, { name: "duty_phone", kind: "phone", ...personal }] },
  { name: "homes", key: "id", columns: [id("id", required), id("area", { ...required, refersTo: "areas" }),
    text("rough_place"), text("door", { ...required, ...personal }), { name: "latitude", kind: "decimal" },
    { name: "longitude", kind: "decimal" }, text("access_notes", personal),
    { name: "flags", kind: "words", words: ["dog", "violence", "infection"] },
    { name: "address_verified", kind: "date" }, id("key_holder")] },
  { name: "residents", key: "id", columns: [id("id", required), id("home", { ...required, refersTo: "homes" }),
    text("name", { ...required, ...personal }), { name: "phone", kind: "phone", ...personal },
    text("id_number", personal), word("status", ["present", "away", "hospital", "moved"], required),
    { name: "high_risk", kind: "yes_no" }, text("notes", personal)] },
  { name: "contacts", key: "resident", owned: true, columns: [id("resident", { ...required, refersTo: "residents" }),
    { name: "place", kind: "number", ...required }, text("name", { ...required, ...personal }),
    text("relation", required), { name: "phone", kind: "phone", ...required, ...personal },
    { name: "channels", kind: "words", words: ["voice", "sms", "email"] },
    { name: "email", kind: "email", ...personal }, { name: "do_not_tell", kind: "yes_no" }] },
  { name: "devices", key: "id", columns: [id("id", required),
    word("kind", ["button_box", "watch", "smoke"], required), id("resident", { refersTo: "residents" }),
    id("home", { refersTo: "homes" }), id("worker", { refersTo: "workers" }),
    id("stock_area", { refersTo: "areas" })] },
  { name: "providers", key: "id", columns: [id("id", required), text("name", required),
    { name: "phone", kind: "phone", ...personal }, word("dispatch", ["worker", "company"])] },
  { name: "workers", key: "id", columns: [id("id", required), id("provider", { ...required, refersTo: "providers" }),
    text("name", { ...required, ...personal }), { name: "phone", kind: "phone", ...personal },
    { name: "certificates", kind: "words" }, { name: "from", kind: "minute" }, { name: "until", kind: "minute" },
    { name: "homes", kind: "words", refersTo: "homes" }, { name: "on_duty", kind: "yes_no" }] },
  { name: "limits", key: "resident", owned: true, columns: [id("resident", { ...required, refersTo: "residents" }),
    word("what", ["heart_rate", "oxygen_saturation"], required), { name: "low", kind: "decimal" },
    { name: "high", kind: "decimal" }] },
  { name: "silences", key: "home", owned: true, columns: [id("home", { ...required, refersTo: "homes" }),
    { name: "from", kind: "minute" }, { name: "until", kind: "minute" },
    { name: "longest_min", kind: "number", ...required }] },
  { name: "zones", key: "resident", owned: true, columns: [id("resident", { ...required, refersTo: "residents" }),
    id("name", required), word("kind", ["home", "regular", "forbidden"], required),
    { name: "shape", kind: "shape", ...required }] },
];

// As a company's manager is told of them.
const theirs = ["phone", "from", "until", "on_duty"];
const companySheets = ["providers", "workers"].map((name) => {
  const sheet = sheets.find((each) => each.name === name);
  const columns = sheet.columns.filter((each) => each.name !== "homes")
    .map((each) => (theirs.includes(each.name) ? each : { ...each, fixed: true }));
  return { ...sheet, columns, mayChange: true };
});

function someRows() {
  const residents = [["R1", "H1", "王秀兰", "13912348888"], ["R2", "H1", "李建国", "13912349999"]];
  for (let n = 3; n <= 120; ++n) residents.push([`R${n}`, `H${n}`, `赵${n}`, `1380000${String(n).padStart(4, "0")}`]);
  return {
    areas: [{ code: "620102", name: "城关区", served_by: "S1" },
      { code: "620102001", parent: "620102", name: "南河街道" }],
    sites: [{ id: "S1", name: "南河站", level: "station", area: "620102", opens: "08:00", closes: "20:00",
      duty_phone: "13900000001" }],
    homes: [{ id: "H1", area: "620102001", rough_place: "南河街12号", door: "3 单元 501", latitude: "36.0611",
      longitude: "103.8343", access_notes: "门禁 4321#", flags: "dog", key_holder: "neighbour" },
    { id: "H2", area: "620102001", rough_place: "北街3号", door: "102" }],
    residents: residents.map(([key, home, name, phone], n) => ({ id: key, home, name, phone,
      id_number: "620102194403158888", status: n === 1 ? "hospital" : "present",
      high_risk: n === 0 ? "yes" : "no", notes: n === 0 ? "左耳背" : "" })),
    contacts: [
      { resident: "R1", place: "1", name: "王丽", relation: "女儿", phone: "13800000001", channels: "voice sms" },
      { resident: "R1", place: "2", name: "王强", relation: "儿子", phone: "13800000002" }],
    devices: [{ id: "W1", kind: "watch", resident: "R1" }, { id: "W2", kind: "watch", resident: "R2" },
      { id: "B1", kind: "button_box", home: "H1" }, { id: "W9", kind: "watch" }],
    providers: [{ id: "P1", name: "康宁", phone: "09318888888", dispatch: "worker" }],
    workers: [{ id: "K1", provider: "P1", name: "钱师傅", phone: "13700000001", certificates: "first_aid",
      from: "08:00", until: "20:00", homes: "H1 H2" }],
    limits: [{ resident: "R1", what: "heart_rate", low: "50", high: "110" }],
    silences: [{ home: "H1", from: "22:00", until: "06:00", longest_min: "480" }],
    zones: [{ resident: "R1", name: "home", kind: "home",
      shape: "POLYGON((103.833 36.06,103.836 36.06,103.836 36.062,103.833 36.062,103.833 36.06))" }],
  };
}

export const administrator = { user: "admin", name: "陈静", role: "administrator", area: "620102", areaName: "城关区",
  may: ["see_registry", "change_registry", "see_plans", "change_users"] };
export const everything = { ...administrator, may: [...administrator.may, "see_reports", "see_access_log", "see_queue"] };
export const ofTheData = { ...administrator, role: "audit_officer",
  may: ["see_registry", "hand_out", "ask_erasure", "confirm_erasure"] };

const masked = (value) => (value.length > 6 ? `${value.slice(0, 3)}****${value.slice(-4)}` : `${value.slice(0, 1)}**`);

export class RegistryHouse {
  rows = someRows();
  versions = new Map();
  edits = new Map();
  revealed = []; // what was asked for in clear
  users = [
    { user: "admin", name: "陈静", role: "administrator", area: "620102", areaName: "城关区", version: 1 },
    { user: "zhangmin", name: "张敏", role: "operator", area: "620102", areaName: "城关区", site: "S1", version: 3,
      signedInAt: "2026-11-28T01:00:00Z" }];
  imported = [];
  jobs = []; // checks and imports, newest first
  isSlow = false; // a job runs until it is ended by the test
  mayChange = true; // whoever asks
  isCompany = false; // who asks is a company's manager

  answer(method, url, body) {
    const steps = url.pathname.split("/").slice(2).map(decodeURIComponent);
    const of = { registry: () => this.#registry(method, steps.slice(1), url.searchParams, body),
      users: () => this.#users(method, steps.slice(1), url.searchParams, body),
      roles: () => ok({ roles: [{ name: "operator", may: ["see_queue", "see_card", "reveal", "claim"] },
        { name: "administrator", may: ["see_registry", "change_registry", "see_plans", "change_users"] },
        { name: "audit_officer", may: ["see_access_log", "see_reports"] }] }),
      access_log: () => ok(this.#accessLog(url.searchParams)),
      reports: () => ok({ tonight, service, hotline }[steps[1]](url.searchParams)),
      hotline: () => ok(this.#checks(url.searchParams)),
      calls: () => this.#closeCheck(steps[1], body),
      erasures: () => ok(this.#erasures(url.searchParams)),
      residents: () => this.#erasure(method, steps[1], steps[3], body),
      plans: () => (steps[1] === "dry_run" ? ok(dryRun) : ok(plans)) }[steps[0]];
    return of?.();
  }

  checks = [{ call: "c-1", called: "12349", area: "620102", areaName: "城关区", cameAt: "2026-11-28T02:00:00Z",
    answeredAt: "2026-11-28T02:03:20Z", endedAt: "2026-11-28T02:09:00Z", seat: "lina", openedAt: "2026-11-28T02:03:01Z" }];

  #checks(query) {
    const checks = this.checks.filter((each) => !!each.closedAt === (query.get("closed") === "yes"));
    return { checks, total: checks.length, page: 1, perPage: 50 };
  }

  #closeCheck(call, body) {
    const one = this.checks.find((each) => each.call === call);
    Object.assign(one, { closedAt: "2026-11-28T03:00:00Z", closedBy: "wang", words: body.text });
    return ok({});
  }

  asks = "admin"; // who is signed in, as the house knows him
  erased = new Map(); // by resident: what is asked for, or done
  withdrawn = [];
  obstacles = new Map(); // by resident

  // As somebody else has asked for it.
  askedBySomebody(resident, more = {}) {
    this.erased.set(resident, { resident, state: "asked", reason: "request", wishedOn: "2026-11-20",
      askedBy: "wangli", askedAt: "2026-11-24T02:00:00Z", ...more });
  }

  #erasures(query) {
    const all = [...this.erased.values(), ...this.withdrawn]
      .filter((each) => !query.get("state") || each.state === query.get("state"));
    return { erasures: all, total: all.length, page: 1, perPage: 50 };
  }

  #standing(resident) {
    const alone = resident !== "R1" && resident !== "R2";
    const goes = ["registry", "contacts", "limits", ...(alone ? ["home"] : []), "words", "pictures"]
      .map((what) => ({ what, atOnce: true }));
    const later = ["numbers", "recordings", "places", "telemetry", "commands"].map((what) => ({ what }));
    const days = { looks: 1095, edits: 1095, notices: 90, answers: 1, backups: 35 };
    const stays = ["trail", "chain", "erasure", "looks", "edits", "notices", "answers",
      ...(alone ? [] : ["home"]), "backups", "worn", "files", "telephones"].map((what) => ({ what, days: days[what] }));
    const asked = this.erased.get(resident);
    return { resident, asked, obstacles: asked?.erasedAt ? [] : this.obstacles.get(resident),
      before: this.withdrawn.filter((each) => each.resident === resident), goes: [...goes, ...later], stays };
  }

  #erasure(method, resident, act, body) {
    const asked = this.erased.get(resident);
    const conflict = (code) => ({ status: 409, body: { code, holder: asked?.askedBy } });
    if (method === "GET") return ok(this.#standing(resident));
    if (asked?.erasedAt) return conflict("gone");
    if (act === "ask") {
      if (asked) return conflict("twice");
      this.askedBySomebody(resident, { ...body, askedBy: this.asks, askedAt: "2026-11-30T01:00:00Z" });
    } else if (!asked) return conflict("not_asked");
    else if (act === "withdraw") {
      this.erased.delete(resident);
      this.withdrawn.unshift({ ...asked, state: "withdrawn", withdrawnWhy: body.why, withdrawnBy: this.asks,
        withdrawnAt: "2026-11-30T02:00:00Z" });
    } else if (asked.askedBy === this.asks) return conflict("alone");
    else if (this.obstacles.get(resident)?.length) return conflict("needed");
    else {
      Object.assign(asked, { state: "erased", confirmedBy: this.asks, erasedAt: "2026-11-30T02:00:00Z" });
      const { id, home } = this.rows.residents.find((each) => each.id === resident);
      this.rows.contacts = this.rows.contacts.filter((each) => each.resident !== id);
      this.rows.residents = this.rows.residents.map((each) => (each.id === resident ? { id, home, status: "moved" } : each));
    }
    return ok(this.#standing(resident));
  }

  // Somebody else, at another desk.
  changeBySomebody(sheet, key, cells) {
    Object.assign(this.#rowsOf(sheet, key)[0], cells);
    this.#changed(sheet, key, "李娜", Object.keys(cells));
  }

  #registry(method, [sheet, key, act], query, body) {
    if (!sheet) return ok({ sheets: this.isCompany ? companySheets : sheets.map((each) =>
      ({ ...each, mayChange: this.mayChange, mayAdd: this.mayChange })) });
    if (sheet === "check" || sheet === "import") return this.#begin(sheet, body);
    if (sheet === "imports") return this.#imports(key, act);
    const form = sheets.find((each) => each.name === sheet);
    if (!form) return refused(404, "unknown");
    if (!key) return ok(this.#page(form, query));
    if (act === "reveal") return this.#reveal(form, key);
    return method === "GET" ? this.#record(form, key) : this.#change(form, key, body);
  }

  #rowsOf(sheet, key) {
    const form = sheets.find((each) => each.name === sheet);
    return this.rows[sheet].filter((row) => row[form.key] === key);
  }

  #etag(sheet, key) {
    return `${sheet}-${key}-${this.versions.get(`${sheet}/${key}`) ?? 1}`;
  }

  #recordOf(form, key, inClear = false) {
    const rows = this.#rowsOf(form.name, key).map((row) => ({ cells: Object.fromEntries(form.columns
      .filter((column) => row[column.name])
      .map((column) => [column.name,
        column.personal && !inClear ? masked(row[column.name]) : row[column.name]])) }));
    return { sheet: form.name, key, rows, etag: rows.length ? this.#etag(form.name, key) : "", masked: !inClear };
  }

  #page(form, query) {
    const q = query.get("q") ?? "";
    const fits = (row) => (!q || row[form.key].startsWith(q) || row.phone === q || (row.name ?? "").includes(q) ||
      (row.rough_place ?? "").includes(q)) &&
      form.columns.every((column) => column.personal || column.name === "area" || !query.get(column.name) ||
        row[column.name] === query.get(column.name));
    const all = this.rows[form.name].filter(fits);
    const [page, perPage] = [Number(query.get("page") ?? 1), Number(query.get("per_page") ?? 50)];
    return { records: all.slice((page - 1) * perPage, page * perPage).map((row) => this.#recordOf(form, row[form.key])),
      total: all.length, page, perPage };
  }

  #record(form, key) {
    const record = this.#recordOf(form, key);
    if (!record.rows.length && !form.owned) return refused(404, "unknown");
    return ok({ ...record, edits: this.edits.get(`${form.name}/${key}`) ?? [] });
  }

  #reveal(form, key) {
    this.revealed.push(`${form.name}/${key}`);
    return ok(this.#recordOf(form, key, true));
  }

  #mistakes(form, rows) {
    const wrong = [];
    const add = (n, field, value, what, remedy) =>
      wrong.push({ file: `${form.name}.csv`, line: n + 1, field, value, what, remedy });
    rows.forEach((row, n) => {
      for (const column of form.columns) {
        const value = row[column.name] ?? "";
        if (column.required && !value) add(n, column.name, "", "missing", "give it");
        if (column.kind === "phone" && value && !/^[0-9+() -]{3,20}$/.test(value))
          add(n, column.name, masked(value), "not a telephone number", "give 3 to 20 digits");
        if (column.kind === "shape" && value && !/^POLYGON\(\(/.test(value))
          add(n, column.name, value, "no polygon", "POLYGON((longitude latitude, …)), at most 1000 points");
        const there = column.refersTo && column.kind === "id" && value &&
          this.rows[column.refersTo].some((each) => each[sheets.find((s) => s.name === column.refersTo).key] === value);
        if (column.refersTo && column.kind === "id" && value && !there)
          add(n, column.name, value, "unknown", `add a row to ${column.refersTo}.csv, or correct the value`);
      }
    });
    return wrong;
  }

  #change(form, key, { rows = [], etag = "" }) {
    const before = this.#rowsOf(form.name, key);
    if (etag !== (before.length ? this.#etag(form.name, key) : ""))
      return { status: 409, body: { code: "stale", holder: "lina",
        text: this.edits.get(`${form.name}/${key}`)?.[0]?.byName ?? "", at: this.edits.get(`${form.name}/${key}`)?.[0]?.at } };
    const name = form.owned ? form.columns[1].name : form.key;
    const after = rows.map(({ cells = {} }) => {
      const was = form.owned ? before.find((row) => row[name] === cells[name]) : before[0];
      return { ...was, [form.key]: key, ...cells };
    });
    const wrong = this.#mistakes(form, after);
    if (wrong.length) return { status: 422, body: { mistakes: wrong, count: wrong.length } };
    this.rows[form.name] = [...this.rows[form.name].filter((row) => row[form.key] !== key), ...after];
    this.#changed(form.name, key, "陈静", Object.keys(rows[0]?.cells ?? {}));
    return ok(this.#recordOf(form, key));
  }

  #changed(sheet, key, by, columns) {
    const at = `${sheet}/${key}`;
    this.versions.set(at, (this.versions.get(at) ?? 1) + 1);
    const second = `${(this.edits.get(at) ?? []).length}`.padStart(2, "0");
    const edit = { at: `2026-11-28T03:00:${second}Z`, by: "admin", byName: by, how: "page", columns };
    this.edits.set(at, [edit, ...(this.edits.get(at) ?? [])]);
  }

  #begin(what, { files }) {
    const running = this.jobs.find((each) => each.state === "running");
    if (running)
      return { status: 409, body: { code: "importing", holder: running.by, text: running.byName, at: running.startedAt } };
    const job = this.runsJob({ what, files });
    if (this.isSlow) return { status: 202, body: this.#told(job) };
    this.endJob();
    return ok(this.#told(job));
  }

  // Somebody's: the test may begin one, too.
  runsJob(more = {}) {
    const id = `0192a0b0-0000-7000-8000-${String(this.jobs.length + 1).padStart(12, "0")}`;
    this.jobs.unshift({ id, what: "import", state: "running", by: "admin", byName: "陈静", mayBeCancelled: true,
      startedAt: "2026-11-29T02:32:00Z", files: [{ name: "residents.csv", text: "" }], ...more });
    return this.jobs[0];
  }

  endJob(state) {
    const [job] = this.jobs;
    const result = this.#import(job.what, job.files);
    const isBad = (result.mistakes?.count ?? 0) > 0;
    Object.assign(job, { state: state ?? (isBad ? "refused" : "done"), mayBeCancelled: false, endedAt: "2026-11-29T02:35:00Z" });
    if (job.state !== "done" && job.state !== "refused") return;
    job.result = result;
    if (result.done) this.imported.push(job.files.map((each) => each.name));
  }

  // As it tells what it can't take apart: without the mistakes of which there are none to tell.
  endsUnread() {
    Object.assign(this.jobs[0], { state: "refused", why: "not_understood", mayBeCancelled: false,
      endedAt: "2026-11-29T02:35:00Z", result: { mistakes: {} } });
  }

  // As a new server would know of them.
  forgetsJobs() {
    this.jobs = [];
  }

  #told({ files, ...job }) {
    return job;
  }

  #imports(id, act) {
    if (!id) return ok({ jobs: this.jobs.map((each) => this.#told(each)) });
    const job = this.jobs.find((each) => each.id === id);
    if (!job) return refused(404, "unknown");
    if (!act) return ok(this.#told(job));
    if (!job.mayBeCancelled) return refused(409, "too_late");
    this.endJob("cancelled");
    return ok({});
  }

  #import(what, files) {
    const isBad = files.some((each) => /bad/.test(each.text));
    const mistakes = isBad ? { mistakes: [{ file: "residents.csv", line: 12, field: "phone", value: "bad",
      what: "not a telephone number", remedy: "give 3 to 20 digits" }], count: 1 } : {};
    return { mistakes, done: what === "import" && !isBad,
      sheets: files.map((each) => ({ sheet: each.name.replace(/\..*/, ""), rows: 3, added: 1, changed: 1, same: 1 })) };
  }

  #users(method, [user, act], query, body) {
    const found = this.users.find((each) => each.user === user);
    if (!user && method === "GET") {
      const fitting = this.users.filter((each) => !query.get("role") || each.role === query.get("role"));
      return ok({ users: fitting, total: fitting.length, page: 1, perPage: 50 });
    }
    if (!user) {
      if (this.users.some((each) => each.user === body.user.user))
        return { status: 409, body: { code: "taken", field: "user" } };
      this.users.push({ ...body.user, version: 1 });
      return ok({ user: body.user.user, password: "k7-mahn-4tq", version: 1 });
    }
    if (!found) return refused(404, "unknown");
    found.version += 1;
    if (act === "password") return ok({ user, password: "z3-tovi-9pd", version: found.version });
    if (act) found.disabled = act === "disable";
    else if (body.user.version !== found.version - 1) return refused(409, "stale");
    else Object.assign(found, { ...body.user, version: found.version });
    return ok({ version: found.version });
  }

  #accessLog(query) {
    const all = [["card", "resident:R1", "张敏"], ["contact_phone", "resident:R1", "张敏"], ["record", "resident:R2", "陈静"]]
      .map(([what, subject, whoName], n) => ({ at: `2026-11-28T0${3 - n}:00:00Z`, who: "zhangmin", whoName, what, subject,
        why: "0192a0b0-0000-7000-8000-000000000001", line: String(100 - n) }));
    const entries = all.filter((each) => !query.get("subject") || each.subject === query.get("subject"));
    return { entries, more: !query.get("before") };
  }
}

const ok = (body) => ({ status: 200, body });
const refused = (status, code) => ({ status, body: { code } });

function tonight(query) {
  const gaps = [
    { kind: "plan", why: "few_contacts", subject: "resident:R2", area: "620102001", menderKind: "area_officer",
      mender: "620102001", figure: 1 },
    { kind: "desk", why: "no_desk_open", subject: "area:620102001", area: "620102001", menderKind: "site", mender: "S1",
      hours: [{ from: "2026-11-28T12:00:00Z", until: "2026-11-29T00:00:00Z" }] },
    { kind: "device", why: "device_silent", subject: "device:W2", area: "620102001", menderKind: "site", mender: "S1",
      since: "2026-11-20T00:00:00Z" }];
  const count = (kind) => gaps.filter((each) => each.kind === kind).length;
  return { madeAt: "2026-11-28T10:00:00Z", day: "2026-11-28", residents: 120, homes: 2, devices: 4, providers: 1, workers: 1,
    counts: ["plan", "address", "key", "desk", "responder", "device", "provider", "loop", "complaint"]
      .map((kind) => ({ kind, gaps: count(kind) })),
    gaps: gaps.filter((each) => !query.get("kind") || each.kind === query.get("kind")) };
}

function service(query) {
  const figures = (n) => [{ name: "alerts", value: n, unit: "count" }, { name: "alerts_sos", value: n - 3, unit: "count" },
    { name: "claimed_in_60s", value: 0.975, of: 39 * n, all: 40 * n, unit: "ratio" },
    { name: "claim_time", value: 14, all: 40, unit: "seconds" },
    { name: "arrived_in_15min", unit: "ratio" }, { name: "false_alarms", value: 0.25, of: n, all: 4 * n, unit: "ratio" }];
  return { area: query.get("area"), areaName: "城关区", period: query.get("period"), madeAt: "2026-11-28T10:00:00Z",
    lines: [{ area: "620102", areaName: "城关区", figures: figures(46) },
      { area: "620102001", areaName: "南河街道", figures: figures(40) },
      { area: "620102", areaName: "城关区", own: true, figures: figures(6) }],
    missing: ["abandoned_calls", "subsidies"] };
}

function hotline(query) {
  const calls = (n) => [{ name: "calls", value: n, of: n, unit: "count" },
    { name: "calls_answered_in_15s", of: 9 * n, all: 10 * n, unit: "ratio" },
    { name: "longest_wait", value: 200, all: n, unit: "seconds" }];
  return { area: query.get("area"), areaName: "城关区", period: query.get("period"), madeAt: "2026-11-28T10:00:00Z",
    lines: [{ part: "whole", figures: calls(40) }, { part: "line", name: "12349", figures: calls(40) },
      { part: "seat", name: "lina", figures: [{ name: "occupancy", of: 5400, all: 10800, unit: "ratio" }] },
      { part: "seat", name: "wang", figures: [{ name: "rings_refused", of: 1, all: 4, unit: "ratio" }] }],
    worst: { from: "2026-11-27T01:00:00Z", until: "2026-11-28T01:00:00Z", answeredInTime: 17, calls: 20 } };
}

const plans = { plans: [
  { kind: "sos", digest: "5f1d0c2a9b7e4d11", text: 'kind = "sos"\nlevel = 1\n\n[[answer]]\nwho = "station"\nafter_s = 0\n' },
  { kind: "fall", digest: "a01b2c3d4e5f6071", text: 'kind = "fall"\nlevel = 1\ncountdown_s = 30\n' },
  { kind: "sos", resident: "R1", digest: "beef00112233", text: 'kind = "sos"\nresident = "R1"\n' }] };

const dryRun = { level: 1, plan: "5f1d0c2a9b7e4d11", gaps: ["no_desk_open", "few_contacts"], steps: [
  { afterS: 0, what: "rung", whom: "station", note: "no_desk_open" },
  { afterS: 30, what: "rung", whom: "city", who: ["市级指挥中心"] },
  { afterS: 60, what: "tell", whom: "contacts", who: ["contact:R1/1 voice sms", "contact:R1/2 sms from 07:00"] },
  { afterS: 90, what: "ask", whom: "120", say: "请派救护车到南河街12号" },
  { afterS: 120, what: "offer", whom: "emergency_attendance", who: ["K1"], candidates: [
    { worker: "K1", provider: "P1", why: "chosen", distanceM: 820 },
    { worker: "K2", provider: "P1", why: "off_duty", distanceM: 1400 }] }] };
