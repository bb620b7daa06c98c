// A painted screen is not an awake person (field-rules 24): at night whoever is on duty and has touched
// nothing for half an hour is asked. Unanswered for a minute, she is off duty: no receipt of this desk
// counts any more, and what she holds is shown as nobody's care.
import { computed, ref, watch } from "vue";
import { AwakeWatch, type Wakefulness } from "../kit/awake-watch.ts";
import { houseClock } from "../kit/house-clock.ts";
import { hourOf, t } from "../kit/words.ts";
import { changeDuty, dutyIs, isOnDuty, ring, say, sayAway, soundIsAsking } from "./desk.ts";
import { hearTabs, tellTabs } from "./tabs.ts";

const askAfterMs = 30 * 60_000; // field-rules 24
const answerWithinMs = 60_000;
const [nightFrom, nightUntil] = [22, 6]; // as config/thresholds.toml
const lookEveryMs = 500;
const tellTabsEveryMs = 5_000;
const reportEveryMs = 3_000; // until the house has heard

export const wakefulness = ref<Wakefulness>("awake");
export const secondsToAnswer = ref(0);
export const awaySince = ref(0);
export const isAway = computed(() => wakefulness.value === "away");

const watched = new AwakeWatch(askAfterMs, answerWithinMs, performance.now());
let toldTabsAt = -Infinity;
let isReported = true;
let reporting: Promise<void> | undefined;
let reportedAt = -Infinity;

function isNight(): boolean {
  const hour = hourOf(houseClock.now());
  return hour >= nightFrom || hour < nightUntil;
}

function look(): void {
  const now = performance.now();
  const before = watched.state;
  show(watched.look(now, isOnDuty.value && isNight()));
  secondsToAnswer.value = Math.ceil(watched.leftMs(now) / 1000);
  if (watched.state === "asked" && before !== "asked") say(t("awake.said"), true);
  if (watched.state === "away" && before !== "away") goAway();
  if (!isReported && now - reportedAt >= reportEveryMs) reporting ??= report(now);
}

function show(state: Wakefulness): void {
  wakefulness.value = state;
  soundIsAsking.value = state === "asked";
  ring();
}

// At once, whether the house can be reached or not: no receipt goes out any more.
function goAway(): void {
  awaySince.value = houseClock.now();
  dutyIs(false);
  tellTabs({ onDuty: false }); // a touch in them within the last seconds may not have come through
  isReported = false;
}

async function report(now: number): Promise<void> {
  reportedAt = now;
  isReported = await sayAway();
  reporting = undefined;
}

function touched(): void {
  const now = performance.now();
  watched.touch(now);
  if (now - toldTabsAt < tellTabsEveryMs) return;
  toldTabsAt = now;
  tellTabs("touched");
}

export async function beOnDuty(): Promise<boolean> {
  await reporting; // what was said first must be heard first
  return changeDuty(true);
}

// However she goes on duty again.
watch(isOnDuty, (on) => {
  if (on && watched.state === "away") returns();
});

function returns(): void {
  isReported = true;
  watched.isBack(performance.now());
  look();
}

// A touch in any of her tabs is hers.
hearTabs((told) => {
  if (told === "touched") watched.touch(performance.now());
});
for (const each of ["keydown", "pointerdown", "wheel"])
  addEventListener(each, touched, { capture: true, passive: true });
setInterval(look, lookEveryMs);
