// Whom one rings from the card, each by a digit. The number is masked until it is chosen, which is a
// deed that is logged; the telephone is the operator's own.
import { computed, shallowRef, watch } from "vue";
import { card } from "./card.ts";
import { keyOf, reveal, revealed, type Hidden } from "./deeds.ts";
import { opened } from "./desk.ts";

export interface Callee {
  name: string;
  relation: string;
  doNotTell: boolean;
  what: Hidden;
}

export const mostByDigit = 9;

export const elders = computed<Callee[]>(() =>
  (card.value?.residents ?? []).filter((each) => each.phone).map((each) => ({
    name: each.name ?? "",
    relation: "",
    doNotTell: false,
    what: { field: "phone", resident: each.id },
  })));

// Of a couple hers come behind his.
export const contacts = computed<Callee[]>(() =>
  (card.value?.residents ?? []).flatMap((resident) => (resident.contacts ?? []).map((each) => ({
    name: each.name ?? "",
    relation: each.relation ?? "",
    doNotTell: each.doNotTell === true,
    what: { field: "contact_phone", resident: resident.id, place: each.place },
  }))));

export const called = shallowRef<Callee | undefined>();
watch(opened, () => (called.value = undefined));

export const calledNumber = computed(() =>
  called.value ? revealed.get(keyOf(called.value.what)) ?? "" : "");

// Its digit; 0 beyond the ninth.
export function digitOf(all: Callee[], what: Hidden): number {
  const at = all.findIndex((each) => keyOf(each.what) === keyOf(what));
  return at < mostByDigit ? at + 1 : 0;
}

export async function call(whom: Callee | undefined): Promise<void> {
  if (!whom) return;
  called.value = whom;
  if (!revealed.has(keyOf(whom.what))) await reveal(opened.value, whom.what);
}
