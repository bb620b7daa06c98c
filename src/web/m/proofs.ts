// What proves a visit: none of it is required, because a telephone without a network or a hand
// that can't write must not keep anybody from his work; what is missing, somebody asks for.
import type { OwnOffer, VisitProof } from "./contract.ts";

export type ProofKind =
  "photo" | "signature" | "code" | "bound" | "consent" | "door_photo" | "contact";

export interface Given {
  kind: string;
  note: string;
  state: "kept" | "wrong" | "waiting"; // a code, a device that is another's; not sent yet
}

// `heard`: what the house has taken, and not told of yet.
export function proofsOf(own: OwnOffer, waiting: readonly VisitProof[],
  heard: readonly VisitProof[] = []): Given[] {
  const kept = (own.proofs ?? []).map((each): Given => ({
    kind: each.kind ?? "", note: each.note ?? "", state: each.holds ? "kept" : "wrong" }));
  const as = (state: Given["state"]) => (each: VisitProof): Given => ({
    kind: each.kind ?? "", note: each.note ?? "", state });
  return [...kept, ...heard.map(as("kept")), ...waiting.map(as("waiting"))];
}

export function has(given: readonly Given[], kind: ProofKind): boolean {
  return given.some((each) => each.kind === kind && each.state !== "wrong");
}

// Said here, and the house has not answered yet: it may still refuse it.
export function isWaiting(given: readonly Given[], kind: string): boolean {
  const said = given.filter((each) => each.kind === kind && each.state !== "wrong");
  return said.length > 0 && said.every((each) => each.state === "waiting");
}

export type Missing = "photo" | "confirmation";

export function missingOf(given: readonly Given[]): Missing[] {
  const all: Missing[] = [];
  if (!has(given, "photo")) all.push("photo");
  if (!has(given, "signature") && !has(given, "code")) all.push("confirmation");
  return all;
}

// A UUID: crypto.randomUUID is younger than Chrome 87.
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`, hex.slice(20)];
  return parts.join("-");
}

// What is printed on a device, or what its QR code says: the id, or an address that ends in it.
export function deviceIn(text: string): string {
  const last = text.trim().split(/[/=?#]/).filter(Boolean).pop() ?? "";
  return /^[A-Za-z0-9._-]{1,64}$/.test(last) ? last : "";
}

// ---------------------------------------------------------------- an installation, step by step

export const installSteps = ["bound", "consent", "door_photo", "contact", "press"] as const;
export type InstallStep = (typeof installSteps)[number];

// The first that is not done; nothing: all are.
export function installStep(own: OwnOffer, given: readonly Given[]): InstallStep | undefined {
  return installSteps.find((step) => (step === "press" ? !own.heard : !has(given, step)));
}
