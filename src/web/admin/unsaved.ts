// What is written on this page and not saved: who has something says so.
import { onScopeDispose } from "vue";

const askers = new Set<() => boolean>();

export function isUnsaved(): boolean {
  return [...askers].some((ask) => ask());
}

export function forgetUnsaved(): void {
  askers.clear();
}

export function mayBeUnsaved(ask: () => boolean): void {
  askers.add(ask);
  onScopeDispose(() => askers.delete(ask));
}
