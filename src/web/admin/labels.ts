// The registry's columns and words as people read them.
import { i18n, language, t, word } from "../kit/words.ts";
import type { Column } from "./contract.ts";

function known(key: string): boolean {
  return i18n.global.te(key) || i18n.global.te(key, "zh-CN");
}

export function sheetLabel(sheet: string): string {
  return known(`sheet.${sheet}`) ? t(`sheet.${sheet}`) : sheet;
}

// A column that a newer house has and this page doesn't know keeps its name of the file.
export function columnLabel(sheet: string, column: string): string {
  const key = `word.column_of_${sheet}.${column}`;
  return known(key) ? t(key) : column;
}

const lists: Record<string, string> = {
  "residents.status": "resident_status",
  "residents.language": "spoken_language",
  "homes.flags": "home_flag",
  "homes.key_holder": "key_holder",
  "devices.kind": "device_kind",
  "workers.kind": "responder_kind",
  "sites.level": "site_level",
  "providers.dispatch": "dispatch_way",
  "contacts.channels": "channel",
  "limits.what": "vital_sign",
  "zones.kind": "zone_kind",
};

export function wordLabel(sheet: string, column: string, name: string): string {
  const list = lists[`${sheet}.${column}`];
  return list ? word(list, name) : name;
}

export function joined(texts: string[]): string {
  return texts.join(language() === "en" ? ", " : "\u3001");
}

export function cellText(sheet: string, column: Column, text: string | undefined): string {
  if (!text) return "";
  const name = column.name ?? "";
  if (column.kind === "yes_no") return word("yes_no", text);
  if (column.kind === "words" && !column.refersTo)
    return joined(text.split(/\s+/).map((each) => wordLabel(sheet, name, each)));
  return wordLabel(sheet, name, text);
}
