// Lines of the queue in the field's words.
let made = 0;

const ids = () => `0192a0b0-0000-7000-8000-${String(++made).padStart(12, "0")}`;
export const at = (seconds) => new Date(Date.UTC(2026, 10, 28, 3, 0, seconds)).toISOString();

export function alert(level, more = {}) {
  return {
    id: ids(), of: "alert", version: 1, kind: "sos", level, state: "raised", purpose: "real",
    name: "王**", place: "南河街", desk: "station1", openedAt: at(0), raisedAt: at(0), signals: 1,
    ...more,
  };
}

export const emergency = (more) => alert(1, more);
export const important = (more) => alert(2, { kind: "bed", ...more });
export const claimedBy = (who, more) =>
  alert(1, { state: "claimed", holder: who, holderName: who, ...more });
export const request = (more) =>
  alert(3, { of: "request", kind: "help_request", state: "open", ...more });
// A call to the hotline, of one number that may be several people's.
export const resident = (more) => ({ kind: "resident", id: "r1", home: "h1", name: "王**", roughPlace: "南河街", ...more });
export const call = (more = {}, line = {}) => ({
  id: ids(), of: "call", version: 2, level: 2, state: "ringing", openedAt: at(0),
  call: { number: "138****0001", called: "12349", rangAt: at(0), callers: [resident()], ...more }, ...line,
});
