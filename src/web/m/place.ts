// Where the telephone is, if it says so soon: a step never waits for a satellite.
import type { Position } from "../kit/contract.ts";

const longestMs = 6000;

export function placeNow(): Promise<Position | undefined> {
  if (!navigator.geolocation) return Promise.resolve(undefined);
  return new Promise((done) => {
    const late = setTimeout(() => done(undefined), longestMs + 500);
    navigator.geolocation.getCurrentPosition(
      (fix) => {
        clearTimeout(late);
        done({
          latitude: fix.coords.latitude,
          longitude: fix.coords.longitude,
          accuracyM: fix.coords.accuracy,
          source: "POSITION_SOURCE_GPS",
        });
      },
      () => {
        clearTimeout(late);
        done(undefined);
      },
      { enableHighAccuracy: true, timeout: longestMs, maximumAge: 30_000 },
    );
  });
}

// Metres between two places, on a ball: good to half a percent.
export function metresBetween(a: Position, b: Position): number {
  const rad = (degrees: number | string | undefined) => (Number(degrees ?? 0) * Math.PI) / 180;
  const dLat = rad(b.latitude) - rad(a.latitude);
  const dLng = rad(b.longitude) - rad(a.longitude);
  const h = Math.sin(dLat / 2) ** 2 +
    Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * Math.sin(dLng / 2) ** 2;
  return 2 * 6_371_000 * Math.asin(Math.sqrt(h));
}
