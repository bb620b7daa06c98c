// A zone's border as points north and east, in degrees (WGS-84); the house writes it as WKT, where
// the longitude comes first.
export interface Point {
  latitude: number;
  longitude: number;
}

export type ShapeFault = "too_few" | "crosses" | "off_the_globe" | "swapped" | "not_a_point";

const metresOfDegree = 111_320;
const decimals = 6; // a hand's breadth
const most = 1000;

function rounded(degrees: number): number {
  return Number(degrees.toFixed(decimals));
}

// Its outer border, without the point that closes it. Borders with holes are drawn elsewhere.
export function readShape(wkt: string): Point[] | undefined {
  const ring = /^\s*POLYGON\s*\(\s*\(([^()]*)\)\s*\)\s*$/i.exec(wkt)?.[1];
  if (ring === undefined) return undefined;
  const points = ring.split(",").slice(0, most + 1).map((each) => {
    const [longitude, latitude] = each.trim().split(/\s+/).map(Number);
    return { latitude: latitude ?? NaN, longitude: longitude ?? NaN };
  });
  if (points.some((p) => Number.isNaN(p.latitude) || Number.isNaN(p.longitude))) return undefined;
  const [first, last] = [points[0], points[points.length - 1]];
  const isClosed = points.length > 1 && first!.latitude === last!.latitude &&
    first!.longitude === last!.longitude;
  return isClosed ? points.slice(0, -1) : points;
}

// Counter-clockwise and closed, as the house takes it.
export function writeShape(points: Point[]): string {
  if (points.length === 0) return "";
  const turned = area(points) < 0 ? [...points].reverse() : points;
  const ring = [...turned, turned[0]!].map((p) => `${rounded(p.longitude)} ${rounded(p.latitude)}`);
  return `POLYGON((${ring.join(",")}))`;
}

// A line a point, north first, as it is read out and as maps show it.
export function readLines(text: string): { points: Point[]; wrongLine: number } {
  const points: Point[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; ++at) {
    const line = lines[at]!.trim();
    if (!line) continue;
    const found = /^(-?\d+(?:\.\d+)?)\s*[,\uff0c\s]\s*(-?\d+(?:\.\d+)?)$/.exec(line);
    if (!found) return { points, wrongLine: at + 1 };
    points.push({ latitude: Number(found[1]), longitude: Number(found[2]) });
  }
  return { points, wrongLine: 0 };
}

export function writeLines(points: Point[]): string {
  return points.map((p) => `${rounded(p.latitude)}, ${rounded(p.longitude)}`).join("\n");
}

// ---------------------------------------------------------------- is it one

function area(points: Point[]): number {
  return points.reduce((sum, p, at) => {
    const next = points[(at + 1) % points.length]!;
    return sum + p.longitude * next.latitude - next.longitude * p.latitude;
  }, 0);
}

function side(a: Point, b: Point, c: Point): number {
  return Math.sign((b.longitude - a.longitude) * (c.latitude - a.latitude) -
    (b.latitude - a.latitude) * (c.longitude - a.longitude));
}

function cross(a: Point, b: Point, c: Point, d: Point): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

function crossesItself(points: Point[]): boolean {
  const many = points.length;
  const at = (n: number) => points[n % many]!;
  for (let i = 0; i < many; ++i)
    for (let j = i + 2; j < many; ++j) {
      if (i === 0 && j === many - 1) continue; // neighbours
      if (cross(at(i), at(i + 1), at(j), at(j + 1))) return true;
    }
  return false;
}

export function faultOf(points: Point[]): ShapeFault | undefined {
  if (points.some((p) => Math.abs(p.latitude) > 90 && Math.abs(p.longitude) <= 90))
    return "swapped";
  if (points.some((p) => Math.abs(p.latitude) > 90 || Math.abs(p.longitude) > 180))
    return "off_the_globe";
  if (points.length >= 3 && crossesItself(points)) return "crosses";
  return points.length < 3 || area(points) === 0 ? "too_few" : undefined;
}

// ---------------------------------------------------------------- drawing

// Between the two neighbours that it lengthens least, so that a border can be bent anywhere.
export function withPoint(points: Point[], added: Point): Point[] {
  if (points.length < 3) return [...points, added];
  const shrink = Math.cos((added.latitude * Math.PI) / 180);
  const far = (a: Point, b: Point) =>
    Math.hypot((a.longitude - b.longitude) * shrink, a.latitude - b.latitude);
  let [best, least] = [points.length, Infinity];
  points.forEach((p, at) => {
    const next = points[(at + 1) % points.length]!;
    const longer = far(p, added) + far(added, next) - far(p, next);
    if (longer < least) [best, least] = [at + 1, longer];
  });
  return [...points.slice(0, best), added, ...points.slice(best)];
}

export function withMoved(points: Point[], which: number, to: Point): Point[] {
  return points.map((p, at) => (at === which ? to : p));
}

export function without(points: Point[], which: number): Point[] {
  return points.filter((_, at) => at !== which);
}

export function circleAround(middle: Point, metres: number, corners = 16): Point[] {
  const shrink = Math.cos((middle.latitude * Math.PI) / 180);
  return Array.from({ length: corners }, (_, n) => {
    const turn = (2 * Math.PI * n) / corners;
    return {
      latitude: rounded(middle.latitude + (Math.sin(turn) * metres) / metresOfDegree),
      longitude: rounded(middle.longitude + (Math.cos(turn) * metres) / (metresOfDegree * shrink)),
    };
  });
}
