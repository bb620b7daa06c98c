// A time that the house has said, for who reads; nothing where there is none.
import { instant } from "./house-clock.ts";
import { dayText } from "./words.ts";

export function timeText(time: string | undefined): string {
  const at = instant(time);
  return at === undefined ? "" : dayText(at);
}

// "wang · 2026/11/30 09:12"
export function byText(who: string | undefined, time: string | undefined): string {
  return [who, timeText(time)].filter(Boolean).join(" · ");
}
