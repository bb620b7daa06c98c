// Which open work somebody means by what she types: a name, a place, an order's number, the id of
// who goes.
import type { WorkLine } from "../kit/contract.ts";

export const mostFound = 9;

const folded = (text: string) => text.toLowerCase().normalize("NFKC");

const partsOf = (typed: string) => folded(typed.trim()).split(/\s+/);

// Each word must be somewhere, in whatever order.
export function isMeant(text: string, typed: string): boolean {
  const all = folded(text);
  return partsOf(typed).every((each) => all.includes(each));
}

function wordsOf(line: WorkLine): string {
  const orders = (line.orders ?? []).flatMap((each) => [each.number, each.worker, each.provider]);
  const own = [line.name, line.place, line.areaName, line.subject, line.holder, line.holderName];
  return [...own, ...orders].filter(Boolean).join("\n");
}

// A line's names come masked, joined by \u3001: of a whole name that is typed, the first character
// must do.
function isNameIn(names: string, part: string): boolean {
  if (!/^\p{Script=Han}{2,4}$/u.test(part)) return false;
  const [first] = part;
  return folded(names).split("\u3001").includes(`${first}**`);
}

function mayBeMeant(line: WorkLine, typed: string): boolean {
  const all = folded(wordsOf(line));
  return partsOf(typed).every((each) => all.includes(each) || isNameIn(line.name ?? "", each));
}

// What has each word before what only has a name that begins so; then the most urgent, then the
// oldest. Nothing typed means nobody.
export function linesMeant(lines: Iterable<WorkLine>, typed: string): WorkLine[] {
  if (!typed.trim()) return [];
  const guessed = (line: WorkLine) => Number(!isMeant(wordsOf(line), typed));
  return [...lines]
    .filter((line) => line.of !== "call" && mayBeMeant(line, typed))
    .sort((a, b) => guessed(a) - guessed(b) || (a.level ?? 4) - (b.level ?? 4) ||
      (a.openedAt ?? "").localeCompare(b.openedAt ?? ""))
    .slice(0, mostFound);
}
