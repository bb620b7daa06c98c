// What whoever settles a visit looks at first. None of it alone proves or disproves: a telephone
// has no satellite in a stairwell, and a hand may not write. Who has few of them is asked.
import type { KeptProofJson } from "../generated/linli/v1/own_work_pb.ts";

export const checks = ["photo", "resident", "place", "in_time"] as const;
export type Check = (typeof checks)[number];

const nearM = 100; // and as far as the telephone itself says that it may be wrong
const farthestOffM = 100;
const inTimeMs = 10 * 60_000;

export function latenessMs(proof: KeptProofJson): number {
  const taken = Date.parse(proof.takenAt ?? "");
  const came = Date.parse(proof.cameAt ?? "");
  return Number.isNaN(taken) || Number.isNaN(came) ? 0 : Math.max(0, came - taken);
}

function isNear(proof: KeptProofJson): boolean {
  const off = Math.min(proof.position?.accuracyM ?? 0, farthestOffM);
  return proof.distanceM !== undefined && proof.distanceM <= nearM + off;
}

export function passedOf(proofs: readonly KeptProofJson[]): Record<Check, boolean> {
  const good = proofs.filter((each) => each.holds);
  const has = (...kinds: string[]) => good.some((each) => kinds.includes(each.kind ?? ""));
  return {
    photo: has("photo", "door_photo"),
    resident: has("signature", "code", "consent"),
    place: good.some(isNear),
    in_time: good.length > 0 && good.every((each) => latenessMs(each) <= inTimeMs),
  };
}

// Somebody was there, or says so.
export function isVisited(order: { state?: string; place?: string }): boolean {
  return order.place !== "seat" &&
    ["arrived", "in_service", "completed", "followed_up"].includes(order.state ?? "");
}
