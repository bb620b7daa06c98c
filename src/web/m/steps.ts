// What a worker can say next, by where his order stands. The house decides; this only spares him
// buttons that would be refused.
import type { OwnOffer, ReplyKind } from "./contract.ts";

export type Stage =
  | "offered" | "accepted" | "en_route" | "arrived" | "no_access" | "in_service" | "completed"
  | "recalled" | "over";

export interface Step {
  kind: ReplyKind;
  word: string;      // of words "m.step"
  needsPlace: boolean; // where he is goes along, if the telephone knows it in time
}

const stageOfOrder: Record<string, Stage> = {
  accepted: "accepted",
  en_route: "en_route",
  arrived: "arrived",
  no_access: "no_access",
  in_service: "in_service",
  completed: "completed",
};

// Withdrawn while he held it: the house waits until it hears that he has turned round. `dueAt` is
// told to him alone of all who once had this order.
function mustTurnRound(own: OwnOffer): boolean {
  return own.offer?.state === "OFFER_STATE_WITHDRAWN" && own.orderState === "stood_down" && !!own.dueAt;
}

export function stageOf(own: OwnOffer): Stage {
  const state = own.offer?.state;
  if (state === "OFFER_STATE_OPEN") return "offered";
  if (mustTurnRound(own)) return "recalled";
  if (state !== "OFFER_STATE_ACCEPTED") return "over";
  return stageOfOrder[own.orderState ?? ""] ?? "over";
}

export const nextStep: Partial<Record<Stage, Step>> = {
  accepted: { kind: "REPLY_KIND_EN_ROUTE", word: "en_route", needsPlace: true },
  en_route: { kind: "REPLY_KIND_ARRIVED", word: "arrived", needsPlace: true },
  arrived: { kind: "REPLY_KIND_STARTED", word: "started", needsPlace: false },
  no_access: { kind: "REPLY_KIND_STARTED", word: "started_after", needsPlace: false },
  in_service: { kind: "REPLY_KIND_COMPLETED", word: "completed", needsPlace: true },
  recalled: { kind: "REPLY_KIND_STOOD_DOWN", word: "stood_down", needsPlace: false },
};

// As the house has it: a company that was asked itself, or whose worker hasn't set out, says who
// goes.
export function mayName(own: OwnOffer, stage: Stage): boolean {
  return stage === "accepted" || (stage === "offered" && !own.worker);
}

// Where an order stands once the house has taken this: what waits to be sent is shown as done here,
// and marked as not yet known there.
const after: Partial<Record<ReplyKind, Stage>> = {
  REPLY_KIND_ACCEPT: "accepted",
  REPLY_KIND_DECLINE: "over",
  REPLY_KIND_EN_ROUTE: "en_route",
  REPLY_KIND_ARRIVED: "arrived",
  REPLY_KIND_NO_ACCESS: "no_access",
  REPLY_KIND_STARTED: "in_service",
  REPLY_KIND_COMPLETED: "completed",
  REPLY_KIND_FAILED: "over",
  REPLY_KIND_STOOD_DOWN: "over",
};

// Whoever shall turn round isn't shown as going on by what he said before he knew.
export function stageWith(own: OwnOffer, waiting: readonly ReplyKind[]): Stage {
  return waiting.reduce<Stage>((stage, kind) =>
    (stage === "recalled" && kind !== "REPLY_KIND_STOOD_DOWN" ? stage : after[kind] ?? stage), stageOf(own));
}

// Who goes, as it was said here last: whoever reads that nobody is named names a second one.
export function namedWith(own: OwnOffer, said: readonly { worker?: string }[],
  names: ReadonlyMap<string, string>): OwnOffer {
  const named = said.flatMap((each) => each.worker || []).pop();
  if (!named || named === own.worker) return own;
  return { ...own, worker: named, workerName: names.get(named) ?? "" };
}

// Trouble that he may report, from the acceptance to the end.
export interface Trouble {
  kind: ReplyKind;
  reason: string; // of words "m.reason"; goes to the record as written there
  needs120?: true; // rings at the desk by itself
}

const before: Trouble[] = [
  { kind: "REPLY_KIND_DECLINE", reason: "cannot_come" },
  { kind: "REPLY_KIND_NO_ACCESS", reason: "nobody_opens" },
  { kind: "REPLY_KIND_NO_ACCESS", reason: "address_wrong" },
];
const inside: Trouble[] = [
  { kind: "REPLY_KIND_NO_ACCESS", reason: "nobody_opens" },
  { kind: "REPLY_KIND_NO_ACCESS", reason: "address_wrong" },
  { kind: "REPLY_KIND_FAILED", reason: "refused" },
  { kind: "REPLY_KIND_FAILED", reason: "needs_120", needs120: true },
];

export function troublesOf(stage: Stage): Trouble[] {
  if (stage === "accepted" || stage === "en_route") return before;
  if (stage === "arrived") return inside;
  if (stage === "no_access" || stage === "in_service")
    return inside.filter((each) => each.kind === "REPLY_KIND_FAILED");
  return [];
}

export const declineReasons = ["too_far", "busy", "off_duty", "not_able"];
