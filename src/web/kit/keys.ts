// What a key does where. Letters act only with the focus in their region and never while
// something is being written (WCAG 2.1.4; Chinese input methods report 229 while composing). One
// that takes something back within seconds acts outside, too: it can be switched off as they all can.
import { actOfKey, isFunctionKey, type Bound, type Keys } from "./key-bindings.ts";

export type Region = "queue" | "card" | "calls" | "telephone" | "none";
export type Act =
  | Bound
  | "up" | "down" | "first" | "last" | "page_up" | "page_down" | "open" | "back" | "choose" | "confirm"
  | "template"
  | "open_call" | "call_alert" | "call_request" | "no_case" | "dial_call";

export interface Pressed {
  key: string;
  keyCode?: number;
  isComposing?: boolean;
  ctrlKey?: boolean;
  altKey?: boolean;
  metaKey?: boolean;
  repeat?: boolean;
}

export interface Where {
  region: Region;
  editing: boolean; // the focus is where text is written
  inEmptyNote: boolean; // … which is a note without a word: a digit writes a template
  onButton: boolean; // Enter means that button
  armed: number; // so many may be chosen by a digit, Enter confirms; 0: a digit means nothing
  undoes: boolean; // something can still be taken back: wherever she is, if she isn't writing
  letters: boolean; // the user has not switched them off
  keys: Keys;
}

const moves: Record<string, Act> = {
  ArrowUp: "up", ArrowDown: "down", Home: "first", End: "last", PageUp: "page_up",
  PageDown: "page_down", Enter: "open",
};
const everywhere = new Set<Act>(["take_next", "telephone", "silence", "find", "undo", "calls"]);
export const inQueue = new Set<Act>([...everywhere, "claim", "take_over", "book", "help"]);
// The banner's own, which stand on its buttons.
const inCalls: Record<string, Act> = {
  o: "open_call", e: "call_alert", r: "call_request", n: "no_case", d: "dial_call",
};
// A held key is one press.
const once = new Set<Act>(["take_next", "telephone", "claim", "confirm", "template", "call_alert", "call_request", "dial_call"]);

export function actOf(pressed: Pressed, where: Where): Act | undefined {
  if (pressed.isComposing || pressed.keyCode === 229) return undefined;
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return undefined;
  const act = meaning(pressed.key, where);
  return act && pressed.repeat && once.has(act) ? undefined : act;
}

function meaning(key: string, where: Where): Act | undefined {
  const bound = actOfKey(key, where.keys);
  if (bound && isFunctionKey(key) && everywhere.has(bound)) return bound;
  if (where.editing) return isTemplate(key, where) ? "template" : undefined;
  if (key === "Escape") return "back";
  if (where.armed > 0 && /^[1-9]$/.test(key) && Number(key) <= where.armed) return "choose";
  if (where.armed > 0 && key === "Enter") return "confirm";
  if (where.region === "queue" && !(key === "Enter" && where.onButton)) {
    const move = moves[key];
    if (move) return move;
  }
  if (where.region === "calls" && where.letters) {
    const act = inCalls[key.toLowerCase()];
    if (act) return act;
  }
  if (!bound || (!where.letters && !isFunctionKey(key))) return undefined;
  if (bound === "undo" && where.undoes) return bound;
  if (where.region === "card") return bound;
  if (where.region === "calls" && bound === "help") return bound;
  return where.region === "queue" && inQueue.has(bound) ? bound : undefined;
}

function isTemplate(key: string, where: Where): boolean {
  return where.inEmptyNote && where.letters && /^[1-9]$/.test(key);
}
