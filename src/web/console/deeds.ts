// What is done from here. Nothing is shown as done before the house says so; only the bell of one's
// own claim is quiet at once.
import { reactive } from "vue";
import type { Command, Done, Problem, Revealed, WorkLine } from "../kit/contract.ts";
import { newKey, send, type Answer } from "../kit/http.ts";
import { problemText, t, word } from "../kit/words.ts";
import {
  allLines, canAct, claiming, lineOf, may, me, open, opened, ring, say, signedOut,
} from "./desk.ts";
import { readFollowUps } from "./follow-ups.ts";
import { readUnfinished } from "./unfinished.ts";
import { nextToClaim } from "./queue-order.ts";

export const working = reactive(new Set<string>());

export interface Closing {
  id: string;
  who: string;
  outcome: string;
  text: string;
  signals: number; // that she had seen
  key: string;
}

export type Outcome = { ok: true } | { ok: false; code: string };

export function nameOf(line: WorkLine | undefined): string {
  return line?.name || (line ? word("alert_kind", line.kind) : "");
}

function pathOf(line: WorkLine | undefined, id: string): string {
  const of = line?.of === "request" ? "requests" : line?.of === "call" ? "calls" : "alerts";
  return `v1/${of}/${encodeURIComponent(id)}`;
}

// Of a call it is what became of it; of all else a line of its log.
function didText(did: string): string {
  const text = word("log_kind", did);
  return text === did ? word("call_outcome", did) : text;
}

function tellProblem(problem: Problem): string {
  const code = problem.code ?? "";
  if (code === "another_user") return code; // the page has gone already
  if (code === "signed_out") {
    signedOut();
    return code;
  }
  const quicker = problem.holder === me.value ? "" : problem.holder;
  if (quicker && problem.did)
    say(t("said.quicker_did", { who: quicker, did: didText(problem.did) }), true);
  else if (quicker) say(t("said.quicker", { who: quicker }), true);
  else if (code !== "needs_reason") say(problemText(code, quicker), true);
  return code;
}

async function post<T>(path: string, body: Command, version?: number): Promise<Answer<T>> {
  return send<T>("POST", path, body, { version, key: newKey() });
}

async function perform(path: string, body: Command, version: number | undefined, done: string):
  Promise<Outcome> {
  if (!canAct.value || working.has(path)) return { ok: false, code: "busy_here" };
  working.add(path);
  try {
    const answer = await post<Done>(path, body, version);
    if (!answer.ok) return { ok: false, code: tellProblem(answer.problem) };
    say(done);
    return { ok: true };
  } finally {
    working.delete(path);
  }
}

// ---------------------------------------------------------------- alerts
export async function claim(id: string): Promise<Outcome> {
  const line = lineOf(id);
  if (!line || line.of === "request" || !may("claim")) return { ok: false, code: "forbidden" };
  claiming.add(id);
  ring();
  try {
    // Without a version: whoever asks for it second is refused by its holder, and a press that
    // came in between is no reason to let it ring on.
    return await perform(`${pathOf(line, id)}/claim`, {}, undefined,
      t("said.claimed", { who: nameOf(line) }));
  } finally {
    // The line itself says by then who has it, or rings again.
    setTimeout(() => {
      claiming.delete(id);
      ring();
    }, 1000);
  }
}

export async function takeNext(): Promise<void> {
  if (!may("claim")) return;
  const line = nextToClaim(allLines());
  if (!line?.id) return say(t("queue.nothing_to_take"));
  open(line.id);
  await claim(line.id);
}

// A line moves with each step of its orders, which is no reason to refuse what she does. What is:
// another holder (take_over), or a press that she hasn't seen (handle, close).
function onAlert(id: string, act: string, body: Command, done: string, version?: number) {
  return perform(`${pathOf(lineOf(id), id)}/${act}`, body, version, done);
}

export const takeOver = (id: string, text: string) =>
  onAlert(id, "take_over", { text }, t("said.taken_over", { who: nameOf(lineOf(id)) }),
    lineOf(id)?.version);
export const handOver = (id: string, to: string, text: string, name: string) =>
  onAlert(id, "hand_over", { to, text }, t("said.handed_over", { who: name }));
export const release = (id: string) => onAlert(id, "release", {}, t("said.released"));
export const handle = (id: string, signals: number) =>
  onAlert(id, "handle", { signals }, t("said.handled"));
// Whatever else is under way, and though the desk is grey: it was decided before.
export async function close(what: Closing, pageEnds: boolean): Promise<Outcome> {
  const { id, outcome, text, signals, key } = what;
  const answer = await send<Done>("POST", `v1/alerts/${encodeURIComponent(id)}/close`,
    { outcome, text, signals }, { key, pageEnds });
  if (!answer.ok) {
    const code = tellProblem(answer.problem);
    if (code === "needs_reason") say(t("form.need_words"), true); // the form is gone
    return { ok: false, code };
  }
  say(t("said.closed", { who: what.who }));
  return { ok: true };
}
export const askedDone = (id: string, ask: string, text: string) =>
  onAlert(id, "asked_done", { ask, text }, t("said.asked_done"));
export const ringBack = (id: string, text: string) =>
  onAlert(id, "ring_back", { text }, t("said.asked_done"));
export const shelve = (id: string, minutes: number, text: string) =>
  onAlert(id, "shelve", { minutes, text }, t("said.shelved", { n: minutes }));
// To 120, 110 or 119: what the plan asked for is done, or it is written down as a note.
export const refer = (id: string, service: string, text: string) =>
  lineOf(id)?.asks?.includes(service)
    ? askedDone(id, service, text)
    : note(id, t("referral.note", { service: word("ask", service), text }));
export const note = (id: string, text: string) => onAlert(id, "note", { text }, t("said.noted"));

// ---------------------------------------------------------------- orders
function onOrder(id: string, act: string, body: Command, version: number | undefined, done: string) {
  return perform(`v1/orders/${encodeURIComponent(id)}/${act}`, body, version, done);
}

// Stale if it has gone further than she saw: somebody may have taken it.
export const offer = (order: string, state: string | undefined, worker: string, provider: string,
                      name: string) =>
  onOrder(order, "offer", { worker, provider, state }, undefined, t("said.offered", { who: name }));
export async function cancelOrder(order: string, state: string | undefined, text: string) {
  const done = await onOrder(order, "cancel", { text, state }, undefined, t("said.cancelled"));
  if (done.ok) void readUnfinished();
  return done;
}
export async function followUp(order: string, version: number | undefined, rating: number, text: string) {
  const done = await onOrder(order, "follow_up", { rating, text }, version, t("said.followed_up"));
  if (done.ok) void readFollowUps();
  return done;
}
export async function reply(order: string, version: number | undefined, body: Command) {
  const done = await onOrder(order, "reply", body, version, t("said.replied"));
  if (done.ok) void readUnfinished();
  return done;
}

// ---------------------------------------------------------------- calls
export const openByCall = (id: string, act: "open_alert" | "open_request", resident: string) =>
  onAlert(id, act, { resident }, t(act === "open_alert" ? "said.call_alert" : "said.call_request"));
export const noCase = (id: string, outcome: string, text: string) =>
  onAlert(id, "no_case", { outcome, text }, t("said.no_case"));
// Her seat rings first, then whom she wants. Of a call: its own number.
export const dial = (id: string, what: Command) =>
  onAlert(id, "dial", what, t("said.dialled"));

// ---------------------------------------------------------------- what is masked
// What it is of: the call and the home are this page's own part of its name, the house isn't told them.
export interface Hidden {
  call?: string;
  home?: string;
  field: string;
  resident?: string;
  place?: number;
  worker?: string;
}

export const revealed = reactive(new Map<string, string>());

export function keyOf(what: Hidden): string {
  return [what.call, what.home, what.field, what.resident, what.place, what.worker].join("/");
}

export function askedOf({ field, resident, place, worker }: Hidden): Command {
  return { field, resident, place, worker };
}

// Of a case it is shown as long as that one is open: an answer that comes late is nobody else's.
export async function reveal(id: string, what: Hidden): Promise<void> {
  const path = `${pathOf(lineOf(id), id)}/reveal`;
  if (!canAct.value) return;
  const answer = await post<Revealed>(path, askedOf(what));
  if (!answer.ok) return void tellProblem(answer.problem);
  if (!what.call && opened.value !== id) return;
  revealed.set(keyOf(what), answer.value.text ?? "");
  say(t("said.revealed"));
}

export function isMine(line: WorkLine | undefined): boolean {
  return !!line?.holder && line.holder === me.value;
}
