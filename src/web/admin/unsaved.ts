// What is written on this page and not saved: who has something says so.
import { onScopeDispose } from "vue";

const askers = new Set<() => boolean>();
let isGivenUp = false; // on the way to somewhere else

export function isUnsaved(): boolean {
  return !isGivenUp && [...askers].some((ask) => ask());
}

export function forgetUnsaved(): void {
  isGivenUp = true;
}

// One has arrived, or stays after all: what is written from now on counts again.
export function mindUnsaved(): void {
  isGivenUp = false;
}

export function mayBeUnsaved(ask: () => boolean): void {
  askers.add(ask);
  onScopeDispose(() => askers.delete(ask));
}
