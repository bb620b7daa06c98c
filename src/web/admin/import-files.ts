// The files that an import takes, and what is too much for one.
export const importNames = ["areas.csv", "sites.csv", "homes.csv", "residents.csv", "contacts.csv",
  "providers.csv", "workers.csv", "devices.csv", "limits.csv", "silences.csv", "zones.geojson"];

export interface Chosen {
  name: string;
  text: string;
}

// What stands in a file; nothing if that is not UTF-8 (GB18030, as Excel saves a plain "CSV"). A
// reader that forgives puts one mark in the place of whatever it doesn't know, and the house could no
// longer see that all names were lost.
export async function textIn(file: Blob): Promise<string | undefined> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

// The same file chosen again takes its former's place.
export function withFiles(chosen: Chosen[], more: Chosen[]): Chosen[] {
  const rest = chosen.filter((each) => !more.some((one) => one.name === each.name));
  const all = [...rest, ...more.filter((each) => importNames.includes(each.name))];
  return all.sort((a, b) => importNames.indexOf(a.name) - importNames.indexOf(b.name));
}

export function strangers(names: string[]): string[] {
  return names.filter((each) => !importNames.includes(each));
}

// A row a mistake, as its file and line are opened: residents.csv:12.
export function placeOf(file: string | undefined, line: number | undefined): string {
  return line ? `${file}:${line}` : (file ?? "");
}
