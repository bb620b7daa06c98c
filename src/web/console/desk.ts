// What this console knows and does, for all its parts: one page, one desk.
import { computed, nextTick, reactive, ref, shallowReactive, shallowRef, watch } from "vue";
import type { LiveUpdate, Session, WorkLine } from "../kit/contract.ts";
import { Announcer } from "../kit/announcer.ts";
import { houseClock } from "../kit/house-clock.ts";
import { read, send, speakAs } from "../kit/http.ts";
import { Live } from "../kit/live.ts";
import { LiveFeed, type Taken } from "../kit/live-feed.ts";
import type { LinkState } from "../kit/live-link.ts";
import { Sound } from "../kit/sound.ts";
import { clockText, problemText, t, word } from "../kit/words.ts";
import { Notices, showCount } from "./attention.ts";
import { arrange, emptyView, isCall, isPinned, isShelved, type Filter, type View } from "./queue-order.ts";
import { FloodWatch, ringOf, rings } from "./ringing.ts";
import { hearTabs, tellTabs } from "./tabs.ts";

const staleAfterMs = 5_000;
const stillMs = 2_000; // after a movement the rows stand still for so long
const silenceMs = 60_000;
const frameLateMs = 100;
const knockEveryMs = 3_000;
const floodOf = 10;

export const session = shallowRef<Session>({});
export const may = (right: string) => (session.value.may ?? []).includes(right);
export const dials = computed(() => session.value.dials === true);
export const hasTelephone = computed(() => session.value.telephone === true);
export const me = computed(() => session.value.user ?? "");

// ---------------------------------------------------------------- time and connection
export const now = ref(Date.now()); // whole seconds of the house
export const linkState = ref<LinkState>("connecting");
export const silentForMs = ref(0);
export const isStale = computed(() => silentForMs.value > staleAfterMs);
export const canAct = computed(() => !isStale.value);

// ---------------------------------------------------------------- what is open
const feed = new LiveFeed();
const shadows = new Map<string, WorkLine>(); // gone, but still in their row
export const turn = ref(0); // moves when any line does
export const view = shallowRef<View>(emptyView);
export const filter = ref<Filter>("all");
export const selected = ref("");
export const opened = ref("");

export function lineOf(id: string): WorkLine | undefined {
  void turn.value;
  return feed.lines.get(id) ?? shadows.get(id);
}

export function isShadow(id: string): boolean {
  return !feed.lines.has(id);
}

export function allLines(): IterableIterator<WorkLine> {
  void turn.value;
  return feed.lines.values();
}

export const counts = computed(() => {
  const of = [0, 0, 0, 0, 0];
  for (const line of allLines())
    if (line.purpose !== "synthetic" && !isCall(line)) of[Math.min(line.level ?? 4, 4)]! += 1;
  return of;
});

export const shelvedCount = computed(() => [...allLines()].filter(isShelved).length);

// ---------------------------------------------------------------- what is said
const spoken = reactive({ alert: "", status: "" });
export const said = spoken;
export const announcer = new Announcer((urgent, text) => {
  // The same words again must be heard again.
  spoken[urgent ? "alert" : "status"] = text === spoken[urgent ? "alert" : "status"]
    ? `${text}\u00a0` : text;
});
export const messages = ref(0);
export const shown = shallowRef<{ text: string; bad: boolean } | undefined>();
let shownUntil = 0;

export function say(text: string, bad = false): void {
  announcer.say(bad, text, performance.now());
  messages.value += 1;
  shown.value = { text, bad };
  shownUntil = performance.now() + (bad ? 12_000 : 5_000);
}

function proclaim(urgent: boolean, text: string): void {
  announcer.say(urgent, text, performance.now());
  messages.value += 1;
}

export function historyTime(at: number): string {
  return clockText(houseClock.now() - (performance.now() - at));
}

// ---------------------------------------------------------------- sound and duty
export const sound = new Sound();
export const soundRuns = ref(false);
export const isOnDuty = computed(() => session.value.onDuty === true);
export const isSeated = computed(() => isOnDuty.value && soundRuns.value);
export const silentUntil = ref(0);
export const soundIsAsking = ref(false);
export const claiming = shallowReactive(new Set<string>());
export const telephoneRings = ref(false);
const chimed = new Map<string, number>(); // the level at which it was heard of
let isFirst = true;
const flood = new FloodWatch();
export const floodCount = ref(0);

function seat() {
  return {
    me: me.value,
    site: session.value.site ?? "",
    now: houseClock.now(),
    stale: isStale.value,
    silentUntil: silentUntil.value,
    asked: soundIsAsking.value,
    telephone: telephoneRings.value,
    claiming,
  };
}

export function ring(): void {
  const { tone, volume } = ringOf(feed.lines.values(), seat());
  const isHere = isFirst || tone === "call"; // a telephone rings in the tab that has it
  sound.ring(isHere && soundRuns.value ? tone : undefined, volume);
}

export function silence(): void {
  silentUntil.value = houseClock.now() + silenceMs;
  tellTabs({ silentUntil: silentUntil.value }); // another may be the one that rings
  ring();
}

export async function unlockSound(): Promise<boolean> {
  const runs = await sound.unlock();
  soundRuns.value = runs;
  live?.sounds(runs);
  ring();
  sendPainted();
  return runs;
}

// She wants to go and still holds work: it is handed over first.
export const leaving = ref<"duty" | "session" | "">("");
let finish: () => Promise<void> = async () => undefined;

// What was held back goes out before she does.
export function finishBeforeLeaving(run: () => Promise<void>): void {
  finish = run;
}

export async function signOut(): Promise<void> {
  await finish();
  const answer = await send<unknown>("DELETE", "v1/session", {});
  if (!answer.ok && answer.problem.code === "holding") leaving.value = "session";
  else if (!answer.ok && answer.problem.code !== "signed_out") say(problemText(answer.problem.code), true);
  else signedOut();
}

export async function changeDuty(onDuty: boolean): Promise<boolean> {
  if (!onDuty) await finish();
  const answer = await send<unknown>("POST", "v1/session/duty", { onDuty });
  if (!answer.ok && answer.problem.code === "holding") {
    leaving.value = "duty";
    return false;
  }
  if (!answer.ok) {
    say(problemText(answer.problem.code), true);
    return false;
  }
  dutyIs(onDuty);
  tellTabs({ onDuty });
  say(t(onDuty ? "said.on_duty" : "said.off_duty"));
  sendPainted();
  return true;
}

export function dutyIs(onDuty: boolean): void {
  session.value = { ...session.value, onDuty };
}

hearTabs((told) => {
  if (told === "touched") return;
  if ("onDuty" in told) dutyIs(told.onDuty);
  else silentUntil.value = told.silentUntil;
  ring();
});

// Nobody answered here. The house takes that whatever she holds; false: it hasn't heard yet.
export async function sayAway(): Promise<boolean> {
  return (await send<unknown>("POST", "v1/session/duty", { away: true })).ok;
}

// ---------------------------------------------------------------- the live channel
let live: Live | undefined;
const notices = new Notices((id) => open(id));
const known = new Set<string>(); // unclaimed emergencies that were proclaimed
let isPlanned = false;
let movedAt = -Infinity;
let isFull = false; // a first snapshot has come
let knockedAt = -Infinity;

export function moved(): void {
  movedAt = performance.now();
}

function isStill(): boolean {
  return performance.now() - movedAt > stillMs;
}

// A word without the time doesn't count: whoever says it doesn't know whether it is fresh.
function hearSilence(): void {
  if (live) silentForMs.value = performance.now() - live.heardAt;
}

function knockWhileStale(): void {
  const at = performance.now();
  if (!isStale.value || at - knockedAt < knockEveryMs) return;
  knockedAt = at;
  live?.knock();
}

// Every update moves the place where this page stands, also one that has nothing for it: something
// has happened in an area that she doesn't see. Left out, the next one would be a gap.
function took(update: LiveUpdate, heard: Taken): void {
  hearSilence();
  if (heard === "gap" || heard === "waiting") return; // the link has asked for all
  if (heard !== "nothing") rememberShadows(update);
  const taken = feed.take(update);
  if (taken === "gap") live?.askForAll();
  if (taken !== "snapshot" && taken !== "changes") return;
  const fresh = (update.lines ?? []).filter((line) => isPinned(line) && !known.has(keyOf(line)));
  if (isFull && taken === "changes") flood.arrived(countNew(update), performance.now());
  hearNew(update);
  if (fresh.length > 0) {
    proclaimEmergencies(fresh);
    flush();
  } else {
    plan();
  }
  isFull = true;
  ring();
}

// A line that is raised anew is news again.
function keyOf(line: WorkLine): string {
  return `${line.id}@${line.raisedAt ?? ""}`;
}

function countNew(update: LiveUpdate): number {
  return (update.lines ?? []).filter((line) => !isCall(line) && !chimed.has(line.id ?? "")).length;
}

function rememberShadows(update: LiveUpdate): void {
  const told = new Set((update.lines ?? []).map((line) => line.id));
  const closed = (update.lines ?? []).filter((line) => line.state === "closed");
  const gone = update.snapshot
    ? [...feed.lines.keys()].filter((id) => !told.has(id))
    : [...(update.gone ?? []), ...closed.map((line) => line.id ?? "")];
  for (const id of gone) {
    const line = feed.lines.get(id);
    if (line) shadows.set(id, { ...line, state: "closed" });
    chimed.delete(id);
  }
}

function hearNew(update: LiveUpdate): void {
  let important = 0;
  let chime = false;
  for (const line of update.lines ?? []) {
    const level = line.level ?? 9;
    const was = chimed.get(line.id ?? "");
    chimed.set(line.id ?? "", level);
    if (was !== undefined && was <= level) continue;
    if (isCall(line)) {
      if (isFull && line.state !== "ended") proclaim(false, t("said.call"));
      continue;
    }
    if (level === 2) important += 1;
    if ((level === 3 || line.of === "request") && !line.holder) chime = true;
  }
  if (!isFull) return;
  if (important > 0) proclaim(false, t("said.new_p2", { n: important }));
  if (chime && isFirst && houseClock.now() >= silentUntil.value) void sound.chime("p3");
}

function proclaimEmergencies(fresh: WorkLine[]): void {
  for (const line of fresh) known.add(keyOf(line));
  const one = fresh[0]!;
  const text = fresh.length > 1
    ? t("said.new_p1_many", { n: fresh.length })
    : t("said.new_p1", { kind: word("alert_kind", one.kind), who: one.name || t("queue.no_name") });
  proclaim(true, text);
  if (isFirst) for (const line of fresh) if (rings(line, seat())) notices.raise(line);
}

// With the next frame; a page that is hidden, or becomes so before it, has none.
function plan(): void {
  if (isPlanned) return;
  isPlanned = true;
  const frame = requestAnimationFrame(carryOut);
  const timer = setTimeout(carryOut, frameLateMs);
  function carryOut(): void {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    isPlanned = false;
    flush();
  }
}

export function flush(anyway = false): void {
  const frozen = isStill() || anyway ? undefined : view.value;
  view.value = arrange(feed.lines.values(), filter.value, me.value, frozen);
  if (!frozen) shadows.clear();
  turn.value += 1;
  afterwards();
}

function afterwards(): void {
  const unclaimed = [...feed.lines.values()].filter(isPinned);
  showCount(unclaimed.length);
  notices.keep(new Set(unclaimed.map((line) => line.id ?? "")));
  const still = new Set(unclaimed.map(keyOf));
  for (const key of known) if (!still.has(key)) known.delete(key);
  for (const key of painted) if (!still.has(key)) painted.delete(key);
  sendPainted();
}

// ---------------------------------------------------------------- receipts
const painted = new Set<string>();
let visibleRows: () => string[] = () => [];

export function whichRowsAreVisible(ask: () => string[]): void {
  visibleRows = ask;
}

// After the paint: the frame's callback runs before it, a message's after it.
export function afterPaint(run: () => void): void {
  void nextTick(() =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        run();
      };
      channel.port2.postMessage(0);
    }),
  );
}

function isSeen(): boolean {
  return document.visibilityState === "visible" && isSeated.value && !isStale.value;
}

// A receipt says: this emergency stood on a screen in front of somebody who is on duty and hears.
// Nothing less may send it, because the house relies on it.
export function sendPainted(): void {
  if (!isSeen()) return;
  afterPaint(() => {
    if (!isSeen()) return;
    const lines = [...view.value.pinned, ...visibleRows()]
      .map((id) => feed.lines.get(id))
      .filter((line): line is WorkLine => !!line && isPinned(line) && !painted.has(keyOf(line)));
    if (lines.length === 0) return;
    for (const line of lines) painted.add(keyOf(line));
    live?.painted(lines.map((line) => line.id ?? ""));
  });
}

// ---------------------------------------------------------------- where one is
export function open(id: string): void {
  opened.value = id;
  if (id) selected.value = id;
  keepInAddress();
}

export function choose(which: Filter): void {
  filter.value = which;
  flush(true);
  keepInAddress();
}

function keepInAddress(): void {
  const query = filter.value === "all" ? "" : `?show=${filter.value}`;
  const hash = opened.value ? `#${encodeURIComponent(opened.value)}` : "";
  history.replaceState(null, "", location.pathname + query + hash);
}

export function readAddress(): void {
  const show = new URLSearchParams(location.search).get("show");
  if (show === "mine" || show === "unclaimed" || show === "shelved") filter.value = show;
  const id = decodeURIComponent(location.hash.slice(1));
  if (/^[A-Za-z0-9-]{1,64}$/.test(id)) opened.value = selected.value = id;
}

export function signedOut(): void {
  location.replace("./index.html?ended=1&to=console");
}

// ---------------------------------------------------------------- the beginning
function tick(): void {
  hearSilence();
  knockWhileStale();
  now.value = Math.floor(houseClock.now() / 1000) * 1000;
  announcer.look(performance.now());
  floodCount.value = flood.lately(performance.now());
  if (shown.value && performance.now() > shownUntil) shown.value = undefined;
  if (isStill() && (view.value.waiting > 0 || shadows.size > 0)) flush();
  ring();
}

export const isFlood = computed(() => floodCount.value >= floodOf);

export async function begin(): Promise<boolean> {
  const answer = await read<Session>("v1/session");
  if (!answer.ok) {
    if (answer.status === 401) signedOut();
    return false;
  }
  houseClock.hear(answer.value.now);
  session.value = answer.value;
  speakAs(me.value, signedOut);
  sound.changed = () => {
    soundRuns.value = sound.runs;
    live?.sounds(sound.runs);
    ring(); // what came while it didn't run
    sendPainted();
  };
  live = new Live(answer.value.user ?? "", {
    updated: took,
    stateChanged: (state) => {
      linkState.value = state;
      if (state === "signed_out") signedOut();
    },
    firstChanged: (first) => {
      isFirst = first;
      ring();
    },
  });
  live.start();
  setInterval(tick, 250);
  document.addEventListener("visibilitychange", sendPainted);
  watch(isStale, sendPainted);
  return true;
}
