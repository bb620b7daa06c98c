// A device's cells when it changes hands.
import type { RegistryRecord } from "./contract.ts";

type Cells = Record<string, string>;
const nobody: Cells = { resident: "", home: "", worker: "" };

export function boundTo(column: string, owner: string): Cells {
  return { ...nobody, [column]: owner };
}

// It comes back to the stock where it lay, else to that of the area where it was: whoever takes it off
// finds it again, also without the whole city.
export function inStock(device: RegistryRecord): Cells {
  const area = device.rows?.[0]?.cells?.["stock_area"] || device.area;
  return area ? { ...nobody, stock_area: area } : nobody;
}
