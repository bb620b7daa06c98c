// What is being written into a record, beside what the house has. Only what was changed is sent, so
// that a masked cell is kept without being known.
import type { RegistryChange, RegistryRecord, Sheet } from "./contract.ts";

export type Cells = Record<string, string>;

export interface Row {
  n: number; // its own, as long as the page is open
  before?: Cells; // as the house has it; none: it is new
  changed: Cells;
}

export interface Draft {
  rows: Row[];
  gone: Row[];
  isNew: boolean;
}

export interface Difference {
  row: Row;
  kind: "added" | "removed" | "changed";
  column: string; // empty: the whole row
  before: string;
  after: string;
}

let made = 0;

const rowOf = (before?: Cells): Row => ({ n: ++made, before, changed: {} });

export function draftOf(sheet: Sheet, record: RegistryRecord | undefined): Draft {
  const rows = (record?.rows ?? []).map((each) => rowOf({ ...(each.cells ?? {}) }));
  const isNew = !record;
  if (isNew && !sheet.owned) rows.push(rowOf());
  return { rows, gone: [], isNew };
}

export function valueOf(row: Row, column: string): string {
  return row.changed[column] ?? row.before?.[column] ?? "";
}

// Written back as it was, it is no change; of a masked cell nobody can tell.
export function put(row: Row, column: string, text: string, isMasked = false): void {
  if (!isMasked && text === (row.before?.[column] ?? "")) delete row.changed[column];
  else row.changed[column] = text;
}

export function undo(row: Row, column: string): void {
  delete row.changed[column];
}

export function addRow(draft: Draft, cells: Cells = {}): Row {
  const row = rowOf();
  row.changed = { ...cells };
  draft.rows.push(row);
  return row;
}

export function removeRow(draft: Draft, row: Row): void {
  draft.rows = draft.rows.filter((each) => each.n !== row.n);
  if (row.before) draft.gone.push(row);
}

export function isDirty(draft: Draft): boolean {
  return draft.gone.length > 0 || draft.rows.some((row) => Object.keys(row.changed).length > 0);
}

// ---------------------------------------------------------------- somebody's rows, in their order

// The column by which a row of an owner's is known: a contact's place, a zone's name.
export function nameColumn(sheet: Sheet): string {
  return sheet.columns?.[1]?.name ?? "";
}

// A row that takes another name is another row for the house: it is told whole.
export function isRenamed(sheet: Sheet, row: Row): boolean {
  const column = nameColumn(sheet);
  return !!sheet.owned && !!row.before && column in row.changed;
}

export function byPlace(draft: Draft): Row[] {
  return [...draft.rows].sort((a, b) => Number(valueOf(a, "place")) - Number(valueOf(b, "place")));
}

export function nextPlace(draft: Draft): string {
  return String(Math.max(0, ...draft.rows.map((row) => Number(valueOf(row, "place")) || 0)) + 1);
}

// Changes places with the one above (-1) or below (1).
export function move(draft: Draft, row: Row, by: -1 | 1): boolean {
  const order = byPlace(draft);
  const other = order[order.findIndex((each) => each.n === row.n) + by];
  if (!other) return false;
  const [mine, his] = [valueOf(row, "place"), valueOf(other, "place")];
  put(row, "place", his);
  put(other, "place", mine);
  return true;
}

// Written whole, a row would carry its masks into the house.
export function needsClearText(sheet: Sheet, draft: Draft): boolean {
  const hasPersonal = (sheet.columns ?? []).some((each) => each.personal);
  return hasPersonal && draft.rows.some((row) => isRenamed(sheet, row));
}

// ---------------------------------------------------------------- what is sent, what is shown

// A new row may stand where another one stood: what isn't said in it must not be the other's.
function unsaid(sheet: Sheet, row: Row): Cells {
  if (row.before) return {};
  return Object.fromEntries((sheet.columns ?? []).map((each) => [each.name ?? "", ""]));
}

function wholeRow(row: Row): Cells {
  return { ...(row.before ?? {}), ...row.changed };
}

export function changeOf(sheet: Sheet, key: string, draft: Draft, etag: string): RegistryChange {
  if (!sheet.owned)
    return { rows: draft.rows.map((row) => ({ cells: { ...row.changed } })), etag };
  const name = nameColumn(sheet);
  const owner = sheet.key ?? "";
  const rows = draft.rows.map((row) => {
    const cells = !row.before || isRenamed(sheet, row) ? wholeRow(row) : row.changed;
    return { cells: { ...unsaid(sheet, row), ...cells, [owner]: key, [name]: valueOf(row, name) } };
  });
  return { rows, etag };
}

export function differences(draft: Draft): Difference[] {
  const of = (row: Row): Difference[] => {
    const columns = Object.keys(row.changed);
    const all = columns.map((column): Difference => ({
      row, kind: "changed", column, before: row.before?.[column] ?? "", after: row.changed[column]!,
    }));
    return row.before ? all : [{ row, kind: "added", column: "", before: "", after: "" },
      ...all.filter((each) => each.after !== "")];
  };
  const gone = draft.gone.map((row): Difference => ({
    row, kind: "removed", column: "", before: "", after: "",
  }));
  return [...draft.rows.flatMap(of), ...gone];
}

// ---------------------------------------------------------------- news from the house

function rowFor(sheet: Sheet, record: RegistryRecord, row: Row, at: number): Cells | undefined {
  const rows = record.rows ?? [];
  if (!sheet.owned) return rows[0]?.cells;
  const name = nameColumn(sheet);
  const known = row.before?.[name];
  return (rows.find((each) => each.cells?.[name] === known) ?? (name ? undefined : rows[at]))?.cells;
}

// The clear text takes the masked one's place; what was written stays.
export function reveal(sheet: Sheet, draft: Draft, record: RegistryRecord): void {
  const all = [...draft.rows, ...draft.gone];
  all.forEach((row, at) => {
    const clear = row.before && rowFor(sheet, record, row, at);
    if (!clear) return;
    row.before = { ...clear };
    for (const [column, text] of Object.entries(row.changed)) put(row, column, text);
  });
}

export interface Clash {
  column: string; // empty: the whole row is another's
  theirs: string;
  mine: string;
  lost?: Cells; // of a whole row: what was written for whom it was; nothing in it: it was removed
}

// Who a row is about, beside the place in which it stands.
function personColumns(sheet: Sheet): string[] {
  const known = (sheet.columns ?? []).map((each) => each.name ?? "");
  return ["name", "phone"].filter((each) => known.includes(each) && each !== nameColumn(sheet));
}

// One of the two may be masked.
function isAlike(one: string, other: string): boolean {
  const hides = (mask: string, text: string) => {
    const [head = "", ...rest] = mask.split(/\*{2,}/);
    const tail = rest[rest.length - 1];
    return tail !== undefined && text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
  };
  return one === other || hides(one, other) || hides(other, one);
}

function isSamePerson(sheet: Sheet, one: Cells | undefined, other: Cells | undefined): boolean {
  return personColumns(sheet).every((column) => isAlike(one?.[column] ?? "", other?.[column] ?? ""));
}

const personIn = (sheet: Sheet, cells: Cells | undefined) =>
  personColumns(sheet).flatMap((column) => cells?.[column] || []).join(" ");

// Where a row stands now: by its name or place, unless somebody else has that meanwhile and he
// himself another one.
function rowNow(sheet: Sheet, fresh: Draft, row: Row): Row | undefined {
  if (!sheet.owned) return fresh.rows[0];
  if (!row.before) return undefined;
  const name = nameColumn(sheet);
  const there = fresh.rows.find((each) => each.before?.[name] === row.before?.[name]);
  if (!personColumns(sheet).length || (there && isSamePerson(sheet, row.before, there.before))) return there;
  const elsewhere = fresh.rows.filter((each) => isSamePerson(sheet, row.before, each.before));
  return elsewhere.length === 1 ? elsewhere[0] : there;
}

// Somebody else may have its place by now. What is masked must not be written as if it were the text.
function anew(sheet: Sheet, fresh: Draft, row: Row, isMasked: boolean): Cells {
  const cells = isMasked ? { ...row.changed } : wholeRow(row);
  if (nameColumn(sheet) !== "place") return cells;
  const isTaken = fresh.rows.some((each) => valueOf(each, "place") === cells.place);
  return cells.place && !isTaken ? cells : { ...cells, place: nextPlace(fresh) };
}

// What was written, on top of what somebody else has made of the record meanwhile; and where both
// have written. What was written for one person is never put on another.
export function rebase(sheet: Sheet, draft: Draft, record: RegistryRecord):
  { draft: Draft; clashes: Clash[] } {
  const fresh = draftOf(sheet, record);
  const clashes: Clash[] = [];
  const isAnothers = (row: Row, there: Row) => !!sheet.owned && !isSamePerson(sheet, row.before, there.before);
  const another = (row: Row, there: Row, lost: Cells) => clashes.push({
    column: "", theirs: personIn(sheet, there.before), mine: personIn(sheet, row.before), lost });
  const added: Row[] = [];
  for (const row of draft.rows) {
    const into = rowNow(sheet, fresh, row);
    const wasWritten = Object.keys(row.changed).length > 0;
    if (!into) {
      if (!row.before || wasWritten) added.push(row); // here, or somebody has taken it away
      continue;
    }
    if (isAnothers(row, into)) {
      if (wasWritten) another(row, into, row.changed);
      continue;
    }
    for (const [column, mine] of Object.entries(row.changed)) {
      const theirs = into.before?.[column] ?? "";
      if (theirs !== (row.before?.[column] ?? "") && theirs !== mine)
        clashes.push({ column, theirs, mine });
      put(into, column, mine, !!record.masked);
    }
  }
  for (const row of draft.gone) {
    const there = rowNow(sheet, fresh, row);
    if (there && isAnothers(row, there)) another(row, there, {});
    else if (there) removeRow(fresh, there);
  }
  for (const row of added) addRow(fresh, anew(sheet, fresh, row, !!record.masked));
  return { draft: fresh, clashes };
}
