// A report of a day or a month, of the area and the period that stand in the address.
import { computed } from "vue";
import { houseClock } from "../kit/house-clock.ts";
import { monthOf } from "./days.ts";
import { pathWith } from "./door.ts";
import { here } from "./here.ts";
import { useReading } from "./reading.ts";
import { session } from "./session.ts";

export const asked = computed(() => ({ area: here.value.area || session.value?.area,
  period: here.value.period || monthOf(houseClock.now()) }));

export function usePeriodReport<T>(path: string) {
  const csv = computed(() => `./${pathWith(path, { ...asked.value, format: "csv" })}`);
  const { value: report, ...rest } = useReading<T>(() => pathWith(path, asked.value));
  return { report, csv, ...rest };
}
