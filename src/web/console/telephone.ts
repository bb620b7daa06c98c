// What an operator's telephone does, as it happens: no time of its own, no line, no page. What it
// wants to tell the house comes back with each step.
export type Line = "off" | "elsewhere" | "moved" | "connecting" | "stands" | "lost";
export type Microphone = "unasked" | "good" | "refused" | "gone";

export interface Talk {
  call: string; // the house's name of it
  phase: "rings" | "answering" | "talks";
  since: number;
  held: boolean;
  muted: boolean;
  listens: boolean; // to two who don't hear her
}

export interface Telephone {
  wants: boolean; // she is ready, as far as it lies with her
  line: Line; // her registration at the edge; elsewhere: another page's, moved: another machine's
  microphone: Microphone;
  seat: string; // the house's word of her
  trouble: "" | "no_sound" | "not_answered";
  talk: Talk | undefined;
}

export type Happened =
  | { what: "ready" | "away" | "answers" }
  | { what: "line"; is: Line }
  | { what: "microphone"; is: Microphone }
  | { what: "seat"; is: string }
  | { what: "rings"; call: string; at: number; listens?: boolean }
  | { what: "talks"; at: number }
  | { what: "held" | "muted"; is: boolean }
  | { what: "ended"; how: "over" | "no_sound" };

export type Say = "ready" | "away" | undefined;

export const silentTelephone: Telephone = {
  wants: false, line: "off", microphone: "unasked", seat: "away", trouble: "", talk: undefined,
};

// Only then may anybody be sent to her.
export function canBeRung(one: Telephone): boolean {
  return one.line === "stands" && one.microphone === "good";
}

export function step(one: Telephone, it: Happened): [Telephone, Say] {
  switch (it.what) {
    case "ready": return comesReady({ ...one, wants: true, trouble: "" });
    case "away": return [{ ...one, wants: false, trouble: "" }, "away"];
    case "line": return lineIs(one, it.is);
    case "microphone": return microphoneIs(one, it.is);
    case "seat": return [seatIs(one, it.is), undefined];
    case "rings":
      if (one.talk) return [one, undefined];
      return [{ ...one, talk: {
        call: it.call, phase: "rings", since: it.at, held: false, muted: false, listens: it.listens === true,
      } }, undefined];
    case "answers": return [inTalk(one, { phase: "answering" }), undefined];
    case "talks": return [inTalk(one, { phase: "talks", since: it.at }), undefined];
    case "held": return [inTalk(one, { held: it.is }), undefined];
    case "muted": return [inTalk(one, { muted: it.is }), undefined];
    case "ended": return hasEnded(one, it.how);
  }
}

function inTalk(one: Telephone, more: Partial<Talk>): Telephone {
  return one.talk ? { ...one, talk: { ...one.talk, ...more } } : one;
}

function comesReady(one: Telephone): [Telephone, Say] {
  return [one, one.wants && canBeRung(one) ? "ready" : undefined];
}

// A line that is lost for a moment is no word of hers: she is ready again as soon as it stands.
function lineIs(one: Telephone, is: Line): [Telephone, Say] {
  const now = { ...one, line: is };
  if (is === one.line) return [now, undefined];
  if (is === "stands") return comesReady(now);
  if (is === "moved") return [{ ...now, wants: false, trouble: "" }, undefined]; // she may be ready there
  return [now, one.wants && one.line === "stands" ? "away" : undefined];
}

// Without a microphone she must look herself before anybody is sent to her again.
function microphoneIs(one: Telephone, is: Microphone): [Telephone, Say] {
  const now = { ...one, microphone: is };
  if (is === "good" || !one.wants) return [now, undefined];
  return [{ ...now, wants: false }, "away"];
}

// Whom it rang in vain the house takes to be away, until she says otherwise.
function seatIs(one: Telephone, is: string): Telephone {
  const isPutAway = is === "away" && one.wants && canBeRung(one) && one.seat !== "away";
  if (!isPutAway) return { ...one, seat: is };
  return { ...one, seat: is, wants: false, trouble: "not_answered" };
}

function hasEnded(one: Telephone, how: "over" | "no_sound"): [Telephone, Say] {
  if (!one.talk) return [one, undefined];
  const now: Telephone = { ...one, talk: undefined };
  if (how === "no_sound") return [{ ...now, wants: false, trouble: "no_sound" }, "away"];
  // The house says it a moment later; until then she must not look ready.
  return [one.talk.phase === "talks" && !one.talk.listens ? { ...now, seat: "wrapping_up" } : now, undefined];
}

// The one word that stands on the strip. `isWanted`: she is on duty, and hasn't said that she takes no calls.
export function stateOf(one: Telephone, isWanted = false): string {
  const { talk } = one;
  if (talk?.phase === "rings") return "ringing";
  if (talk?.phase === "answering") return "answering";
  if (talk?.listens) return "listening";
  if (talk) return talk.held ? "held" : "talking";
  if (one.line === "off" && isWanted) return "left_off";
  if (one.line === "off" || one.line === "elsewhere" || one.line === "moved") return one.line;
  if (one.microphone === "refused" || one.microphone === "gone") return "no_microphone";
  if (one.line === "lost") return "no_network";
  if (one.line === "connecting") return "connecting";
  if (one.trouble) return one.trouble;
  if (one.seat === "wrapping_up" || one.seat === "talking") return "wrapping_up"; // the house is a moment behind
  return one.wants && (one.seat === "ready" || one.seat === "ringing") ? "ready" : "away";
}

// What needs her, and isn't part of the day's work.
export function isTrouble(state: string): boolean {
  return ["left_off", "moved", "no_microphone", "no_network", "no_sound", "not_answered"].includes(state);
}

export function talkTime(since: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
