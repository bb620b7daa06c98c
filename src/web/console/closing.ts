// Closing can be taken back for five seconds (console.md 5.2): until then the house knows nothing of it,
// and everybody sees the alert as hers. A new press meanwhile takes it back by itself.
import { computed, ref, shallowRef, watch } from "vue";
import { HeldBack } from "../kit/held-back.ts";
import { newKey } from "../kit/http.ts";
import { t } from "../kit/words.ts";
import { form } from "./card.ts";
import { close, type Closing, isMine, nameOf } from "./deeds.ts";
import { canAct, finishBeforeLeaving, lineOf, opened, say } from "./desk.ts";
import { keepDraft, takeDraft } from "./drafts.ts";

const undoMs = 5_000;
const lookEveryMs = 100;

export const closing = shallowRef<Closing | undefined>();
export const secondsLeft = ref(0);

const held = new HeldBack<Closing>(undoMs, send);

export function holdClosing(id: string, outcome: string, text: string, signals: number): void {
  const who = nameOf(lineOf(id));
  held.hold({ id, who, outcome, text, signals, key: newKey() }, performance.now());
  show();
  say(t("closing.said", { who, s: undoMs / 1000 }));
}

export function undoClosing(): void {
  const was = takeBack();
  if (was) say(t("closing.undone", { who: was.who }));
}

function takeBack(): Closing | undefined {
  const was = held.takeBack();
  if (was) keepWords(was);
  show();
  return was;
}

async function send(what: Closing, pageEnds: boolean): Promise<void> {
  const done = await close(what, pageEnds);
  if (done.ok) takeDraft(what.id, { kind: "close" });
  else if (!pageEnds) keepForLater(what);
}

// Of a closing that didn't come about: the form begins with it.
function keepWords({ id, outcome, text }: Closing): void {
  keepDraft(id, { kind: "close" }, { outcome, text });
}

// Said already why. Still hers and before her: the form, with what she wrote.
function keepForLater(what: Closing): void {
  keepWords(what);
  const isFree = !form.value && !document.querySelector("dialog[open]");
  if (opened.value === what.id && isMine(lineOf(what.id)) && isFree) form.value = { kind: "close" };
}

function show(): void {
  closing.value = held.what;
  secondsLeft.value = Math.ceil(held.leftMs(performance.now()) / 1000);
}

setInterval(() => {
  if (!held.what) return;
  held.look(performance.now(), canAct.value);
  show();
}, lookEveryMs);
addEventListener("pagehide", () => {
  held.pageEnds();
  show();
});
finishBeforeLeaving(async () => {
  await held.flush();
  show();
});

// It calls again: what she wrote was about the call before.
const callsAgain = computed(() => {
  const line = closing.value && lineOf(closing.value.id);
  return !!line && (!!line.acknowledgeBy || (line.signals ?? 0) > closing.value!.signals);
});
watch(callsAgain, (again) => {
  const was = again ? takeBack() : undefined;
  if (was) say(t("closing.calls_again", { who: was.who }), true);
});
