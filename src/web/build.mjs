// Builds the pages: node build.mjs [OUT]. Types from the contract, checked types, pages, and a gzip
// variant beside each file. The same sources give the same bytes.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const here = import.meta.dirname;
const out = resolve(process.argv[2] ?? join(here, "../../build/web"));
const tool = (name) => join(here, "node_modules/.bin", name);

function typesOfTheContract() {
  const proto = join(here, "../../proto");
  const into = join(here, "generated");
  mkdirSync(into, { recursive: true });
  execFileSync("protoc", [
    `-I${proto}`,
    `--plugin=protoc-gen-es=${tool("protoc-gen-es")}`,
    `--es_out=${into}`,
    "--es_opt=target=dts,json_types=true",
    "linli/v1/booking.proto",
    "linli/v1/call.proto",
    "linli/v1/console.proto",
    "linli/v1/hotline.proto",
    "linli/v1/office.proto",
    "linli/v1/offer.proto",
    "linli/v1/own_work.proto",
    "linli/v1/registry.proto",
    "linli/v1/reply.proto",
    "linli/v1/signal.proto",
  ]);
}

// A page carries its own texts: a telephone's those that m/words.json lists, a desk's all but the
// administration's.
function wordsOfThePages() {
  const into = join(here, "generated/words");
  mkdirSync(into, { recursive: true });
  const telephones = JSON.parse(readFileSync(join(here, "m/words.json"), "utf8"));
  for (const language of ["zh-CN", "en"]) {
    const all = JSON.parse(readFileSync(join(here, `words/${language}.json`), "utf8"));
    const desks = Object.keys(all).filter((section) => section !== "admin");
    for (const [page, paths] of [["m", telephones], ["desk", desks]])
      writeFileSync(join(into, `${page}.${language}.json`), JSON.stringify(those(paths, all)));
  }
}

function those(paths, all) {
  const own = {};
  for (const path of paths) {
    const [section, list] = path.split(".");
    if (list) (own[section] ??= {})[list] = all[section][list];
    else own[section] = all[section];
  }
  return own;
}

function compress(folder) {
  for (const each of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, each.name);
    if (each.isDirectory()) compress(path);
    else if (/\.(html|js|css|svg|json)$/.test(each.name))
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
  }
}

typesOfTheContract();
wordsOfThePages();
execFileSync(tool("vue-tsc"), ["--noEmit", "-p", here], { stdio: "inherit" });
await build({ root: here, configFile: join(here, "vite.config.ts"), logLevel: "warn",
              build: { outDir: out } });
compress(out);
