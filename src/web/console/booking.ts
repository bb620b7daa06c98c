// What can be booked, for whom, and what is booked and not done yet.
import { computed, ref, shallowRef } from "vue";
import type {
  BookablePeople, BookablePerson, Booking, BookingPage, Catalogue, CatalogueService, Problem,
} from "../kit/contract.ts";
import { newKey, read, send, type Answer } from "../kit/http.ts";
import { language } from "../kit/words.ts";
import { may } from "./desk.ts";

// Whom the dialog is about: nobody yet, then they are looked for.
export interface BookingFor {
  people: { id: string; name: string }[];
  request?: string; // that it answers
}

export const booking = shallowRef<BookingFor | undefined>();
export const isListOpen = ref(false);

// ---------------------------------------------------------------- the catalogue
export const catalogue = shallowRef<CatalogueService[]>([]);

export async function readCatalogue(): Promise<Problem | undefined> {
  if (catalogue.value.length > 0) return undefined;
  const answer = await read<Catalogue>("v1/catalogue");
  if (!answer.ok) return answer.problem;
  catalogue.value = answer.value.services ?? [];
  return undefined;
}

export function nameOfService(service: CatalogueService): string {
  return (language() === "en" ? service.en : service.zh) ?? service.code ?? "";
}

// By initials of the pinyin, by a part of the name, by the code's beginning; who begins with it first.
export function servicesLike(typed: string): CatalogueService[] {
  const like = typed.trim().toLowerCase();
  if (!like) return catalogue.value;
  const begins = (each: CatalogueService) =>
    [each.initials, each.code, each.zh, each.en].some((text) => text?.toLowerCase().startsWith(like));
  const holds = (each: CatalogueService) =>
    [each.zh, each.en].some((text) => text?.toLowerCase().includes(like));
  return [...catalogue.value.filter(begins),
    ...catalogue.value.filter((each) => !begins(each) && holds(each))];
}

export async function peopleLike(typed: string): Promise<BookablePerson[]> {
  const answer = await read<BookablePeople>(`v1/bookings/residents?q=${encodeURIComponent(typed)}`);
  return answer.ok ? (answer.value.people ?? []) : [];
}

// ---------------------------------------------------------------- times, as the house's clocks show them
const offset = "+08:00";
const offsetMs = 8 * 3_600_000;
export const windowMinutes = 30;

// "2026-11-29"
export function dayAt(at: number): string {
  return new Date(at + offsetMs).toISOString().slice(0, 10);
}

// "11:30"
export function timeAt(at: number): string {
  return new Date(at + offsetMs).toISOString().slice(11, 16);
}

export function daysFrom(at: number, count: number): string[] {
  return Array.from({ length: count }, (_, n) => dayAt(at + n * 86_400_000));
}

export function weekdayOf(day: string): string {
  return new Intl.DateTimeFormat(language(), { month: "numeric", day: "numeric", weekday: "short",
    timeZone: "UTC" }).format(Date.parse(`${day}T00:00:00Z`));
}

// "06:00" … "21:30"
export const beginnings = Array.from({ length: 32 }, (_, n) =>
  `${String(6 + Math.floor(n / 2)).padStart(2, "0")}:${n % 2 ? "30" : "00"}`);

export function endOf(time: string): string {
  return timeAt(Date.parse(`2026-01-01T${time}:00${offset}`) + windowMinutes * 60_000);
}

export function windowOf(day: string, time: string): { from: string; until: string } {
  const from = Date.parse(`${day}T${time}:00${offset}`);
  return { from: new Date(from).toISOString(),
    until: new Date(from + windowMinutes * 60_000).toISOString() };
}

// ---------------------------------------------------------------- deeds
export interface Wish {
  resident: string;
  service: string;
  from: string;
  until: string;
  words: string;
  request?: string;
}

// The same wish has the same key, so that a line which broke books it once.
export function booker() {
  let last = "";
  let key = "";
  return (wish: Wish): Promise<Answer<Booking>> => {
    const text = JSON.stringify(wish);
    if (text !== last) key = newKey();
    last = text;
    return send<Booking>("POST", "v1/bookings", wish, { key });
  };
}

const pathOf = (booked: Booking) => `v1/bookings/${encodeURIComponent(booked.id ?? "")}`;

export const move = (booked: Booking, to: { from: string; until: string }, text: string) =>
  send("POST", `${pathOf(booked)}/move`, { ...to, text, state: booked.state },
    { version: booked.version });
export const cancel = (booked: Booking, text: string) =>
  send("POST", `${pathOf(booked)}/cancel`, { text, state: booked.state },
    { version: booked.version });

// ---------------------------------------------------------------- what is coming
// How many there are at all, whatever of them is looked at.
export const coming = shallowRef<BookingPage>({});
export const inTrouble = computed(() => coming.value.inTrouble ?? 0);
const everyMs = 30_000;

export async function readComing(): Promise<void> {
  const answer = await read<BookingPage>("v1/bookings?per_page=1");
  if (answer.ok) coming.value = answer.value;
}

// The page that is looked at, by time: from the oldest that nobody has ended, or from a day on.
export const listed = shallowRef<BookingPage>({});
export const listProblem = ref("");
export const fromDay = ref(""); // "2026-11-29"; empty: whatever there is
const pageNow = ref(1);
const perPage = 100; // the house gives no more
export const lastPage = computed(() => Math.max(1, Math.ceil((listed.value.total ?? 0) / perPage)));
export const moreAfter = computed(() => listed.value.bookings?.length
  ? (listed.value.total ?? 0) - ((listed.value.page ?? 1) - 1) * perPage - listed.value.bookings.length : 0);

export async function readListed(page = pageNow.value): Promise<void> {
  pageNow.value = page;
  const asked = new URLSearchParams({ page: String(page), per_page: String(perPage) });
  if (fromDay.value) asked.set("from", new Date(`${fromDay.value}T00:00:00${offset}`).toISOString());
  const [answer] = await Promise.all([read<BookingPage>(`v1/bookings?${asked}`), readComing()]);
  if (page !== pageNow.value) return; // another was asked for meanwhile
  listProblem.value = answer.ok ? "" : (answer.problem.code ?? "");
  if (!answer.ok) return;
  listed.value = { ...answer.value, page };
  // Its last one was cancelled, or came to its end.
  if (page > lastPage.value) await readListed(lastPage.value);
}

export function watchComing(): void {
  if (!may("book")) return;
  void readComing();
  setInterval(() => void (isListOpen.value ? readListed() : readComing()), everyMs);
}
