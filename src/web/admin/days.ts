// A day here as the house's instants; its clock is eight hours ahead of UTC.
const isDay = (day: string | undefined): day is string => /^\d{4}-\d{2}-\d{2}$/.test(day ?? "");

const shift = 8 * 3_600_000;

export function dayOf(now: number): string {
  return new Date(now + shift).toISOString().slice(0, 10);
}

export function monthOf(now: number): string {
  return dayOf(now).slice(0, 7);
}

// The next time that it is three at night.
export function nextNight(now: number): { day: string; time: string } {
  const hour = new Date(now + shift).getUTCHours();
  return { day: dayOf(hour < 3 ? now : now + 86_400_000), time: "03:00" };
}

export function instantAt(day: string, time: string): string | undefined {
  return isDay(day) && /^\d{2}:\d{2}$/.test(time) ? `${day}T${time}:00+08:00` : undefined;
}
