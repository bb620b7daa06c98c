// Where the telephone is, if it says so soon: a step waits for a satellite for a moment, or not at all.
import type { Position } from "../kit/contract.ts";

const longestMs = 6000;
const lastForMs = 10 * 60_000; // how long a fix is better than none

let last: { fix: Position; at: number } | undefined;

export function lastPlace(): Position | undefined {
  return last && Date.now() - last.at < lastForMs ? last.fix : undefined;
}

export function placeNow(withinMs = longestMs): Promise<Position | undefined> {
  if (!navigator.geolocation) return Promise.resolve(undefined);
  return new Promise((done) => {
    const late = setTimeout(() => done(undefined), withinMs + 500);
    navigator.geolocation.getCurrentPosition(
      (fix) => {
        clearTimeout(late);
        const place: Position = {
          latitude: fix.coords.latitude,
          longitude: fix.coords.longitude,
          accuracyM: fix.coords.accuracy,
          source: "POSITION_SOURCE_GPS",
        };
        last = { fix: place, at: Date.now() };
        done(place);
      },
      () => {
        clearTimeout(late);
        done(undefined);
      },
      { enableHighAccuracy: true, timeout: withinMs, maximumAge: 30_000 },
    );
  });
}
