// Who stands where among the calls that are before the desks.
import type { WorkLine } from "../kit/contract.ts";

// Whoever waits on the telephone first; then what is undecided, then who is to be rung back.
function rank(line: WorkLine): number {
  if (line.call?.outcome === "missed") return 3;
  if (line.state === "ringing") return 0;
  return line.call?.outcome ? 2 : 1;
}

// `stood`: the calls that keep their places, because she reaches for one of them; the others come below.
export function inOrder(lines: readonly WorkLine[], stood: readonly string[]): WorkLine[] {
  const placeOf = (line: WorkLine) => {
    const at = stood.indexOf(line.id ?? "");
    return at < 0 ? stood.length : at;
  };
  return [...lines].sort((a, b) => placeOf(a) - placeOf(b) || rank(a) - rank(b) ||
    (a.openedAt ?? "").localeCompare(b.openedAt ?? ""));
}
