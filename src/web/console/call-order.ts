// Who stands where among the calls that are before the desks.
import type { WorkLine } from "../kit/contract.ts";

// Whoever waits on the telephone first; then what is undecided, then who is to be rung back.
function rank(line: WorkLine): number {
  if (line.call?.outcome === "missed") return 3;
  if (line.state === "ringing") return 0;
  return line.call?.outcome ? 2 : 1;
}

// Its row without anything to be decided in it.
function over(line: WorkLine): WorkLine {
  return { ...line, state: "ended", call: { ...line.call, talk: false, outcome: "no_case", alert: "", request: "" } };
}

// `stood`: the calls that keep their places, because she reaches for one of them. New ones come below,
// and of one that has gone the row stays, or those below it would come under her finger.
export function inOrder(lines: readonly WorkLine[], stood: readonly WorkLine[]): WorkLine[] {
  const now = new Map(lines.map((line) => [line.id, line]));
  const known = new Set(stood.map((line) => line.id));
  const fresh = lines.filter((line) => !known.has(line.id));
  return [...stood.map((line) => now.get(line.id) ?? over(line)),
    ...fresh.sort((a, b) => rank(a) - rank(b) || (a.openedAt ?? "").localeCompare(b.openedAt ?? ""))];
}
