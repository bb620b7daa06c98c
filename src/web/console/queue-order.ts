import type { WorkLine } from "../kit/contract.ts";

// Which lines stand where. A row stays where it is while somebody reads or moves in the queue: what
// is new waits above, what is gone stays as a shadow. An emergency never waits.
export type Filter = "all" | "mine" | "unclaimed" | "shelved";

export interface View {
  pinned: string[]; // unclaimed emergencies, at most mostPinned
  more: number; // emergencies that found no place there: first in the list
  list: string[];
  waiting: number;
}

export const mostPinned = 5;

export const emptyView: View = { pinned: [], more: 0, list: [], waiting: 0 };

export function isUnclaimed(line: WorkLine): boolean {
  return !line.holder && (line.state === "raised" || line.state === "pending" ||
    (line.of === "request" && line.state === "open"));
}

// A call to the hotline is no case, and has no place in the queue.
export function isCall(line: WorkLine): boolean {
  return line.of === "call";
}

// Its holder has asked whoever sits here to go on with it.
export function isHandedTo(line: WorkLine, me: string): boolean {
  return !!me && line.handedTo === me && line.state !== "closed";
}

// Laid aside by its holder: it stands apart until it rings her again.
export function isShelved(line: WorkLine): boolean {
  return !!line.shelvedUntil && line.state !== "closed";
}

export function isPinned(line: WorkLine): boolean {
  return line.level === 1 && line.of !== "request" && isUnclaimed(line) && !isSynthetic(line);
}

export function isSynthetic(line: WorkLine): boolean {
  return line.purpose === "synthetic";
}

function since(line: WorkLine): string {
  return line.raisedAt ?? line.openedAt ?? "";
}

// What is laid aside last; the worst first; a drill never before what is real; what nobody has before
// what somebody has; then whoever has waited longest.
export function compare(a: WorkLine, b: WorkLine): number {
  return (
    Number(isShelved(a)) - Number(isShelved(b)) ||
    (a.level ?? 9) - (b.level ?? 9) ||
    Number(isDrill(a)) - Number(isDrill(b)) ||
    Number(isUnclaimed(b)) - Number(isUnclaimed(a)) ||
    since(a).localeCompare(since(b)) ||
    (a.id ?? "").localeCompare(b.id ?? "")
  );
}

function isDrill(line: WorkLine): boolean {
  return line.purpose === "drill" || line.purpose === "synthetic";
}

export function passes(line: WorkLine, filter: Filter, me: string): boolean {
  if (filter === "mine") return line.holder === me || isHandedTo(line, me);
  if (filter === "shelved") return isShelved(line);
  return filter === "all" ? !isShelved(line) : isUnclaimed(line);
}

const idOf = (line: WorkLine) => line.id ?? "";

export function arrange(
  lines: Iterable<WorkLine>,
  filter: Filter,
  me: string,
  frozen: View | undefined,
): View {
  const sorted = [...lines].filter((line) => !isCall(line)).sort(compare);
  const emergencies = sorted.filter(isPinned);
  const pinned = emergencies.slice(0, mostPinned).map(idOf);
  const rest = emergencies.slice(mostPinned).map(idOf);
  const others = sorted
    .filter((line) => !isPinned(line) && passes(line, filter, me))
    .map(idOf);
  const more = rest.length;
  if (!frozen) return { pinned, more, list: [...rest, ...others], waiting: 0 };

  const up = new Set([...pinned, ...rest]);
  const stood = new Set(frozen.list);
  const kept = frozen.list.filter((id) => !up.has(id));
  // Whoever was pinned and is claimed now comes down at once: he must not vanish.
  const down = others.filter((id) => frozen.pinned.includes(id));
  const shown = new Set([...kept, ...down]);
  const waiting = others.filter((id) => !stood.has(id) && !shown.has(id)).length;
  return { pinned, more, list: [...rest, ...down.filter((id) => !stood.has(id)), ...kept], waiting };
}

// The most urgent that nobody has: what F2 takes. A countdown may still be cancelled by its wearer,
// so what has been raised comes first.
export function nextToClaim(lines: Iterable<WorkLine>): WorkLine | undefined {
  const open = [...lines].filter(
    (line) => line.of !== "request" && isUnclaimed(line) && !isSynthetic(line),
  );
  const raised = open.filter((line) => line.state === "raised");
  return (raised.length > 0 ? raised : open).sort(compare)[0];
}
