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
