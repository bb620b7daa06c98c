// Which key does what, as an operator has it (WCAG 2.1.4: each can be another one, or none). Kept in
// her browser, under her name.
export type Bound =
  | "take_next" | "telephone" | "calls" | "silence" | "find" | "undo" | "claim" | "take_over" | "dispatch" | "ring_back" | "contact"
  | "refer" | "note" | "map" | "handle" | "shelve" | "close" | "book" | "help";

// "" is none. A letter is small here, whichever is pressed.
export type Keys = Readonly<Record<Bound, string>>;

export const defaultKeys: Keys = {
  take_next: "F2", telephone: "F3", calls: "F4", silence: "F8", find: "F9", undo: "z", claim: "a", take_over: "t",
  dispatch: "d", ring_back: "c", contact: "k", refer: "r", note: "n", map: "m", handle: "h", shelve: "s", close: "x",
  book: "b", help: "?",
};

export const allBound = Object.keys(defaultKeys) as Bound[];

// Of these a page may take.
const functionKeys = ["F2", "F3", "F4", "F7", "F8", "F9", "F10"];

export function isFunctionKey(key: string): boolean {
  return functionKeys.includes(key);
}

export function asBound(key: string): string {
  return key.length === 1 ? key.toLowerCase() : key;
}

// Digits choose, Enter confirms, the arrows move: they stay what they are.
function isAllowed(key: string): boolean {
  return isFunctionKey(key) || /^[a-z?.,;'[\]\\/=-]$/.test(key);
}

export type Objection = { code: "not_allowed" } | { code: "taken"; by: Bound };

export function objectionTo(act: Bound, pressed: string, keys: Keys): Objection | undefined {
  const key = asBound(pressed);
  if (!isAllowed(key)) return { code: "not_allowed" };
  const by = allBound.find((each) => each !== act && keys[each] === key);
  return by && { code: "taken", by };
}

export function actOfKey(pressed: string, keys: Keys): Bound | undefined {
  const key = asBound(pressed);
  return key ? allBound.find((each) => keys[each] === key) : undefined;
}

export function keyName(key: string): string {
  return key.length === 1 ? key.toUpperCase() : key;
}

// ---------------------------------------------------------------- kept
export interface Kept {
  keys: Keys;
  letters: boolean; // false: she has switched off all that isn't a function key
}

// What was kept by another build, or written by hand, may be anything: of two acts on one key the
// first has it, but a key that she has chosen is never lost to a default that is newer.
export function readKept(text: string | null): Kept {
  const keys: Record<Bound, string> = { ...defaultKeys };
  const hers = new Set<Bound>();
  let letters = true;
  try {
    const was = JSON.parse(text ?? "{}") as { keys?: Record<string, unknown>; letters?: unknown };
    letters = was.letters !== false;
    for (const act of allBound) {
      const key = was.keys?.[act];
      if (typeof key !== "string" || (key !== "" && !isAllowed(key))) continue;
      keys[act] = key;
      hers.add(act);
    }
  } catch {
    // As it comes, then.
  }
  const seen = new Set<string>();
  for (const act of [...hers, ...allBound.filter((each) => !hers.has(each))]) {
    if (keys[act] && seen.has(keys[act])) keys[act] = "";
    seen.add(keys[act]);
  }
  return { keys, letters };
}

// Only what she has changed, so that a new default reaches her.
export function writeKept({ keys, letters }: Kept): string {
  const changed = allBound.filter((act) => keys[act] !== defaultKeys[act]);
  return JSON.stringify({ keys: Object.fromEntries(changed.map((act) => [act, keys[act]])), letters });
}
