// The house's time as far as this page knows it: what the house has said, and how long ago that
// was. One of the device's clocks is set by nobody but stands still while it sleeps; the other goes
// on but may be set. An answer that lay in a sleeping telephone is old when it is heard. All of
// that makes the house's time too early, so of the newest answers the latest time is right.
export class HouseClock {
  #heard: { steady: number; wall: number }[] = []; // how far the house is ahead of either

  hear(saidAt: string | undefined, steady = performance.now(), wall = Date.now()): void {
    const at = saidAt ? Date.parse(saidAt) : NaN;
    if (!Number.isNaN(at)) this.#heard = [...this.#heard.slice(-2), { steady: at - steady, wall: at - wall }];
  }

  now(steady = performance.now(), wall = Date.now()): number {
    if (this.#heard.length === 0) return wall;
    return Math.max(...this.#heard.map((each) => Math.max(steady + each.steady, wall + each.wall)));
  }
}

export const houseClock = new HouseClock();

export function instant(text: string | undefined): number | undefined {
  const at = text ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : at;
}

// "00:14", "12:07", "3:05:09", "2d 03h": never negative.
export function span(milliseconds: number): string {
  const s = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  if (s < 3600) return `${two(Math.floor(s / 60))}:${two(s % 60)}`;
  if (s < 86_400) return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return `${Math.floor(s / 86_400)}d ${two(Math.floor(s / 3600) % 24)}h`;
}
