import { createI18n } from "vue-i18n";

export const languages = ["zh-CN", "en"] as const;
export type Language = (typeof languages)[number];

const kept = "linli.language";

function remembered(): Language {
  try {
    const was = localStorage.getItem(kept);
    if (was === "en" || was === "zh-CN") return was;
  } catch {
    // Storage may be forbidden: Chinese, then.
  }
  return "zh-CN";
}

export const i18n = createI18n({
  legacy: false,
  locale: remembered(),
  fallbackLocale: "zh-CN",
  messages: { "zh-CN": {}, en: {} }, // each page brings those that it needs
  missingWarn: false,
  fallbackWarn: false,
});

export const t = i18n.global.t;

export function learn(messages: Record<Language, object>): void {
  for (const each of languages) i18n.global.setLocaleMessage(each, messages[each]);
}

export function language(): Language {
  return i18n.global.locale.value as Language;
}

export function speak(which: Language): void {
  i18n.global.locale.value = which;
  document.documentElement.lang = which;
  try {
    localStorage.setItem(kept, which);
  } catch {
    // It is spoken until the page is closed.
  }
}

// A word of the house in the page's language; one that the page doesn't know as it is.
export function word(list: string, name: string | undefined): string {
  if (!name) return "";
  const key = `word.${list}.${name}`;
  return i18n.global.te(key) || i18n.global.te(key, "zh-CN") ? t(key) : name;
}

// Why the house refused.
export function problemText(code: string | undefined, who = ""): string {
  const key = `problem.${code}`;
  const text = t(key, { who });
  return text === key ? t("problem.other", { code: code ?? "?" }) : text;
}

// "step 2 ask ring_back: handled": ids and codes, of which the codes are translated.
const whyLists = ["why", "audience", "ask", "disposition", "match_reason", "site_level",
  "alert_kind", "go_trouble", "withdrawn", "notice_reason", "purpose", "service", "order_state"];

export function why(text: string | undefined): string {
  // "…, nobody at station": a rung that was passed by.
  const empty = /,? ?nobody at ([a-z_, ]+)$/.exec(text ?? "");
  const rest = empty ? (text ?? "").slice(0, empty.index) : (text ?? "");
  const told = rest.replace(/[A-Za-z0-9_-]+/g, (part) => {
    const list = whyLists.find((each) => i18n.global.te(`word.${each}.${part}`));
    return list ? word(list, part) : part;
  });
  if (!empty) return told;
  const passed = empty[1]!.split(/, ?/).map((each) => word("site_level", each));
  const desks = passed.join(language() === "en" ? ", " : "\u3001");
  return told ? t("line.passed", { told, desks }) : t("line.nobody_at", { desks });
}

const zone = "Asia/Shanghai";

export function clockText(at: number): string {
  return new Intl.DateTimeFormat(language(), {
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: zone,
  }).format(at);
}

// 0 to 23, as the installation's clocks show it.
export function hourOf(at: number): number {
  return Number(new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: zone }).format(at));
}

export function dayText(at: number): string {
  return new Intl.DateTimeFormat(language(), {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
    hourCycle: "h23", timeZone: zone,
  }).format(at);
}
