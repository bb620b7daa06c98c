// His offers and visits as the house last told them, asked for again and again; and what he says.
import { computed, reactive, ref } from "vue";
import type { Session } from "../kit/contract.ts";
import { newKey, readSession, send } from "../kit/http.ts";
import { houseClock, instant } from "../kit/house-clock.ts";
import { root } from "../kit/live.ts";
import type { OwnOffer, OwnWork, Reply, ReplyKind } from "./contract.ts";
import { Outbox, pageShelf, telephoneShelf, type Said, type Shelf, type Verdict } from
  "./outbox.ts";
import { placeNow } from "./place.ts";
import { stageOf, stageWith, type Stage } from "./steps.ts";

export const session = ref<Session>();
export const offers = ref<OwnOffer[]>([]);
export const waiting = ref<readonly Said[]>([]);
export const link = ref<"connecting" | "online" | "offline">("connecting");
export const told = reactive<{ text: string; isBad: boolean }>({ text: "", isBad: false });
export const now = ref(houseClock.now());

const waitSeconds = 25;
const shortestPauseMs = 1000;
const longestPauseMs = 15_000;
const sayAgainMs = 3000;
const recalledForMs = 10 * 60_000; // how long "turn round" stays on the screen

let etag = "";
let outbox: Outbox | undefined;
let isClosed = false;

// ---------------------------------------------------------------- what there is

export interface Item {
  own: OwnOffer;
  stage: Stage;
  unsent: number;
  endsAt: number | undefined; // of the lease, while it is offered
}

function itemOf(own: OwnOffer): Item {
  const said = waiting.value.filter((each) => each.offer === own.offer?.offerId);
  const kinds = said.map((each) => each.reply.kind as ReplyKind);
  return {
    own,
    stage: stageWith(own, kinds),
    unsent: said.length,
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

// What he held a moment ago and was withdrawn: he may be on the road. An offer that somebody else
// was quicker with is nothing to tell.
export const recalled = computed(() =>
  offers.value.filter((own) => own.offer?.state === "OFFER_STATE_WITHDRAWN"));

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
}

async function ask(): Promise<boolean> {
  const query = new URLSearchParams({ seen: etag, known: known(), wait: String(waitSeconds) });
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), (waitSeconds + 10) * 1000);
  try {
    const answer = await fetch(new URL(`v1/own/offers?${query}`, root).href, {
      cache: "no-store",
      credentials: "same-origin",
      signal: cut.signal,
    });
    if (answer.status === 401) return signedOut();
    if (!answer.ok) return false;
    take((await answer.json()) as OwnWork);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function take(work: OwnWork): void {
  houseClock.hear(work.now);
  etag = work.etag ?? "";
  remember(work);
  offers.value = work.offers ?? [];
  link.value = "online";
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", () => (clearTimeout(timer), done()), { once: true });
  });
}

async function askForEver(): Promise<void> {
  let wait = shortestPauseMs;
  while (!isClosed) {
    const heard = await ask();
    if (heard) {
      wait = shortestPauseMs;
      await outbox?.flush();
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
    await outbox?.flush();
    if (!waiting.value.length) link.value = "online";
  }
}

function signedOut(): boolean {
  isClosed = true;
  location.replace("./?to=m&ended=1");
  return false;
}

// ---------------------------------------------------------------- saying

async function post(what: Said): Promise<Verdict> {
  const path = `v1/own/offers/${encodeURIComponent(what.offer)}/replies`;
  const answer = await send("POST", path, what.reply, { key: what.reply.replyId });
  if (answer.ok) return { kind: "taken" };
  if (answer.status === 0) link.value = "offline"; // the question that is open may not know it yet
  if (answer.status === 0 || answer.status >= 500 || answer.status === 429)
    return { kind: "later" };
  if (answer.status === 401) {
    signedOut();
    return { kind: "later" };
  }
  return { kind: "refused", code: answer.problem.code ?? "wrong" };
}

export async function say(own: OwnOffer, kind: ReplyKind, reason = "", withPlace = false):
  Promise<void> {
  const offer = own.offer?.offerId;
  if (!offer || !outbox) return;
  const reply: Reply = { replyId: newKey(), offerId: offer, kind };
  reply.happenedAt = new Date(houseClock.now()).toISOString();
  if (reason) reply.reason = reason;
  const place = withPlace ? await placeNow() : undefined;
  if (place) reply.position = place;
  await outbox.say(offer, reply);
  etag = ""; // what the house knows next is news, whatever it is
  await outbox.flush();
}

// ---------------------------------------------------------------- beginning and end

async function shelf(): Promise<Shelf> {
  try {
    return await telephoneShelf();
  } catch {
    return pageShelf();
  }
}

export async function begin(onRefused: (code: string) => void): Promise<void> {
  setInterval(() => (now.value = houseClock.now()), 500);
  outbox = new Outbox(await shelf(), post);
  outbox.changed = () => (waiting.value = [...outbox!.waiting]);
  outbox.refused = (_, code) => onRefused(code);
  await outbox.open();
  const answer = await readSession();
  if (answer.ok) session.value = answer.value;
  else if (answer.status === 401) return void signedOut();
  void sayForEver();
  await askForEver();
}

export async function signOut(): Promise<void> {
  await send("DELETE", "v1/session", {});
  isClosed = true;
  location.replace("./?to=m");
}
