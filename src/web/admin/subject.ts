// "resident:R1" as people read it.
import { word } from "../kit/words.ts";
import { sheetLabel } from "./labels.ts";

export function subjectText(subject: string | undefined): string {
  const found = /^(\w+):(.*)$/.exec(subject ?? "");
  if (found?.[1] === "sheet") return `${word("subject", "sheet")} ${sheetLabel(found[2]!)}`;
  return found ? `${word("subject", found[1])} ${found[2]}` : (subject ?? "");
}

// Its record, where the registry has one, or the page that shows it.
const sheets: Record<string, string> = { resident: "residents", home: "homes", device: "devices",
  provider: "providers", worker: "workers", area: "areas", site: "sites",
  complaint: "complaints" };

export function recordOf(subject: string | undefined): { at: string; key: string } | undefined {
  const [kind = "", key = ""] = (subject ?? "").split(":");
  const at = sheets[kind];
  return at && key ? { at, key } : undefined;
}
