// Which open work somebody means by what she types: a name, a place, an order's number, who goes.
import type { WorkLine } from "../kit/contract.ts";

export const mostFound = 9;

const folded = (text: string) => text.toLowerCase().normalize("NFKC");

// Each word must be somewhere, in whatever order.
export function isMeant(text: string, typed: string): boolean {
  const all = folded(text);
  return folded(typed).split(/\s+/).every((each) => all.includes(each));
}

function wordsOf(line: WorkLine): string {
  const orders = (line.orders ?? []).flatMap((each) => [each.number, each.worker, each.provider]);
  const own = [line.name, line.place, line.areaName, line.subject, line.holder, line.holderName];
  return [...own, ...orders].filter(Boolean).join("\n");
}

// The most urgent first, then the oldest. Nothing typed means nobody.
export function linesMeant(lines: Iterable<WorkLine>, typed: string): WorkLine[] {
  if (!typed.trim()) return [];
  return [...lines]
    .filter((line) => line.of !== "call" && isMeant(wordsOf(line), typed.trim()))
    .sort((a, b) => (a.level ?? 4) - (b.level ?? 4) || (a.openedAt ?? "").localeCompare(b.openedAt ?? ""))
    .slice(0, mostFound);
}
