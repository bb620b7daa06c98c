// Positions are WGS-84 everywhere but on tiles that are drawn in GCJ-02, which lies some hundred
// metres off it in China. The shift's formula has no publisher; the constants are those that every
// open implementation shares, and the test's points are from theirs.
export type Crs = "wgs84" | "cgcs2000" | "gcj02";
export type LatLng = [latitude: number, longitude: number];

const semiMajor = 6_378_245; // Krasovsky 1940, metres
const eccentricity = 0.006_693_421_622_965_943; // squared

const sin = (turns: number) => Math.sin(turns * Math.PI);

function isInChina([latitude, longitude]: LatLng): boolean {
  return latitude > 0.8293 && latitude < 55.8271 && longitude > 72.004 && longitude < 137.8347;
}

// By how many degrees a point is moved.
function shiftAt([latitude, longitude]: LatLng): LatLng {
  const x = longitude - 105;
  const y = latitude - 35;
  const both = (20 * sin(6 * x) + 20 * sin(2 * x)) * (2 / 3);
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + both +
    (20 * sin(y) + 40 * sin(y / 3) + 160 * sin(y / 12) + 320 * sin(y / 30)) * (2 / 3);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + both +
    (20 * sin(x) + 40 * sin(x / 3) + 150 * sin(x / 12) + 300 * sin(x / 30)) * (2 / 3);
  const radians = (latitude * Math.PI) / 180;
  const bulge = 1 - eccentricity * Math.sin(radians) ** 2;
  const degrees = 180 / Math.PI;
  return [
    (north * degrees * bulge ** 1.5) / (semiMajor * (1 - eccentricity)),
    (east * degrees * Math.sqrt(bulge)) / (semiMajor * Math.cos(radians)),
  ];
}

// Where a position stands on tiles of that kind.
export function onTiles(at: LatLng, crs: Crs): LatLng {
  if (crs !== "gcj02" || !isInChina(at)) return at;
  const [north, east] = shiftAt(at);
  return [at[0] + north, at[1] + east];
}

// Which position a point on them is: the shift changes slowly, so a few steps come within a hand.
export function offTiles(point: LatLng, crs: Crs): LatLng {
  let at = point;
  for (let step = 0; step < 4; ++step) {
    const [latitude, longitude] = onTiles(at, crs);
    at = [at[0] + point[0] - latitude, at[1] + point[1] - longitude];
  }
  return at;
}
