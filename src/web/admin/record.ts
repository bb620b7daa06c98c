// One open record: what the house has, what is written here, and the way between.
import { computed, ref, shallowRef } from "vue";
import type { Problem } from "../kit/contract.ts";
import { t } from "../kit/words.ts";
import type { Mistake, Mistakes, RegistryRecord, Sheet } from "./contract.ts";
import { change, look, part, problemText } from "./door.ts";
import { changeOf, differences, draftOf, isDirty, needsClearText, rebase, reveal, type Clash,
  type Draft } from "./draft.ts";
import { say } from "./say.ts";
import { mayBeUnsaved } from "./unsaved.ts";

export function useRecord(sheet: Sheet, key: () => string, isNew: () => boolean = () => false) {
  const record = shallowRef<RegistryRecord>();
  const draft = ref<Draft>({ rows: [], gone: [], isNew: isNew() });
  const isLoading = ref(false);
  const isWorking = ref(false);
  const problem = ref<Problem>(); // why it isn't there
  const refusal = ref(""); // why it wasn't saved
  const takenKey = ref(""); // somebody else's record has it: nothing written here may go onto that one
  const stale = ref<Problem>();
  const mistakes = ref<Mistake[]>([]);
  const warnings = ref<Mistake[]>([]);
  const clashes = ref<Clash[]>([]);

  const dirty = computed(() => isDirty(draft.value));
  const changes = computed(() => differences(draft.value));
  const masked = computed(() => !!record.value?.masked);
  const path = () => `v1/registry/${part(sheet.name ?? "")}/${part(key())}`;
  mayBeUnsaved(() => dirty.value);

  function forget(): void {
    refusal.value = takenKey.value = "";
    stale.value = undefined;
    mistakes.value = warnings.value = clashes.value = [];
  }

  function begin(found: RegistryRecord | undefined): void {
    record.value = found;
    draft.value = draftOf(sheet, found);
    forget();
  }

  async function load(): Promise<void> {
    if (isNew()) return begin(undefined);
    isLoading.value = true;
    const answer = await look<RegistryRecord>(path());
    isLoading.value = false;
    problem.value = undefined;
    if (answer.ok) begin(answer.value);
    // Nobody has written anything of this owner yet.
    else if (answer.status === 404 && sheet.owned) begin({ sheet: sheet.name, key: key(), rows: [] });
    else problem.value = answer.problem;
  }

  async function show(): Promise<boolean> {
    const answer = await change<RegistryRecord>(`${path()}/reveal`, {});
    if (!answer.ok) {
      say(problemText(answer.problem), true);
      return false;
    }
    if (answer.value.etag !== record.value?.etag) await takeNews(answer.value);
    reveal(sheet, draft.value, answer.value);
    record.value = { ...answer.value, edits: record.value?.edits, masked: false };
    say(t("said.revealed"));
    return true;
  }

  async function takeNews(found: RegistryRecord): Promise<void> {
    const both = rebase(sheet, draft.value, found);
    record.value = found;
    draft.value = both.draft;
    forget();
    clashes.value = both.clashes;
  }

  // Somebody else was quicker: what he made of it, with what is written here on top.
  async function reloadKeeping(): Promise<void> {
    const answer = await look<RegistryRecord>(path());
    if (answer.ok) await takeNews(answer.value);
    else refusal.value = problemText(answer.problem);
  }

  async function save(): Promise<RegistryRecord | undefined> {
    forget();
    if (masked.value && needsClearText(sheet, draft.value)) {
      refusal.value = t("admin.rename_needs_showing");
      return undefined;
    }
    isWorking.value = true;
    const body = changeOf(sheet, key(), draft.value, record.value?.etag ?? "");
    const answer = await change<RegistryRecord>(path(), body);
    isWorking.value = false;
    if (answer.ok) {
      begin(answer.value);
      say(t("admin.saved"));
      if (!isNew()) void freshEdits();
      return answer.value;
    }
    const told = answer.said as Mistakes | undefined;
    if (answer.status === 422 && told?.mistakes) {
      mistakes.value = told.mistakes;
      warnings.value = told.warnings ?? [];
    } else if (answer.problem.code === "stale" && isNew()) takenKey.value = key();
    else if (answer.problem.code === "stale") stale.value = byWhom(answer.problem);
    else refusal.value = problemText(answer.problem);
    return undefined;
  }

  // The house names whose edit was the last. If that stood in the history here already, it was
  // something else that came between, and he may have done it years ago.
  function byWhom(refused: Problem): Problem {
    const seen = record.value?.edits?.[0]?.at;
    return seen && seen === refused.at ? { code: refused.code } : refused;
  }

  // What was just done stands in the history, which an answer to a change may leave out.
  async function freshEdits(): Promise<void> {
    const answer = await look<RegistryRecord>(path());
    if (answer.ok && answer.value.etag === record.value?.etag && record.value)
      record.value = { ...record.value, edits: answer.value.edits };
  }

  function discard(): void {
    draft.value = draftOf(sheet, isNew() ? undefined : record.value);
    forget();
  }

  return { sheet, record, draft, isLoading, isWorking, problem, refusal, takenKey, stale, mistakes,
    warnings, clashes, dirty, changes, masked, load, show, save, discard, reloadKeeping };
}

export type OpenRecord = ReturnType<typeof useRecord>;
