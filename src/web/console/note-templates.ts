// What the installation writes again and again into a note, as its server tells it.
import { computed, shallowRef } from "vue";
import type { NoteTemplate, NoteTemplates } from "../kit/contract.ts";
import { read } from "../kit/http.ts";
import { language } from "../kit/words.ts";

const againMs = 10_000;
const told = shallowRef<NoteTemplate[]>([]);

export const templates = computed(() =>
  told.value.map((each) => (language() === "en" ? each.en : each.zh) ?? ""));

// Until it is told: whoever sat down in an outage has them, too. A refusal is an answer.
export async function readTemplates(): Promise<void> {
  const answer = await read<NoteTemplates>("v1/note_templates");
  if (answer.ok) told.value = answer.value.templates ?? [];
  else if (answer.status === 0 || answer.status >= 500) setTimeout(() => void readTemplates(), againMs);
}
