// What was written and isn't sent: a note by its case, a form by what it is about. F2, and a call that
// she answers, take her elsewhere in the middle of a word; when she comes back it stands there.
import { reactive } from "vue";
import type { Form } from "./card.ts";

export interface Draft {
  text: string;
  outcome?: string;
  rating?: number;
  minutes?: number;
}

export const noteDrafts = reactive(new Map<string, string>());
const formDrafts = new Map<string, Draft>();

function nameOf(id: string, form: Form): string {
  const of = "order" in form ? form.order.line?.id : "ask" in form ? form.ask : "";
  return [id, form.kind, of].join("/");
}

export function keepDraft(id: string, form: Form, draft: Draft): void {
  if (draft.text.trim() || draft.outcome || draft.rating) formDrafts.set(nameOf(id, form), draft);
}

export function takeDraft(id: string, form: Form): Draft | undefined {
  const name = nameOf(id, form);
  const draft = formDrafts.get(name);
  formDrafts.delete(name);
  return draft;
}
