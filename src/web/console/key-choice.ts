// The keys of whoever sits here, in this browser; another tab of hers has the same.
import { ref, shallowRef } from "vue";
import {
  asBound, defaultKeys, isFunctionKey, keyName, objectionTo, readKept, writeKept, type Bound, type Keys,
  type Objection,
} from "../kit/key-bindings.ts";

export const keys = shallowRef<Keys>(defaultKeys);
export const letters = ref(true);
let place = "";

export function useKeysOf(user: string): void {
  place = `linli.keys.${user}`;
  try {
    take(localStorage.getItem(place));
  } catch {
    // Storage may be forbidden: the keys as they come.
  }
  addEventListener("storage", (event) => {
    if (event.key === place) take(event.newValue);
  });
}

function take(text: string | null): void {
  const kept = readKept(text);
  keys.value = kept.keys;
  letters.value = kept.letters;
}

function keep(): void {
  try {
    localStorage.setItem(place, writeKept({ keys: keys.value, letters: letters.value }));
  } catch {
    // They are hers until the page is closed.
  }
}

export function bind(act: Bound, pressed: string): Objection | undefined {
  const objection = objectionTo(act, pressed, keys.value);
  if (objection) return objection;
  keys.value = { ...keys.value, [act]: asBound(pressed) };
  keep();
  return undefined;
}

export function unbind(act: Bound): void {
  keys.value = { ...keys.value, [act]: "" };
  keep();
}

export function switchLetters(on: boolean): void {
  letters.value = on;
  keep();
}

export function asTheyCame(): void {
  keys.value = defaultKeys;
  letters.value = true;
  keep();
}

// As it acts now: "" if it is switched off.
export function shownKey(act: Bound): string {
  const key = keys.value[act];
  return letters.value || isFunctionKey(key) ? keyName(key) : "";
}
