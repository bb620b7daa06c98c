// The calls to the hotline that are before the desks: who rings, who was missed, what nobody has
// decided. They are lines of the same feed, and no cases: the queue passes them over.
import { computed, ref, shallowRef, watch } from "vue";
import type { Call, PossibleCaller, WorkLine } from "../kit/contract.ts";
import { t, word } from "../kit/words.ts";
import { inOrder } from "./call-order.ts";
import { allLines, lineOf, me, open, opened } from "./desk.ts";
import { isCall } from "./queue-order.ts";

// While she reaches for one they keep their places: another would stand under the finger that opens an
// emergency for this one.
export const isReachedFor = ref(false);
let stood: readonly WorkLine[] = [];
export const calls = computed(() =>
  inOrder([...allLines()].filter(isCall), isReachedFor.value ? stood : []));
watch(calls, (shown) => (stood = shown), { immediate: true });

export const isUndecided = (line: WorkLine) => !line.call?.outcome;
export const isMissed = (line: WorkLine) => line.call?.outcome === "missed";

// Set by her telephone while it may be rung for that, since only an installation with one has it.
export const listener = shallowRef<(call: string) => Promise<void>>();
export const isTalked = (line: WorkLine) =>
  line.call?.talk === true && !line.call.waiting && !!line.call.seat && line.call.seat !== me.value;

// The case that it belongs to, if it has one.
export function caseOf(call: Call | undefined): string {
  return call?.alert || call?.request || "";
}

export function callerText(caller: PossibleCaller): string {
  const name = caller.name || t("queue.no_name");
  if (caller.kind === "worker") return `${word("caller_kind", "worker")} ${name}`;
  const who = caller.kind === "contact" ? `${caller.relation ?? ""} ${name}`.trim() : name;
  return caller.roughPlace ? `${who} · ${caller.roughPlace}` : who;
}

export interface Choice {
  resident: string;
  text: string;
}

// Of whom the call may be: each once, by the first whose number it is.
export function choicesOf(call: Call | undefined): Choice[] {
  const all = new Map<string, Choice>();
  for (const caller of call?.callers ?? [])
    if (caller.kind !== "worker" && caller.id && !all.has(caller.id))
      all.set(caller.id, { resident: caller.id, text: callerText(caller) });
  return [...all.values()];
}

// What she has just decided is opened when the house has made it.
const awaited = ref("");
export function openWhenMade(id: string): void {
  awaited.value = id;
}
watch(() => caseOf(lineOf(awaited.value)?.call), (id) => {
  if (!id || !awaited.value) return;
  awaited.value = "";
  open(id);
});

// Answered at this seat: its case comes up, unless she has another before her.
const answeredHere = computed(() =>
  calls.value.find((line) => line.state === "answered" && line.call?.seat === me.value && caseOf(line.call)));
watch(() => caseOf(answeredHere.value?.call), (id) => {
  if (id && !opened.value) open(id);
});
