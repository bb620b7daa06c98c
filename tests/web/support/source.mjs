// Where things are, and the build's own packages for its tests.
import { createRequire } from "node:module";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const checkout = resolve(import.meta.dirname, "../../..");
export const web = join(checkout, "src/web");
export const pages = process.env.LINLI_PAGES ?? join(checkout, "build/web");
export const requireOfWeb = createRequire(join(web, "package.json"));

export function filesBelow(folder, ending = /./) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((each) => each.isFile() && ending.test(each.name))
    .map((each) => join(each.parentPath, each.name))
    .filter((path) => !/node_modules|generated/.test(path.slice(folder.length)))
    .sort();
}

export const textOf = (path) => readFileSync(path, "utf8");
