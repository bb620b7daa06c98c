// Who works here, and what of this page is hers.
import { computed, ref } from "vue";
import type { Problem, Session } from "../kit/contract.ts";
import { houseClock } from "../kit/house-clock.ts";
import { speakAs } from "../kit/http.ts";
import { look } from "./door.ts";
import { sheetOf } from "./sheets.ts";

export const session = ref<Session>();

export function may(right: string): boolean {
  return session.value?.may?.includes(right) ?? false;
}

export async function begin(): Promise<Problem | undefined> {
  const answer = await look<Session>("v1/session");
  if (!answer.ok) return answer.problem;
  houseClock.hear(answer.value.now);
  session.value = answer.value;
  speakAs(answer.value.user ?? "", () => undefined); // the door leads away, or keeps what is written
  return undefined;
}

// Where a right is enough for the whole of a page.
const rightOf: Record<string, string> = {
  plans: "see_plans",
  users: "change_users",
  access: "see_access_log",
  tonight: "see_reports",
  report: "see_reports",
  hotline: "see_reports",
  complaints: "complain",
  erasures: "ask_erasure",
};
export const sheetsOfTheMenu = ["residents", "homes", "devices", "providers", "workers", "areas",
  "sites"];

// A sheet is hers when the house tells of it; files bring in all of them.
export function maySee(at: string): boolean {
  if (at === "import") return may("change_registry") && !!sheetOf("areas")?.mayChange;
  const right = rightOf[at];
  return right ? may(right) : !!sheetOf(at);
}

export const menu = computed(() => [
  { name: "registry", items: [...sheetsOfTheMenu, "plans", "import"].filter(maySee) },
  { name: "reports", items: ["tonight", "report", "hotline", "complaints"].filter(maySee) },
  { name: "people", items: ["users", "access", "erasures"].filter(maySee) },
].filter((group) => group.items.length > 0));

export const first = computed(() => menu.value[0]?.items[0] ?? "");
