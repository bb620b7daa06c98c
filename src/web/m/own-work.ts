// His offers and visits as the house last told them, asked for again and again; and what he says.
import { computed, reactive, ref } from "vue";
import type { Revealed, Session } from "../kit/contract.ts";
import { asUser, newKey, read, readSession, send, type Answer } from "../kit/http.ts";
import { houseClock, instant } from "../kit/house-clock.ts";
import { root } from "../kit/live.ts";
import type {
  OwnContact, OwnContacts, OwnOffer, OwnSos, OwnWork, OwnWorkers, ProofTaken, Reply, ReplyKind,
  VisitProof,
} from "./contract.ts";
import { Outbox, pageShelf, telephoneShelf, type Said, type Shelf, type Verdict } from
  "./outbox.ts";
import { keepHeld, keptHeld } from "./last-held.ts";
import { lastPlace, placeNow } from "./place.ts";
import { newId, proofsOf, type Given, type ProofKind } from "./proofs.ts";
import { namedWith, stageOf, stageWith, type Stage } from "./steps.ts";

export const session = ref<Session>();
export const offers = ref<OwnOffer[]>([]);
export const waiting = ref<readonly Said[]>([]);
export const others = ref<readonly Others[]>([]);
export const link = ref<"connecting" | "online" | "offline">("connecting");
export const told = reactive<{ text: string; isBad: boolean }>({ text: "", isBad: false });
export const now = ref(houseClock.now());

const waitSeconds = 25;
const shortestPauseMs = 1000;
const longestPauseMs = 15_000;
const sayAgainMs = 3000;
const recalledForMs = 10 * 60_000; // how long "turn round" stays on the screen

// What somebody else has said on this telephone: it waits for his next sign-in.
export interface Others {
  user: string;
  name: string;
  many: number;
  callsForHelp: boolean;
}

function othersIn(said: readonly Said[]): Others[] {
  const users = [...new Set(said.map((each) => each.user ?? ""))];
  return users.map((user) => {
    const all = said.filter((each) => each.user === user);
    return { user, name: all[0]?.name || user, many: all.length, callsForHelp: all.some((each) => each.sos) };
  });
}

let etag = "";
let outbox: Outbox | undefined;
let isClosed = false;

// ---------------------------------------------------------------- what there is

export interface Item {
  own: OwnOffer;
  stage: Stage;
  unsent: number;
  given: Given[]; // what proves his visit so far, with what waits here
  endsAt: number | undefined; // of the lease, while it is offered
}

function itemOf(own: OwnOffer): Item {
  const said = waiting.value.filter((each) => each.offer === own.offer?.offerId);
  const heard = settled.value.map((each) => each.said).filter((each) =>
    each.offer === own.offer?.offerId && !said.some((other) => other.order === each.order));
  const repliesIn = (all: readonly Said[]) => all.flatMap((each) => each.reply ?? []);
  const kindsOf = (all: readonly Said[]) => repliesIn(all).flatMap((each) => each.kind ?? []);
  const proofsIn = (all: readonly Said[]) => all.flatMap((each) => each.proof ?? []);
  return {
    own: namedWith(own, repliesIn([...heard, ...said]), names),
    stage: stageWith(own, kindsOf([...heard, ...said]) as ReplyKind[]),
    unsent: kindsOf(said).length,
    given: proofsOf(own, proofsIn(said), proofsIn(heard)),
    endsAt: instant(own.offer?.expiresAt),
  };
}

// A lease that has ended is no longer shown as his to take: though the house still takes an accept
// while nobody holds the order, he shall not be promised it.
function isShown(item: Item): boolean {
  if (item.stage === "over") return false;
  return item.stage !== "offered" || (item.endsAt ?? Infinity) > now.value;
}

export const items = computed(() => offers.value.map(itemOf).filter(isShown));
export const offered = computed(() => items.value.filter((each) => each.stage === "offered"));
export const underWay = computed(() => items.value.filter((each) => each.stage !== "offered"));

// Offers of which he has said here that he has turned round: the house may still tell of them.
const turned = ref<readonly string[]>([]);

function hasTurned(offer: string): boolean {
  return turned.value.includes(offer) || waiting.value.some((each) =>
    each.offer === offer && each.reply?.kind === "REPLY_KIND_STOOD_DOWN");
}

// What he held a moment ago and was withdrawn: he may be on the road. An offer that somebody else
// was quicker with is nothing to tell, nor what he has answered or has yet to answer.
export const recalled = computed(() =>
  offers.value.filter((own) => own.offer?.state === "OFFER_STATE_WITHDRAWN" &&
    stageOf(own) !== "recalled" && !hasTurned(own.offer?.offerId ?? "")));

// ---------------------------------------------------------------- asking

const lastHeld = new Map<string, number>(); // offers whose orders were his, and when they last were

function known(): string {
  const since = Date.now() - recalledForMs;
  for (const [id, at] of lastHeld) if (at < since) lastHeld.delete(id);
  return [...lastHeld.keys()].slice(-20).join(".");
}

function remember(work: OwnWork): void {
  for (const own of work.offers ?? []) {
    const isHeld = own.offer?.state === "OFFER_STATE_ACCEPTED" && stageOf(own) !== "over";
    if (own.offer?.offerId && isHeld) lastHeld.set(own.offer.offerId, Date.now());
  }
  if (session.value?.user) keepHeld(session.value.user, lastHeld);
}

// From before the page was closed.
function rememberAgain(user: string): void {
  for (const [id, at] of keptHeld(user)) lastHeld.set(id, Math.max(at, lastHeld.get(id) ?? 0));
}

// What the house has taken and not told of yet is shown as done all the same: the page would go a
// step back for a moment, under his finger.
interface Settled {
  said: Said;
  told: string; // what the house had told of this offer
  asks: number; // that had begun by then
}
const settled = ref<readonly Settled[]>([]);
let asks = 0;

function toldOf(offer: string): string {
  return JSON.stringify(offers.value.find((own) => own.offer?.offerId === offer)) ?? "";
}

function settle(said: Said, told: string): void {
  if (toldOf(said.offer) === told) settled.value = [...settled.value, { said, told, asks }];
}

async function ask(): Promise<boolean> {
  const nth = ++asks;
  const query = new URLSearchParams({ seen: etag, known: known(), wait: String(waitSeconds) });
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), (waitSeconds + 10) * 1000);
  try {
    const answer = await fetch(new URL(`v1/own/offers?${query}`, root).href, {
      cache: "no-store",
      credentials: "same-origin",
      headers: asUser(session.value?.user),
      signal: cut.signal,
    });
    if (answer.status === 401) return signedOut();
    if (!answer.ok) return false;
    take((await answer.json()) as OwnWork, nth);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function take(work: OwnWork, nth: number): void {
  houseClock.hear(work.now);
  etag = work.etag ?? "";
  remember(work);
  offers.value = work.offers ?? [];
  settled.value = settled.value.filter((each) =>
    nth <= each.asks && toldOf(each.said.offer) === each.told);
  link.value = "online";
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      done();
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener("online", end);
  });
}

async function askForEver(): Promise<void> {
  let wait = shortestPauseMs;
  while (!isClosed) {
    const heard = await ask();
    if (heard) {
      wait = shortestPauseMs;
      if (!session.value) await learnSession();
      void outbox?.flush(); // a picture may take long, and the next emergency comes meanwhile
      continue;
    }
    link.value = "offline";
    await pause(wait);
    wait = Math.min(wait * 2, longestPauseMs);
  }
}

// The open question may hang for half a minute on a dead line; what he has said must not.
async function sayForEver(): Promise<void> {
  while (!isClosed) {
    await pause(sayAgainMs);
    if (!waiting.value.length) continue;
    void outbox?.flush().then(() => {
      if (!waiting.value.length) link.value = "online";
    });
  }
}

// Whose page this is. On a telephone that is handed on, somebody else may have signed in since.
async function learnSession(): Promise<void> {
  const answer = await readSession();
  if (!answer.ok) return void (answer.status === 401 && signedOut());
  const { user = "", name = "" } = answer.value;
  if (session.value && session.value.user !== user) return void signedOut();
  if (!session.value) rememberAgain(user);
  session.value = answer.value;
  await outbox?.isOf({ user, name });
  if (help.value === "waiting" && !outbox?.callsForHelp) help.value = "none"; // another's
}

// Whoever calls for help and isn't heard needs the telephone numbers before him, no sign-in.
function signedOut(): boolean {
  if (help.value === "waiting") return false;
  isClosed = true;
  location.replace("./?to=m&ended=1");
  return false;
}

// ---------------------------------------------------------------- saying

const picturePatienceMs = 90_000;

function letterOf(what: Said): { path: string; body: object; key: string } {
  const offer = `v1/own/offers/${encodeURIComponent(what.offer)}`;
  if (what.sos) return { path: "v1/own/sos", body: what.sos, key: what.sos.sosId ?? "" };
  if (what.proof)
    return { path: `${offer}/proofs`, body: what.proof, key: what.proof.proofId ?? "" };
  return { path: `${offer}/replies`, body: what.reply ?? {}, key: what.reply?.replyId ?? "" };
}

async function post(what: Said): Promise<Verdict> {
  const { path, body, key } = letterOf(what);
  const patienceMs = what.proof?.picture ? picturePatienceMs : undefined;
  const told = toldOf(what.offer);
  const answer = await send<ProofTaken>("POST", path, body, { key, patienceMs, as: what.user });
  if (answer.ok) {
    const isWrong = !!what.proof && !answer.value.holds;
    if (what.offer && !isWrong) settle(what, told);
    return { kind: "taken", isWrong };
  }
  if (answer.status === 0) link.value = "offline"; // the question that is open may not know it yet
  if (answer.status === 0 || answer.status >= 500 || answer.status === 429)
    return { kind: "later" };
  if (answer.status === 401) {
    signedOut();
    return { kind: "later" };
  }
  return { kind: "refused", code: answer.problem.code ?? "wrong" };
}

// Where he came and where he ended tells of the visit. For all else somebody waits already: an offer
// runs out, or an ambulance is needed.
const shortPlaceMs = 1000;
const mayWait: readonly ReplyKind[] = ["REPLY_KIND_ARRIVED", "REPLY_KIND_COMPLETED"];

// Until it is on disk, and not until the house has heard it: on a line that hangs that takes half a
// minute, and he goes on meanwhile. `more`: who goes, when a company says so; or that an ambulance
// is needed.
export async function say(own: OwnOffer, kind: ReplyKind, reason = "", withPlace = false,
  more: Pick<Reply, "worker" | "needs120"> = {}): Promise<void> {
  const offer = own.offer?.offerId;
  if (!offer || !outbox) return;
  const reply: Reply = { ...more, replyId: newKey(), offerId: offer, kind };
  reply.happenedAt = new Date(houseClock.now()).toISOString();
  if (reason) reply.reason = reason;
  const place = mayWait.includes(kind) ? placeNow : () => placeNow(shortPlaceMs);
  await outbox.say({ offer, reply }, withPlace ? place() : undefined);
  void goOn();
}

async function goOn(): Promise<void> {
  etag = ""; // what the house knows next is news, whatever it is
  await outbox?.flushWords();
}

const proofPlaceMs = 3000;

// A company's manager sees the visits of his people, and proves none of them.
export const goesHimself = computed(() => !session.value || !!session.value.may?.includes("go"));

// Whom it could send: asked anew each time, because it changes with every minute.
export const namesWorkers = computed(() => !!session.value?.may?.includes("name_worker"));

const peoplePath = (own: OwnOffer) =>
  `v1/own/offers/${encodeURIComponent(own.offer?.offerId ?? "")}/workers`;

const names = new Map<string, string>(); // of those that it could send, by their ids

export async function peopleFor(own: OwnOffer): Promise<Answer<OwnWorkers>> {
  const answer = await read<OwnWorkers>(peoplePath(own));
  if (answer.ok)
    for (const each of answer.value.workers ?? []) names.set(each.worker ?? "", each.name ?? "");
  return answer;
}

export async function phoneOf(own: OwnOffer, worker: string): Promise<Answer<Revealed>> {
  return send<Revealed>("POST", `${peoplePath(own)}/${encodeURIComponent(worker)}/reveal`, {});
}

export async function prove(own: OwnOffer, kind: ProofKind,
  what: { picture?: string; code?: string; note?: string }): Promise<void> {
  const offer = own.offer?.offerId;
  if (!offer || !outbox) return;
  const proof: VisitProof = { proofId: newId(), kind, ...what };
  proof.happenedAt = new Date(houseClock.now()).toISOString();
  await outbox.say({ offer, proof }, placeNow(proofPlaceMs));
  void goOn();
}

// Help for himself. Where he is must not hold it up: what the telephone knew last will do.
const shortestPlaceMs = 1500;

export async function callForHelp(): Promise<void> {
  const sos: OwnSos = { sosId: newId(), happenedAt: new Date(houseClock.now()).toISOString() };
  help.value = "waiting";
  await outbox?.say({ offer: "", sos }, placeNow(shortestPlaceMs).then((place) => place ?? lastPlace()));
  await goOn();
}

export const help = ref<"none" | "waiting" | "heard">("none");

export async function contactsAt(own: OwnOffer): Promise<OwnContact[] | undefined> {
  const path = `v1/own/offers/${encodeURIComponent(own.offer?.offerId ?? "")}/contacts`;
  const answer = await read<OwnContacts>(path);
  return answer.ok ? (answer.value.contacts ?? []) : undefined;
}

// ---------------------------------------------------------------- beginning and end

const shelfPatienceMs = 5000;

function inTime<T>(what: Promise<T>): Promise<T> {
  return new Promise((done, fail) => {
    setTimeout(() => fail(new Error("late")), shelfPatienceMs);
    what.then(done, fail);
  });
}

// A damaged database may open and not be read, or never open: he works without it.
async function shelf(): Promise<Shelf> {
  try {
    const kept = await inTime(telephoneShelf());
    await inTime(kept.all());
    return kept;
  } catch {
    return pageShelf();
  }
}

// What the house said of a device that was to be installed, by the offer: told beside its field.
export const refusedDevices = reactive(new Map<string, { device: string; why: string }>());

export const refusals = ref(0); // so many of what he has said, since the page was opened

function refuse(what: Said, code: string, onRefused: (code: string) => void): void {
  refusals.value += 1;
  if (what.proof?.kind === "bound")
    refusedDevices.set(what.offer, { device: what.proof.note ?? "", why: code });
  else onRefused(code);
}

function hear(what: Said, isWrong: boolean, onRefused: (code: string) => void): void {
  if (what.sos) help.value = "heard";
  if (what.reply?.kind === "REPLY_KIND_STOOD_DOWN") {
    turned.value = [...turned.value, what.offer];
    lastHeld.delete(what.offer);
  }
  if (isWrong)
    refuse(what, what.proof?.kind === "bound" ? "wrong_device" : "wrong_code", onRefused);
  else if (what.proof?.kind === "bound") refusedDevices.delete(what.offer);
}

export async function begin(onRefused: (code: string) => void): Promise<void> {
  setInterval(() => (now.value = houseClock.now()), 500);
  outbox = new Outbox(await shelf(), post);
  outbox.changed = () => {
    waiting.value = [...outbox!.waiting];
    others.value = othersIn(outbox!.others);
  };
  outbox.refused = (what, code) => refuse(what, code, onRefused);
  outbox.taken = (what, isWrong) => hear(what, isWrong, onRefused);
  await outbox.open();
  if (outbox.callsForHelp) help.value = "waiting"; // from before the page closed
  await learnSession();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void learnSession();
  });
  void sayForEver();
  await askForEver();
}

// Before the house has ended his session, whoever takes this telephone next would be he; and what he
// has said and it has not heard goes out only when he is back. `anyway`: he knows that.
export async function signOut(anyway = false): Promise<"gone" | "unsent" | "unheard"> {
  if (waiting.value.length && !anyway) return "unsent";
  const answer = await send("DELETE", "v1/session", {}, { as: session.value?.user });
  if (!answer.ok && answer.status !== 401) return "unheard";
  isClosed = true;
  location.replace("./?to=m");
  return "gone";
}
