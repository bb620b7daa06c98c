// The card that is open: read again whenever its line moves.
import { computed, nextTick, ref, shallowRef, watch } from "vue";
import type { AlertCard, Candidate, OrderCard } from "../kit/contract.ts";
import { read } from "../kit/http.ts";
import { problemText, t } from "../kit/words.ts";
import { revealed } from "./deeds.ts";
import { lineOf, opened, say, signedOut } from "./desk.ts";
import { noteDrafts } from "./drafts.ts";

export const card = shallowRef<AlertCard | undefined>();
export const cardProblem = ref("");
export const isReading = ref(false);

// The live line is newer than the card's own for some milliseconds.
export const openLine = computed(() => {
  const live = opened.value ? lineOf(opened.value) : undefined;
  return live ?? card.value?.line;
});

let asked = 0;
let firstReading = Promise.resolve();
let kindOfOpened = "alert";

async function fetchCard(id: string): Promise<void> {
  const mine = ++asked;
  isReading.value = true;
  kindOfOpened = lineOf(id)?.of ?? kindOfOpened;
  let answer = await read<AlertCard>(pathOf(id));
  if (!answer.ok && answer.status === 404 && !lineOf(id)) {
    // An address that was kept says nothing of the kind: the other one, then.
    kindOfOpened = kindOfOpened === "alert" ? "request" : "alert";
    answer = await read<AlertCard>(pathOf(id));
  }
  if (mine !== asked || opened.value !== id) return;
  isReading.value = false;
  if (answer.ok) {
    card.value = answer.value;
    cardProblem.value = "";
  } else if (answer.status === 401) {
    signedOut();
  } else {
    cardProblem.value = problemText(answer.problem.code);
  }
}

function pathOf(id: string): string {
  return `v1/${kindOfOpened === "request" ? "requests" : "alerts"}/${encodeURIComponent(id)}`;
}

export function readAgain(): void {
  if (opened.value) void fetchCard(opened.value);
}

watch(opened, (id) => {
  card.value = undefined;
  cardProblem.value = "";
  revealed.clear(); // what was shown for one case is not shown for the next
  kindOfOpened = "alert";
  if (id) firstReading = fetchCard(id);
  else asked += 1;
}, { immediate: true });

// When what was opened has been read for the first time, or couldn't be.
export async function whenRead(): Promise<void> {
  await nextTick(); // by then it has begun
  await firstReading;
}

// Of the line and its orders: whatever moves either moves one of these.
const moves = computed(() => {
  const line = opened.value ? lineOf(opened.value) : undefined;
  return line
    ? [line.version, line.state, ...(line.orders ?? []).map((o) => `${o.id}${o.version}`)].join()
    : "";
});
watch(moves, (to, from) => {
  if (from !== "" || to === "") readAgain();
});

// ---------------------------------------------------------------- whom to send
const beforeArrival = ["requested", "offered", "unfilled"];

export const orderToFill = computed<OrderCard | undefined>(() => {
  const orders = card.value?.orders ?? [];
  return orders.find((o) => beforeArrival.includes(o.line?.state ?? "") && o.candidates?.length)
    ?? orders.find((o) => beforeArrival.includes(o.line?.state ?? ""));
});

export const candidates = computed<Candidate[]>(() => {
  const last = card.value?.orders?.filter((o) => o.candidates?.length) ?? [];
  return (orderToFill.value?.candidates?.length ? orderToFill.value : last[last.length - 1])
    ?.candidates ?? [];
});

export function nameOf(candidate: Candidate): string {
  return candidate.workerName || candidate.providerName || candidate.worker || "";
}

// D was pressed; a digit has chosen nobody yet, or somebody for that order. Him and not his place in
// the list: the next search may put another there between the digit and Enter.
interface Choice {
  order: string | undefined;
  worker: string | undefined;
  provider: string | undefined;
  name: string;
}
export const armed = ref(false);
const choice = shallowRef<Choice | undefined>();
export const chosen = computed<Candidate | undefined>(() => {
  const his = choice.value;
  if (!his || his.order !== orderToFill.value?.line?.id) return undefined;
  return candidates.value.find((each) => each.worker === his.worker && each.provider === his.provider);
});

export function arm(): void {
  disarm();
  armed.value = true;
}

export function chooseCandidate(at: number): void {
  const who = candidates.value[at];
  if (!who) return; // nobody is chosen unseen
  armed.value = true;
  choice.value = { order: orderToFill.value?.line?.id, worker: who.worker, provider: who.provider, name: nameOf(who) };
}

watch(card, () => {
  if (!card.value) return;
  const lost = choice.value && !chosen.value ? choice.value.name : undefined;
  if (lost !== undefined) choice.value = undefined;
  if (!orderToFill.value) armed.value = false;
  else if (lost !== undefined) say(t("help_region.no_longer", { who: lost }), true);
});

// C, K or R was pressed: a digit says whom to ring, or which service was called.
export type Choosing = "elder" | "contact" | "refer";
export const choosing = ref<Choosing | undefined>();
export const services = ["120", "110", "119"] as const;

export function disarm(): boolean {
  const was = armed.value || choosing.value !== undefined;
  armed.value = false;
  choice.value = choosing.value = undefined;
  return was;
}

// ---------------------------------------------------------------- forms
export type Form =
  | { kind: "close" | "take_over" | "ring_back" | "shelve" }
  | { kind: "asked" | "refer"; ask: string }
  | { kind: "cancel" | "reply" | "follow_up"; order: OrderCard };

export const form = shallowRef<Form | undefined>();
export const noteDraft = computed({
  get: () => noteDrafts.get(opened.value) ?? "",
  set: (text: string) => {
    if (text) noteDrafts.set(opened.value, text);
    else noteDrafts.delete(opened.value);
  },
});
watch(opened, () => {
  form.value = undefined; // its words are kept
  disarm();
});
