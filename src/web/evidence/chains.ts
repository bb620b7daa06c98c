// What the record's chains of lines prove: each line holds the hash of the one before it.
import type { LogEntry } from "../kit/contract.ts";

export interface Chain {
  of: string; // alert, request, order
  name: string;
  lines: number;
  missing: number; // numbers that no line has: the page was given less than the record holds
  last: string; // hash of the newest line, hexadecimal
}

export function chainsOf(log: LogEntry[]): Chain[] {
  const found = new Map<string, { chain: Chain; numbers: Set<number>; newest: number }>();
  for (const entry of log) {
    const key = `${entry.of} ${entry.name}`;
    const at = found.get(key) ?? {
      chain: { of: entry.of ?? "", name: entry.name ?? "", lines: 0, missing: 0, last: "" },
      numbers: new Set<number>(), newest: -1,
    };
    const number = entry.sequence ?? 0;
    at.chain.lines += 1;
    at.numbers.add(number);
    if (number > at.newest) {
      at.newest = number;
      at.chain.last = entry.hash ?? "";
    }
    found.set(key, at);
  }
  return [...found.values()].map(({ chain, numbers, newest }) => {
    let missing = 0;
    for (let n = 1; n <= newest; n += 1) if (!numbers.has(n)) missing += 1;
    return { ...chain, missing };
  });
}

// "2026-11-28 14:03:13.204", Beijing time: what a claim is settled by is told to the millisecond.
export function exactly(text: string | undefined): string {
  const at = text ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) return "";
  const beijing = new Date(at + 8 * 3_600_000).toISOString();
  return `${beijing.slice(0, 10)} ${beijing.slice(11, 23)}`;
}
