// The sheets of this installation, asked for once: tables and forms are made from them.
import { ref } from "vue";
import type { Problem } from "../kit/contract.ts";
import type { Cells } from "./draft.ts";
import type { Column, Sheet, Sheets } from "./contract.ts";
import { look } from "./door.ts";

const all = ref<Sheet[]>([]);

export async function readSheets(): Promise<Problem | undefined> {
  const answer = await look<Sheets>("v1/registry");
  if (!answer.ok) return answer.problem;
  all.value = answer.value.sheets ?? [];
  return undefined;
}

export function sheetOf(name: string): Sheet | undefined {
  return all.value.find((each) => each.name === name);
}

export function allSheets(): Sheet[] {
  return all.value;
}

export function columnOf(sheet: Sheet, name: string): Column | undefined {
  return sheet.columns?.find((each) => each.name === name);
}

// What is read in a record only: a table of all columns can't be overlooked.
const notInTables = new Set(["latitude", "longitude", "access_notes", "notes", "id_number",
  "synthetic", "address_verified_by", "key_tested", "shift_leader", "people", "homes", "areas"]);

export function tableColumns(sheet: Sheet): Column[] {
  return (sheet.columns ?? []).filter((each) => !notInTables.has(each.name ?? ""));
}

// What a record is called, beside its key.
export function nameIn(cells: Cells | undefined): string {
  return cells?.name || cells?.rough_place || "";
}
