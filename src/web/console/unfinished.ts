// Visits that nobody has told the end of, though their alerts are closed (未了结): they ring nowhere.
import { computed } from "vue";
import type { Unfinished } from "../kit/contract.ts";
import { keptList } from "./kept-list.ts";

const list = keptList<Unfinished>("v1/unfinished");

export const unfinished = computed<Unfinished>(() => list.found.value ?? {});
export const { problem, read: readUnfinished, keep: keepUnfinished } = list;
