import { instant } from "./house-clock.ts";
import { language } from "./words.ts";

// Of a booking: "11/29 11:30–12:00".
export function windowText(offer: { wishedFrom?: string; wishedUntil?: string } | undefined): string {
  const from = instant(offer?.wishedFrom);
  const until = instant(offer?.wishedUntil);
  if (from === undefined || until === undefined) return "";
  const zone = { hourCycle: "h23", timeZone: "Asia/Shanghai" } as const;
  const clock = new Intl.DateTimeFormat(language(), { ...zone, hour: "2-digit", minute: "2-digit" });
  const day = new Intl.DateTimeFormat(language(), { ...zone, month: "numeric", day: "numeric" });
  return `${day.format(from)} ${clock.format(from)}–${clock.format(until)}`;
}
