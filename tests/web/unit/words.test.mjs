// Every word of the house has its translation, and every text of the pages stands in the message
// files of both languages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { } from "node:fs";
import { join } from "node:path";
import { checkout, filesBelow, textOf, web } from "../support/source.mjs";

const messages = (language) => JSON.parse(textOf(join(web, `words/${language}.json`)));
const zh = messages("zh-CN");
const en = messages("en");

function flat(tree, before = "") {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "object" ? flat(value, `${before}${key}.`) : [[before + key, value]]);
}
const zhTexts = new Map(flat(zh));
const enTexts = new Map(flat(en));

test("both languages have the same keys, in the same order", () => {
  assert.deepEqual([...enTexts.keys()], [...zhTexts.keys()]);
});

test("both languages put the same things into a text", () => {
  const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();
  for (const [key, text] of zhTexts) assert.deepEqual(places(enTexts.get(key)), places(text), key);
});

test("the Chinese is Chinese, the English has no Chinese in it", () => {
  const han = /\p{Script=Han}/u;
  const numbersAndUnits = /^(word\.vital_unit\.|level\.|queue\.held_by|card\.plan_progress|form\.submit_key)/;
  for (const [key, text] of zhTexts)
    if (!numbersAndUnits.test(key)) assert.match(text, han, key);
  for (const [key, text] of enTexts) assert.doesNotMatch(text, han, key);
});

// ------------------------------------------------------------------ the house's own words
function namesIn(folder) {
  const found = new Map();
  for (const file of filesBelow(join(checkout, "src", folder), /\.hpp$/)) {
    const text = textOf(file);
    for (const [, enumeration, table] of text.matchAll(/struct names<(?:app::)?(\w+)> \{([\s\S]*?)\}\};/g)) {
      const words = [...table.matchAll(/\{(?:\w+::)+\w+, "([^"]+)"\}/g)].map((each) => each[1]);
      found.set(enumeration, words);
    }
  }
  return found;
}
const tables = namesIn("domain");
const reported = namesIn("app"); // what the reports are told in

// Which list of the messages holds the words of which enumeration; null: no page shows them.
const lists = {
  call_event: "call_event", call_outcome: "call_outcome", call_wish: "call_wish", wish_refusal: "wish_refusal", recording_state: "recording_state", caller_kind: "caller_kind", no_case_reason: "no_case_reason",
  actor_kind: "actor_kind", alert_kind: "alert_kind", alert_state: "alert_state", ask: "ask",
  audience: "audience", channel: "channel", disposition: "disposition", go_trouble: "go_trouble", log_kind: "log_kind",
  match_reason: "match_reason", notice_reason: "notice_reason", offer_state: "offer_state",
  order_place: "order_place", order_state: "order_state", proof_kind: "proof_kind", purpose: "purpose", refusal: "problem",
  reply_kind: "reply_kind", request_state: "request_state", responder_kind: "responder_kind",
  right: "right", role: "role", site_level: "site_level", signal_kind: "signal_kind",
  erasure_obstacle: "erasure_obstacle", erasure_part: "erasure_part", erasure_reason: "erasure_reason",
  erasure_rest: "erasure_rest", erasure_state: "erasure_state", erasure_withdrawal: "erasure_withdrawal",
  complaint_kind: "complaint_kind", complaint_state: "complaint_state",
  service_group: "service_group", service_unit: "service_unit", trouble: "trouble", vital_sign: "vital_sign", zone_kind: "zone_kind",
};
// In the words of the administration alone.
const refusals = { erasure_refusal: zh.admin.problem };
const shownByNobody = new Set(["activity_kind", "broker_word", "command_kind", "command_state",
  "attempt_end", "attempt_role", "third_state", "caller_rank", "placed_end", "seat_state", "seat_word", // the hotline's
  "delivery_state", "kept", "offer_when", "outage_kind", "receipt_stage",
  "sheet", "step_unless", "tampering", "tile_crs"]);

test("the tables of words are found in the house's source", () => {
  assert.ok(tables.size >= 20, `${tables.size} tables`);
  for (const enumeration of Object.keys(lists)) {
    assert.ok(tables.has(enumeration), `${enumeration} is no longer there: mend the test's list`);
    assert.ok(tables.get(enumeration).length > 0, enumeration);
  }
});

test("somebody has decided of each table whether pages show it", () => {
  for (const enumeration of tables.keys())
    assert.ok(lists[enumeration] || refusals[enumeration] || shownByNobody.has(enumeration),
      `${enumeration} is new: translate it in src/web/words, or say here that no page shows it`);
});

for (const [enumeration, list] of Object.entries(lists))
  test(`each ${enumeration} is translated, and nothing that it is not`, () => {
    const expected = [...(tables.get(enumeration) ?? [])].sort();
    const translated = Object.keys(list === "problem" ? zh.problem : zh.word[list]).sort();
    if (list === "problem")
      for (const word of expected) assert.ok(translated.includes(word), `problem.${word}`);
    else assert.deepEqual(translated, expected);
  });

for (const [enumeration, texts] of Object.entries(refusals))
  test(`each ${enumeration} is told in the administration`, () => {
    assert.ok(tables.get(enumeration)?.length, `${enumeration} is no longer there: mend the test's list`);
    for (const word of tables.get(enumeration)) assert.ok(texts[word], `admin.problem.${word}`);
  });

test("what is said of an obstacle to erasing, and of what stays, is said of each", () => {
  const keys = (list) => Object.keys(zh.word[list]).sort();
  assert.deepEqual(keys("erasure_remedy"), keys("erasure_obstacle"));
  assert.deepEqual(keys("erasure_rest_why"), keys("erasure_rest"));
  // Of the others the house says how many days.
  const counted = ["looks", "edits", "notices", "answers", "backups"];
  assert.deepEqual([...keys("erasure_rest_until"), ...counted].sort(), keys("erasure_rest"));
});

function array(file, name) {
  const text = textOf(join(checkout, "src", file));
  const found = new RegExp(`${name}\\{([^}]*)\\}`).exec(text);
  assert.ok(found, `${name} is no longer in ${file}`);
  return [...found[1].matchAll(/"([^"]+)"/g)].map((each) => each[1]).sort();
}

test("the registry's words are translated", () => {
  const rows = "app/registry_rows.hpp";
  for (const [name, list] of [["resident_statuses", "resident_status"], ["spoken_languages", "spoken_language"],
    ["device_kinds", "device_kind"], ["home_flags", "home_flag"], ["dispatch_ways", "dispatch_way"]])
    assert.deepEqual(Object.keys(zh.word[list]).sort(), array(rows, name), list);
});

for (const enumeration of ["gap_kind", "gap_reason", "mender_kind"])
  test(`each ${enumeration} of the night's report is translated, and nothing that it is not`, () => {
    const expected = reported.get(enumeration);
    assert.ok(expected?.length, `${enumeration} is no longer there: mend the test`);
    assert.deepEqual(Object.keys(zh.word[enumeration]).sort(), [...expected].sort());
  });

// They are no enumeration: whoever was asked is told one of them, and his page must have it.
test("whatever an offer can be withdrawn for has its words on the worker's page", () => {
  const order = textOf(join(checkout, "src/domain/order.cpp"));
  const alert = textOf(join(checkout, "src/domain/alert.cpp"));
  const all = (text, pattern) => [...text.matchAll(pattern)].map((each) => each[1]);
  const codes = [
    ...all(order, /take_from_holder\(t, offer_state::withdrawn,[^;]*?"(\w+)"/g),
    ...all(order, /withdraw_open_offers\(t, "(\w+)"/g),
    ...all(order, /was_moved = "(\w+)"/g),
    ...all(order, /starts_with\("closed:"\) \? "(\w+)"/g),
    ...all(alert, /ends_orders = "(\w+)";/g),
    "cancelled", // the desk's
  ];
  assert.deepEqual([...new Set(codes)].sort(), ["cancelled", "closed", "elsewhere", "failed", "late", "moved",
    "no_show", "not_assigned", "taken"], "a new one, or one that is no longer there: mend the test");
  for (const code of codes) assert.ok(zh.word.withdrawn[code], `word.withdrawn.${code}`);
});

// The registry's sheets and their columns, from the table that files and forms are made from.
function sheetsOfTheHouse() {
  const text = textOf(join(checkout, "src/adapters/files/registry_sheets.cpp"));
  const columns = new Map([...text.matchAll(/> (\w+_columns)\(\) \{([\s\S]*?)\n\}/g)].map(([, name, body]) =>
    [name, [...body.matchAll(/column\("(\w+)"/g)].map((each) => each[1])]));
  return new Map([...text.matchAll(/\{sheet::(\w+), "[^"]+", (\w+)\(\)/g)].map(([, sheet, name]) =>
    [sheet, columns.get(name)]));
}

test("each sheet of the registry and each of its columns has its name in both languages", () => {
  const sheets = sheetsOfTheHouse();
  assert.equal(sheets.size, 11);
  assert.deepEqual(Object.keys(zh.sheet).sort(), [...sheets.keys()].sort());
  for (const [sheet, columns] of sheets)
    assert.deepEqual(Object.keys(zh.word[`column_of_${sheet}`]).sort(), [...columns].sort(), sheet);
});

test("the services of the catalogue are translated as the catalogue does", () => {
  const catalogue = textOf(join(checkout, "config/services.toml"));
  const all = [...catalogue.matchAll(/code = "(\w+)"\nzh = "([^"]+)"/g)];
  assert.ok(all.length > 5);
  for (const [, code, chinese] of all) assert.equal(zh.word.service[code], chinese);
  assert.deepEqual(Object.keys(zh.word.service).sort(), all.map((each) => each[1]).sort());
});

test("what closes an alert at the desk is every disposition but the wearer's own", () => {
  const form = textOf(join(web, "console/FormDialog.vue"));
  const inForm = (name) => [...new RegExp(`const ${name} = \\[([^\\]]*)\\]`).exec(form)[1]
    .matchAll(/"(\w+)"/g)].map((each) => each[1]).sort();
  const all = tables.get("disposition").filter((each) => each !== "cancelled_by_wearer").sort();
  assert.deepEqual(inForm("outcomes"), all);
  assert.deepEqual(inForm("allReplies"), [...tables.get("reply_kind")].sort());
});

test("the desk asks for words where the house would refuse a closing without them", () => {
  const form = textOf(join(web, "console/FormDialog.vue"));
  const asked = [.../const withWords = \[([^\]]*)\]/.exec(form)[1].matchAll(/"(\w+)"/g)].map((each) => each[1]);
  const rule = /bool needs_words[\s\S]*?return true;/.exec(textOf(join(checkout, "src/domain/alert.cpp")))[0];
  const needed = [...rule.matchAll(/case disposition::(\w+):/g)].map((each) => each[1]);
  assert.ok(needed.length > 0);
  assert.deepEqual(asked.sort(), needed.sort());
});

// ------------------------------------------------------------------ the pages' source
const sources = filesBelow(web, /\.(vue|ts)$/).filter((path) => !path.endsWith("vite.config.ts"));
const code = sources.map((path) => [path, textOf(path)]);

function withoutComments(text) {
  return text.replace(/<!--[\s\S]*?-->|\/\*[\s\S]*?\*\/|(^|[\s;])\/\/[^\n]*/g, "$1");
}

test("no page has Chinese in its source, but the name of the language and of the icon", () => {
  const allowed = [/"zh-CN": "中文"/, /"邻"/];
  for (const [path, text] of code) {
    let rest = withoutComments(text);
    for (const each of allowed) rest = rest.replace(each, "");
    const found = /.*[\p{Script=Han}，。：；？！「」].*/u.exec(rest);
    assert.equal(found, null, `${path}: ${found?.[0]}`);
  }
});

test("no template has English words outside the messages", () => {
  for (const [path, text] of code) {
    const template = /<template>([\s\S]*)<\/template>/.exec(text)?.[1];
    if (!template) continue;
    const shown = template
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/\{\{[\s\S]*?\}\}/g, "")
      .replace(/<kbd[^>]*>[^<]*<\/kbd>/g, "") // the names of keys
      .replace(/<(?:"[^"]*"|[^>"])*>/g, " ");
    assert.doesNotMatch(shown, /[A-Za-z]{2,}/, `${path}: ${/.*[A-Za-z]{2,}.*/.exec(shown)?.[0]}`);
  }
});

test("each message that the pages ask for is there, and each that is there is asked for", () => {
  const asked = new Set();
  const needed = new Set();
  const begun = new Set(); // t(`queue.${…}`)
  for (const [, text] of code) {
    for (const [, key] of text.matchAll(/\bt\(\s*["']([\w.]+)["']/g)) needed.add(key);
    for (const [, key] of text.matchAll(/"((?:[a-z_]+\.)+[a-z0-9_]+)"/g)) asked.add(key);
    for (const [, key] of text.matchAll(/'((?:[a-z_]+\.)+[a-z0-9_]+)'/g)) asked.add(key);
    for (const [, start] of text.matchAll(/`((?:[a-z_]+\.)+)\$\{/g)) begun.add(start);
  }
  assert.ok(needed.size > 100);
  for (const key of needed) assert.ok(zhTexts.has(key), `${key} is asked for and isn't there`);
  const unasked = [];
  const forms = /^form\.\w+_text$/; // t(`form.${kind}_text`)
  for (const key of zhTexts.keys()) {
    if (key.startsWith("word.")) continue;
    const isAsked = asked.has(key) || forms.test(key) ||
      [...begun].some((start) => key.startsWith(start) && !key.slice(start.length).includes("."));
    if (!isAsked) unasked.push(key);
  }
  assert.deepEqual(unasked, [], "is there and nobody asks for it");
});

test("the telephone's page has each text that it asks for, and its words", () => {
  const listed = JSON.parse(textOf(join(web, "m/words.json")));
  const kit = ["Level.vue", "LanguageSwitch.vue"].map((name) => textOf(join(web, "kit", name)));
  const asked = new Set();
  for (const text of [...code.filter(([path]) => path.includes("/m/")).map((each) => each[1]), ...kit]) {
    for (const [, section] of text.matchAll(/\bt\(\s*["'`]([a-z_]+)\./g)) asked.add(section);
    for (const [, list] of text.matchAll(/\bword\("(\w+)"/g)) asked.add(`word.${list}`);
  }
  assert.ok(asked.size > 5);
  for (const each of asked) assert.ok(listed.includes(each), `${each} is not in m/words.json`);
});

test("no page but the administration asks for the administration's texts", () => {
  const others = code.filter(([path]) => !path.includes("/admin/"));
  assert.ok(others.length > 50);
  for (const [path, text] of others) assert.doesNotMatch(text, /["'`]admin\./, path);
});

test("each list of words that the pages look into is there", () => {
  for (const [path, text] of code)
    for (const [, list] of text.matchAll(/\bword\("(\w+)"/g))
      assert.ok(zh.word[list], `${path} looks into ${list}`);
});
