import type { Position } from "../kit/contract.ts";

// A drawing without tiles: metres east and north of its middle, north up.
export interface Dot {
  kind: "home" | "device" | "candidate";
  label: string;
  position: Position;
}

export interface Drawn extends Dot {
  x: number;
  y: number;
  radius: number; // of its accuracy
}

const metresOfDegree = 111_320;

export function metresBetween(a: Position, b: Position): number {
  const [lat1, lon1] = [a.latitude as number, a.longitude as number];
  const [lat2, lon2] = [b.latitude as number, b.longitude as number];
  const east = (lon2 - lon1) * Math.cos((lat1 * Math.PI) / 180);
  return Math.hypot(east, lat2 - lat1) * metresOfDegree;
}

export function isPlace(p: Position | undefined): p is Position {
  return typeof p?.latitude === "number" && typeof p.longitude === "number";
}

// A round number of metres that takes about a quarter of the width.
export function scaleOf(metresWide: number): number {
  const rough = metresWide / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [5, 2, 1].map((each) => each * power).find((each) => each <= rough) ?? power;
}

export function draw(dots: Dot[], width: number, height: number) {
  const latitudes = dots.map((dot) => dot.position.latitude as number);
  const longitudes = dots.map((dot) => dot.position.longitude as number);
  const middle = (of: number[]) => (Math.min(...of) + Math.max(...of)) / 2;
  const [lat0, lon0] = [middle(latitudes), middle(longitudes)];
  const shrink = Math.cos((lat0 * Math.PI) / 180);
  const east = (p: Position) => ((p.longitude as number) - lon0) * shrink * metresOfDegree;
  const north = (p: Position) => ((p.latitude as number) - lat0) * metresOfDegree;
  const widest = Math.max(...dots.map((dot) => Math.abs(east(dot.position))), 60);
  const highest = Math.max(...dots.map((dot) => Math.abs(north(dot.position))), 60);
  const margin = 0.78; // labels need room
  const unit = margin * Math.min(width / 2 / widest, height / 2 / highest); // pixels a metre
  const drawn: Drawn[] = dots.map((dot) => ({
    ...dot,
    x: width / 2 + east(dot.position) * unit,
    y: height / 2 - north(dot.position) * unit,
    radius: Math.min(((dot.position.accuracyM as number | undefined) ?? 0) * unit, width),
  }));
  const scale = scaleOf(width / unit);
  return { drawn, scale, scalePixels: scale * unit };
}
