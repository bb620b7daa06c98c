// What the build makes: the same bytes twice, for browsers since Chrome 87, from our host alone.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { filesBelow, pages, requireOfWeb, textOf, web } from "../support/source.mjs";

const acorn = requireOfWeb("acorn");
const scripts = filesBelow(pages, /\.js$/);
const html = filesBelow(pages, /\.html$/);

function digests(folder) {
  return filesBelow(folder).map((path) => [
    relative(folder, path), createHash("sha256").update(readFileSync(path)).digest("hex")]);
}

test("the same sources give the same bytes", { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "linli-pages-"));
  try {
    execFileSync(process.execPath, [join(web, "build.mjs"), folder], { stdio: "pipe" });
    assert.deepEqual(digests(folder), digests(pages));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("every text has its gzip variant beside it, of the same text", () => {
  for (const path of filesBelow(pages, /\.(js|css|html|svg)$/))
    assert.deepEqual(gunzipSync(readFileSync(`${path}.gz`)), readFileSync(path), path);
});

test("the scripts are ES2020, the one that looks at the browser is ES5", () => {
  assert.ok(scripts.length >= 4);
  for (const path of scripts) {
    const isCheck = basename(path) === "check.js";
    const isWorker = basename(path).startsWith("live-worker");
    acorn.parse(textOf(path), {
      ecmaVersion: isCheck ? 5 : 2020, sourceType: isCheck || isWorker ? "script" : "module",
    });
  }
});

// What came after Chrome 87. Parsing doesn't see these.
const tooNew = [/\.at\(/, /\.findLast(Index)?\(/, /\bstructuredClone\(/, /\bObject\.hasOwn\(/,
  /\brandomUUID\(/, /\.toSorted\(/, /\.toReversed\(/, /\bObject\.groupBy\(/, /\.replaceChildren\(/,
  /\bArray\.fromAsync\(/, /\bAbortSignal\.timeout\(/, /\bPromise\.withResolvers\(/,
  /\bscheduler\.postTask\(/, /\.checkVisibility\(/, /\.hasIndices\b/];

test("no script uses what Chrome 87 doesn't have", () => {
  // Vue passes on what a page calls on a list, so it names all that there may be.
  const passedOn = /(\w+)\([^()]*\)\{return \w+\(this\)\.\1\([^()]*\)\}/g;
  for (const path of scripts) {
    const text = textOf(path).replace(passedOn, "");
    for (const each of tooNew) assert.ok(!each.test(text), `${basename(path)}: ${each}`);
  }
});

test("no style uses what Chrome 87 doesn't have", () => {
  for (const path of filesBelow(pages, /\.css$/))
    assert.doesNotMatch(textOf(path),
      /:has\(|@container|@layer|\baspect-ratio\b|color-mix\(|\b\d+d[vs][hw]\b|&[ :.]|\btext-wrap\b/,
      path);
});

test("nothing needs eval or what is written into the page, so the policy can forbid both", () => {
  for (const path of scripts)
    assert.ok(!/\beval\(|new Function\(|Function\("/.test(textOf(path)), path);
  for (const path of html) {
    const text = textOf(path);
    assert.doesNotMatch(text, /<style|\sstyle=|\son\w+=/, path);
    for (const [, attributes, body] of text.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)) {
      assert.match(attributes, /\ssrc="\.\//, path);
      assert.equal(body, "");
    }
  }
});

test("every address is relative: the pages name no host", () => {
  const names = /^http:\/\/www\.w3\.org\/(2000\/svg|1998\/Math\/MathML|1999\/xlink)$/; // no addresses
  for (const path of filesBelow(pages, /\.(js|css|html|svg)$/))
    for (const [url] of textOf(path).matchAll(/\b(?:https?|wss?):\/\/[\w.-]+[\w/.-]*/g))
      if (!names.test(url) && !isWordOfALibrary(url)) assert.fail(`${basename(path)}: ${url}`);
  for (const path of html)
    for (const [, url] of textOf(path).matchAll(/(?:src|href)="([^"]*)"/g))
      assert.match(url, /^\.\//, `${path}: ${url}`);
});

// Vue's warnings name its documentation, as text; Leaflet names itself in a line that no map shows, JsSIP
// and its authors in what no page sends.
function isWordOfALibrary(url) {
  return /^https:\/\/(jssip\.net|inakibaz\.me|vuejs\.org|vue-i18n\.intlify\.dev|leafletjs\.com)\b/.test(url) ||
    /^https:\/\/github\.com\/(vuejs|intlify|versatica|jmillan)\b/.test(url);
}

function firstLoad(page) {
  const text = textOf(join(pages, page));
  const first = [...text.matchAll(/(?:src|href)="\.\/([^"]+\.js)"/g)].map((each) => each[1]);
  const worker = scripts.filter((path) => basename(path).startsWith("live-worker"))
    .map((path) => relative(pages, path));
  return [...new Set([...first, ...(page === "console.html" ? worker : [])])];
}

for (const [page, most] of [["console", 140], ["m", 80], ["admin", 330]])
  test(`the first load of ${page} is at most ${most} KB of compressed script`, (t) => {
    const names = firstLoad(`${page}.html`);
    assert.ok(names.length >= 3, names.join());
    const bytes = names.map((name) => gzipSync(readFileSync(join(pages, name)), { level: 9 }).length)
      .reduce((a, b) => a + b);
    t.diagnostic(`${bytes} bytes`);
    assert.ok(bytes <= most * 1024, `${bytes} bytes`);
  });

test("the map is loaded when somebody draws, not before", () => {
  const isMap = (path) => /leafletjs/.test(textOf(path));
  assert.equal(scripts.filter(isMap).length, 1);
  for (const name of firstLoad("admin.html")) assert.ok(!isMap(join(pages, name)), name);
});

test("the telephone is loaded where there is one, not before", () => {
  const isTelephone = (path) => /RTCPeerConnection/.test(textOf(path));
  assert.equal(scripts.filter(isTelephone).length, 1);
  for (const name of firstLoad("console.html")) assert.ok(!isTelephone(join(pages, name)), name);
});

// ------------------------------------------------------------------ what it is made from
const lock = JSON.parse(textOf(join(web, "package-lock.json")));

test("the lock file names no registry, and every version in it is exact and has its digest", () => {
  assert.doesNotMatch(textOf(join(web, "package-lock.json")), /"resolved"/);
  for (const [name, each] of Object.entries(lock.packages)) {
    if (!name) continue;
    assert.match(each.version, /^\d+\.\d+\.\d+/, name);
    assert.ok(each.integrity, `${name} has no digest`);
  }
  const wanted = JSON.parse(textOf(join(web, "package.json")));
  for (const [name, version] of Object.entries({ ...wanted.dependencies, ...wanted.devDependencies }))
    assert.match(version, /^\d+\.\d+\.\d+$/, name);
});

test("what the pages carry may be passed on: MIT, BSD, Apache or ISC", () => {
  for (const [name, each] of Object.entries(lock.packages))
    if (name && !each.dev && !each.optional)
      assert.match(each.license ?? "", /^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause)$/, name);
});
