import type { WorkLine } from "../kit/contract.ts";
import { instant, span } from "../kit/house-clock.ts";
import { t, word } from "../kit/words.ts";
import { now } from "./desk.ts";

// A row in words: on the screen, and as one sentence for readers.
export function stateOf(line: WorkLine): string {
  if (line.of === "request") return word("request_state", line.state);
  return word("alert_state", line.state);
}

// How long it still lies aside; "" if it doesn't.
export function shelvedOf(line: WorkLine): string {
  const until = instant(line.shelvedUntil);
  return until === undefined ? "" : t("queue.shelved_for", { time: span(until - now.value) });
}

export function ageOf(line: WorkLine): string {
  const since = instant(line.raisedAt ?? line.openedAt);
  return since === undefined ? "" : span(now.value - since);
}

// Of a line, or of one of its orders.
interface Timed {
  dueAt?: string;
}

export function isOverdue(what: Timed): boolean {
  const due = instant(what.dueAt);
  return due !== undefined && due < now.value;
}

export function dueOf(what: Timed): string {
  const due = instant(what.dueAt);
  if (due === undefined) return "";
  return due >= now.value
    ? t("queue.due_in", { time: span(due - now.value) })
    : t("queue.overdue", { time: span(now.value - due) });
}

export function kindOf(line: WorkLine): string {
  return word("alert_kind", line.kind);
}

export function isDrill(line: WorkLine): boolean {
  return line.purpose === "drill" || line.purpose === "synthetic";
}

// Without its age: a name that changes each second is read out each second.
export function sentenceOf(line: WorkLine): string {
  const level = t(`level.${line.level ?? 4}`);
  const drill = isDrill(line) ? `${word("purpose", line.purpose)} ` : "";
  const holder = line.holderName || line.holder;
  const since = instant(line.raisedAt ?? line.openedAt);
  return t("queue.sentence", {
    level,
    drill,
    kind: kindOf(line),
    name: line.name || t("queue.no_name"),
    place: line.place ?? "",
    state: [stateOf(line), holder, line.holderAway ? t("queue.holder_away") : ""].filter(Boolean).join(" "),
    age: since === undefined ? "" : minutesOf(since),
  });
}

function minutesOf(since: number): string {
  return t("queue.minutes_old", { n: Math.floor(Math.max(0, now.value - since) / 60_000) });
}

// The furthest of its orders, in a word.
export function orderOf(line: WorkLine): string {
  const orders = line.orders ?? [];
  const last = orders[orders.length - 1];
  return last ? word("order_state", last.state) : "";
}
