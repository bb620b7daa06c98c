// What a key does where. Letters act only with the focus in their region and never while
// something is being written (WCAG 2.1.4; Chinese input methods report 229 while composing).
export type Region = "queue" | "card" | "none";
export type Act =
  | "take_next" | "silence" | "help" | "up" | "down" | "first" | "last" | "page_up" | "page_down"
  | "open" | "claim" | "take_over" | "back" | "dispatch" | "note" | "handle" | "close"
  | "ring_back" | "choose" | "confirm" | "book";

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
  onButton: boolean; // Enter means that button
  armed: boolean; // D was pressed: a digit chooses, Enter confirms
  letters: boolean; // the user has not switched them off
}

const everywhere: Record<string, Act> = { F2: "take_next", F8: "silence" };
const moves: Record<string, Act> = {
  ArrowUp: "up", ArrowDown: "down", Home: "first", End: "last", PageUp: "page_up",
  PageDown: "page_down", Enter: "open",
};
const inQueue: Record<string, Act> = { a: "claim", t: "take_over", b: "book" };
const inCard: Record<string, Act> = {
  a: "claim", t: "take_over", d: "dispatch", n: "note", h: "handle", x: "close", c: "ring_back",
  b: "book",
};
const once = new Set<Act>(["take_next", "claim", "confirm"]); // a held key is one press

export function actOf(pressed: Pressed, where: Where): Act | undefined {
  if (pressed.isComposing || pressed.keyCode === 229) return undefined;
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return undefined;
  const act = meaning(pressed.key, where);
  return act && pressed.repeat && once.has(act) ? undefined : act;
}

function meaning(key: string, where: Where): Act | undefined {
  const global = everywhere[key];
  if (global) return global;
  if (where.editing) return undefined;
  if (key === "Escape") return "back";
  if (where.armed && /^[1-5]$/.test(key)) return "choose";
  if (where.armed && key === "Enter") return "confirm";
  if (where.region === "queue" && !(key === "Enter" && where.onButton)) {
    const move = moves[key];
    if (move) return move;
  }
  if (!where.letters) return undefined;
  if (key === "?") return where.region === "none" ? undefined : "help";
  const letters = where.region === "queue" ? inQueue : where.region === "card" ? inCard : {};
  return letters[key.toLowerCase()];
}
