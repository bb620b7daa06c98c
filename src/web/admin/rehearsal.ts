// A dry run's codes as people read them.
import { i18n, t, why, word } from "../kit/words.ts";

// "no_desk_open nobody at station": a code, and what the log would say behind it.
export function noteText(note: string | undefined): string {
  const [code = "", ...rest] = (note ?? "").split(" ");
  if (!i18n.global.te(`word.dry_run_note.${code}`, "zh-CN")) return why(note);
  return [word("dry_run_note", code), why(rest.join(" "))].filter(Boolean).join(" · ");
}

// "contact:R1/2 voice sms from 07:00": nobody's name, and no number.
export function reachedText(who: string): string {
  const found = /^contact:[^/]*\/(\d+)((?: [a-z]+)*?)(?: from (\S+))?$/.exec(who);
  if (!found) return who;
  const ways = (found[2] ?? "").trim().split(" ").filter(Boolean).map((each) => word("channel", each));
  return [t("admin.plan.contact", { place: found[1]! }), ...ways,
    found[3] ? t("admin.plan.from", { time: found[3] }) : ""].filter(Boolean).join(" ");
}
