// What her tabs tell each other: one session, one operator, however many pages she has open.
export type Told = "touched" | { onDuty: boolean } | { silentUntil: number };

const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("linli-desk");
const ears: ((what: Told) => void)[] = [];

if (channel) channel.onmessage = (message: MessageEvent<Told>) => ears.forEach((ear) => ear(message.data));

// To the others, not to this page.
export function tellTabs(what: Told): void {
  channel?.postMessage(what);
}

export function hearTabs(ear: (what: Told) => void): void {
  ears.push(ear);
}
