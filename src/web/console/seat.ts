// Her seat at the hotline: the telephone of telephone.ts with a line, a microphone, and the house.
// One page of hers has it, whichever came first.
import { computed, ref, shallowRef, watch } from "vue";
import type { EdgeCredentials, Seat } from "../kit/contract.ts";
import { instant } from "../kit/house-clock.ts";
import { send } from "../kit/http.ts";
import { problemText, t, word } from "../kit/words.ts";
import { caseOf, listener } from "./calls.ts";
import { isOnDuty, lineOf, may, me, now, open, opened, say, session, silentForMs, telephoneRings, turn } from "./desk.ts";
import { Microphone } from "./microphone.ts";
import { SipLine } from "./sip-line.ts";
import { canBeRung, isTrouble, silentTelephone, stateOf, step, type Happened } from "./telephone.ts";

const stillHereMs = 10_000; // the house takes a page of which it hears nothing for 30 s to be gone
const renewBeforeMs = 90_000;
const endIsKnownAfterMs = 2_000; // to the house: then its word of her seat is asked for
const refusalIsNewsMs = 20_000;
const languageKey = "linli.telephone.languages";
const talkKey = "linli.telephone.talk"; // the call on which she talks, for the page that comes after a reload

export const telephone = shallowRef(silentTelephone);
export const isTesting = ref(false); // the dialog is open in which she sits down
const goesWithout = ref(true); // on duty, but takes no calls; until it is known nothing is called a fault
export const state = computed(() =>
  stateOf(telephone.value, isOnDuty.value && !goesWithout.value && !isTesting.value));
export const talk = computed(() => telephone.value.talk);
export const microphone = new Microphone((how) => happens({ what: "microphone", is: how }));
export const languages = ref((localStorage.getItem(languageKey) ?? "").split(",").filter(Boolean));

// When the house takes her to be ready, whatever she says; it says so a moment after the talk.
export const wrapsUpUntil = ref<number | undefined>();

let line: SipLine | undefined;
let renewal: ReturnType<typeof setTimeout> | undefined;
let sitting = 0; // counted at each beginning and end, so that a late answer makes nothing of what has ended

export function happens(it: Happened): void {
  const [next, word] = step(telephone.value, it);
  telephone.value = next;
  telephoneRings.value = next.talk?.phase === "rings";
  if (word) void tell(word);
}

async function tell(word: "ready" | "away" | "here"): Promise<void> {
  const body = { state: word, languages: word === "ready" ? languages.value : [] };
  const answer = await send<Seat>("POST", "v1/hotline/seat", body);
  if (answer.ok) wrapsUpUntil.value = instant(answer.value.wrapsUpUntil);
  if (answer.ok) happens({ what: "seat", is: answer.value.state ?? "away" });
  else if (word === "ready") say(problemText(answer.problem.code), true);
}

// ---------------------------------------------------------------- sitting down and going
async function credentials(): Promise<EdgeCredentials | undefined> {
  const mine = sitting;
  const answer = await send<EdgeCredentials>("POST", "v1/hotline/credentials", {});
  if (mine !== sitting) return undefined;
  clearTimeout(renewal);
  const until = answer.ok ? instant(answer.value.expiresAt) : undefined;
  const wait = until === undefined ? 5_000 : Math.max(5_000, until - now.value - renewBeforeMs);
  renewal = setTimeout(() => void renew(), wait);
  return answer.ok ? answer.value : undefined;
}

async function renew(): Promise<void> {
  const by = await credentials();
  if (!by) return;
  if (line) line.renew(by);
  else openLine(by);
}

function openLine(by: EdgeCredentials): void {
  line = new SipLine(by, {
    stands: () => happens({ what: "line", is: "stands" }),
    lost: () => happens({ what: "line", is: "lost" }),
    moved: () => {
      happens({ what: "line", is: "moved" });
      if (!talk.value) leaveLine();
    },
    rings: (call, listens) => {
      happens({ what: "rings", call, at: now.value, listens });
      if (listens) return answer(); // she has asked for it
      say(t("telephone.state.ringing"), true);
      if (!opened.value) show();
    },
    talks: () => {
      happens({ what: "talks", at: now.value });
      if (talk.value?.listens) line?.mute(true);
      else localStorage.setItem(talkKey, talk.value?.call ?? "");
    },
    ended: () => {
      localStorage.removeItem(talkKey);
      happens({ what: "ended", how: "over" });
      wrapsUpUntil.value = undefined;
      heardOfAt = performance.now() - stillHereMs + endIsKnownAfterMs;
      if (telephone.value.line === "moved") leaveLine();
    },
    noSound: () => void losesSound(),
  });
  line.start();
}

// With the microphone, which a click of hers has opened.
export async function sitDown(): Promise<void> {
  goWithout(false);
  happens({ what: "microphone", is: "good" });
  if (!line) {
    const mine = ++sitting;
    happens({ what: "line", is: "connecting" });
    const by = await credentials();
    if (mine !== sitting) return;
    if (by) openLine(by);
    else happens({ what: "line", is: "lost" });
  }
  happens({ what: "ready" });
}

export function goAway(): void {
  happens({ what: "away" });
}

function getUp(): void {
  happens({ what: "away" });
  leaveLine();
  happens({ what: "line", is: "off" });
}

// Her own word, as long as she is on duty; kept, since a page that is loaded anew has no telephone either.
const withoutKey = () => `linli.telephone.without.${me.value}`;
export function goWithout(is: boolean): void {
  goesWithout.value = is;
  if (is) localStorage.setItem(withoutKey(), "1");
  else localStorage.removeItem(withoutKey());
}

function hasGoneWithout(): boolean {
  return isOnDuty.value && localStorage.getItem(withoutKey()) !== null;
}

export function goOnWithout(): void {
  goWithout(true);
  if (telephone.value.line !== "off") getUp();
}

function leaveLine(): void {
  sitting += 1;
  clearTimeout(renewal);
  const was = line;
  line = undefined;
  was?.stop(); // and with it a talk, which may be news
  microphone.close();
  happens({ what: "microphone", is: "unasked" });
}

// Off duty, or nobody answered there any more: a talk is finished, nothing else comes.
function leaveDesk(): void {
  if (talk.value) goAway();
  else if (telephone.value.line !== "elsewhere" && telephone.value.line !== "moved") getUp();
}

export function ready(): void {
  happens({ what: "ready" });
}

// ---------------------------------------------------------------- a call
export function answer(): void {
  if (talk.value?.phase !== "rings" || !microphone.stream) return;
  happens({ what: "answers" });
  line?.answer(microphone.stream.clone());
  show();
}

export function refuse(): void {
  if (talk.value?.phase === "rings") line?.refuse();
}

export function hangUp(): void {
  line?.hangUp();
}

export function mute(): void {
  const isOn = !talk.value?.muted;
  line?.mute(isOn);
  happens({ what: "muted", is: isOn });
}

async function wish(what: string, body: object = {}, call = talk.value?.call): Promise<boolean> {
  if (!call) return false;
  const answer = await send<unknown>("POST", `v1/calls/${call}/${what}`, body);
  if (!answer.ok) say(problemText(answer.problem.code), true);
  return answer.ok;
}

// What comes of it is told with the call on the live channel.
export const hold = () => wish(talk.value?.held ? "resume" : "hold");
export const park = () => wish("park");
export interface Whom {
  to?: string;
  number?: string;
}
export const transfer = (whom: Whom) => wish("transfer", whom);
export const addThird = (whom: Whom) => wish("add_third", whom);
export const joinThird = () => wish("join_third");
export const dropThird = () => wish("drop_third");
export const leave = () => wish("leave");

// Her telephone rings for it in a moment, and takes it by itself: the ring says that it is for that. If
// the house can't do it, the next ring is the caller's.
async function listen(call: string): Promise<void> {
  await wish("listen", {}, call);
}

// The caller must not talk into the void, and must not be hung up on: a BYE from here would end his
// call. Back into the line, as she wishes; when that can't be had, the engine puts him there as soon as
// it has heard nothing of her for long enough. Nobody else is sent here, which comes first: the wish
// may take its time on such a network.
async function losesSound(): Promise<void> {
  const call = talk.value?.call;
  if (!call) return;
  if (talk.value?.listens) return line?.hangUp(); // the two hear each other
  say(t("telephone.state.no_sound"), true);
  line?.leaveToHouse();
  happens({ what: "ended", how: "no_sound" });
  await wish("park", {}, call);
}

// The call's case, or else the call itself, which stands in its banner.
export function show(): void {
  const of = lineOf(talk.value?.call ?? "")?.call;
  const id = of && caseOf(of);
  if (id) open(id);
}

// ---------------------------------------------------------------- as long as the page lives
// On the house's beat and not by a timer: a page in the background has those once a minute.
let heardOfAt = 0;
function stillHere(): void {
  const { line: is, wants, talk: its } = telephone.value;
  line?.keep();
  if (is !== "stands" || !(wants || its) || performance.now() - heardOfAt < stillHereMs) return;
  heardOfAt = performance.now();
  void tell("here");
}

function hearHouse(): void {
  const held = lineOf(talk.value?.call ?? "")?.call?.held === true;
  if (talk.value && talk.value.held !== held) happens({ what: "held", is: held });
  hearRefusal();
}

// What she wished and isn't done: once, and not what was refused before this page was there.
let refusedAt = "";
function hearRefusal(): void {
  const refused = lineOf(talk.value?.call ?? "")?.call?.refused;
  if (!refused?.at || refused.by !== me.value || refused.at === refusedAt) return;
  refusedAt = refused.at;
  if (now.value - (instant(refused.at) ?? 0) > refusalIsNewsMs) return;
  say(t("telephone.refused", { what: word("call_wish", refused.what), why: word("wish_refusal", refused.why) }), true);
}

export function begin(): void {
  watch(silentForMs, stillHere);
  watch(isOnDuty, (is) => {
    if (is) return;
    goWithout(false);
    leaveDesk();
  });
  watch(turn, hearHouse);
  const mayListen = () => may("take_over") && canBeRung(telephone.value) && !talk.value;
  watch(mayListen, (is) => (listener.value = is ? listen : undefined));
  watch(languages, (all) => localStorage.setItem(languageKey, all.join(",")));
  watch(state, (is, was) => {
    if (isTrouble(is) && is !== was) say(t(`telephone.state.${is}`), true);
  });
  addEventListener("pagehide", () => {
    if (telephone.value.wants) void send("POST", "v1/hotline/seat", { state: "away" }, { pageEnds: true });
  });
  addEventListener("beforeunload", (event) => {
    if (!talk.value || talk.value.listens) return; // else she would hang up on somebody
    event.preventDefault();
    event.returnValue = "";
  });
  goWithout(hasGoneWithout());
  onlyHere();
}

// Two tabs of hers would be two telephones that ring.
function onlyHere(): void {
  if (!navigator.locks) return;
  happens({ what: "line", is: "elsewhere" });
  void navigator.locks.request(`linli.telephone.${session.value.user}`, () => {
    goesWithout.value = hasGoneWithout(); // she may have said so on the page that had it
    happens({ what: "line", is: "off" });
    parkWhatWasLeft();
    return new Promise<never>(() => undefined);
  });
}

// A page that died in a talk has left the caller in silence: back into the line.
function parkWhatWasLeft(): void {
  const left = localStorage.getItem(talkKey);
  if (!left) return;
  localStorage.removeItem(talkKey);
  void send("POST", `v1/calls/${left}/park`, {});
}
