// A figure of the report as it is read.
import type { ReportFigure } from "./contract.ts";
import { span } from "../kit/house-clock.ts";

export function shareOf(figure: ReportFigure): number | undefined {
  if (figure.unit !== "ratio" || !figure.all) return undefined;
  return (figure.of ?? 0) / figure.all;
}

// Empty: there is nothing to say. A small number of cases says so by standing beside its share.
export function figureText(figure: ReportFigure | undefined): string {
  if (!figure) return "";
  const value = typeof figure.value === "number" ? figure.value : Number(figure.value ?? 0);
  if (figure.unit === "ratio")
    return figure.all ? `${((100 * (figure.of ?? 0)) / figure.all).toFixed(1)}% (${figure.of ?? 0}/${figure.all})` : "";
  if (figure.unit === "seconds") return figure.all ? `${span(value * 1000)} (${figure.all})` : "";
  return String(value);
}
