// Where one is, as it stands in the address bar: what was searched for and which record is open, so
// that the back button, a bookmark and a second window all work.
export interface Address {
  at: string; // a sheet's name, or one of the other pages'
  key?: string; // of the open record
  make?: string; // a new one is being written
  q?: string;
  area?: string;
  of?: string; // "home:H1": of a sheet, the rows with H1 in the column home
  status?: string;
  kind?: string;
  page?: string;
  role?: string;
  subject?: string;
  who?: string;
  what?: string;
  from?: string;
  until?: string;
  before?: string;
  period?: string;
}

export type AddressPart = keyof Address;

const parts: AddressPart[] = ["at", "key", "make", "q", "area", "of", "status", "kind", "page",
  "role", "subject", "who", "what", "from", "until", "before", "period"];
const longest = 200;

export function readAddress(search: string): Address {
  const query = new URLSearchParams(search);
  const read: Address = { at: "" };
  for (const part of parts) {
    const text = query.get(part)?.slice(0, longest);
    if (text) read[part] = text;
  }
  if (read.page && !/^[1-9]\d{0,5}$/.test(read.page)) delete read.page;
  return read;
}

// Always in the same order, and nothing that goes without saying: one place, one address.
export function writeAddress(address: Address): string {
  const query = new URLSearchParams();
  for (const part of parts) {
    const text = address[part];
    if (text && !(part === "page" && text === "1")) query.set(part, text);
  }
  const text = query.toString();
  return text ? `?${text}` : "";
}

// The list that a record was opened from, as it was filtered.
export function listOf(address: Address): Address {
  const { key: _key, make: _make, ...list } = address;
  return list;
}

// As the house is asked for them.
export function columnFilter(of: string | undefined): Record<string, string> {
  const found = /^([a-z_]+):(.+)$/.exec(of ?? "");
  return found ? { [found[1]!]: found[2]! } : {};
}

// Other filters begin at their first page.
export function filtered(address: Address, changes: Partial<Address>): Address {
  const { page: _page, before: _before, ...rest } = listOf(address);
  return { ...rest, ...changes };
}
