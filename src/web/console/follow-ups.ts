// Whom somebody must still ask whether help came (回访).
import { computed } from "vue";
import type { FollowUps } from "../kit/contract.ts";
import { keptList } from "./kept-list.ts";

const list = keptList<FollowUps>("v1/follow_ups");

export const waiting = computed<FollowUps>(() => list.found.value ?? {});
export const { problem, read: readFollowUps, keep: keepFollowUps } = list;
