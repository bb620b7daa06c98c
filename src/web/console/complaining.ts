// What somebody complains of: the dialog's subject, and the writing down of it.
import { shallowRef } from "vue";
import type { Complaint } from "../kit/contract.ts";
import { newKey, send, type Answer } from "../kit/http.ts";

export interface About {
  order?: string;
  alert?: string;
  what: string; // as the dialog calls it
  words?: string; // what is known already
}

export const complaining = shallowRef<About | undefined>();

// An unhappy word after a visit: the one who hears it may write it down at once.
export const unhappy = (rating: number) => rating === 1 || rating === 2;

export const complaintKinds = ["late", "not_come", "poor_work", "rude", "overcharged", "not_helped",
  "other"];

export function complainer() {
  let last = "";
  let key = "";
  return (about: About, kind: string, who: string, words: string): Promise<Answer<Complaint>> => {
    const body = { order: about.order, alert: about.alert, kind, complainer: who, words };
    const text = JSON.stringify(body);
    if (text !== last) key = newKey();
    last = text;
    return send<Complaint>("POST", "v1/complaints", body, { key });
  };
}
