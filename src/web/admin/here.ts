// Where this page is. Going somewhere else asks first, when something is written and not saved.
import { nextTick, ref } from "vue";
import { readAddress, writeAddress, type Address } from "./address-text.ts";
import { isUnsaved, mindUnsaved } from "./unsaved.ts";

// Behind the #: where the session ended, as the sign-in brings it back.
export const here = ref<Address>(readAddress(location.search || location.hash.slice(1)));
// What is to be done once the user has given up what he wrote.
export const leaving = ref<(() => void) | undefined>();

let step: number = Number((history.state as { step?: number } | null)?.step ?? 0);
let isReturning = false;

export function hrefOf(to: Address): string {
  return `./admin${writeAddress(to)}`;
}

function arrive(to: Address): void {
  const isElsewhere = to.at !== here.value.at || to.key !== here.value.key ||
    to.make !== here.value.make;
  here.value = to;
  mindUnsaved();
  if (isElsewhere) void nextTick(focusHeading);
}

// A reader begins at the new page's heading, as after a load.
function focusHeading(): void {
  scrollTo(0, 0);
  document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
}

export function go(to: Address): void {
  if (writeAddress(to) === writeAddress(here.value)) return;
  if (isUnsaved()) {
    leaving.value = () => enter(to);
    return;
  }
  enter(to);
}

function enter(to: Address): void {
  history.pushState({ step: ++step }, "", hrefOf(to));
  arrive(to);
}

// The same place, told better.
export function correct(to: Address): void {
  history.replaceState({ step }, "", hrefOf(to));
  arrive(to);
}

function popped(): void {
  const to = Number((history.state as { step?: number } | null)?.step ?? 0);
  const by = to - step;
  if (isReturning) {
    isReturning = false;
    return;
  }
  if (isUnsaved() && by !== 0) {
    isReturning = true;
    history.go(-by);
    leaving.value = () => history.go(by);
    return;
  }
  step = to;
  arrive(readAddress(location.search));
}

export function watchAddress(): void {
  history.replaceState({ step }, "", hrefOf(here.value));
  addEventListener("popstate", popped);
  addEventListener("beforeunload", (event) => {
    if (!isUnsaved()) return;
    event.preventDefault();
    event.returnValue = ""; // what older browsers listen to
  });
}
