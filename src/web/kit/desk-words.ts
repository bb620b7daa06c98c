// The texts of every page but the administration, whose own are many.
import zh from "../generated/words/desk.zh-CN.json";
import en from "../generated/words/desk.en.json";
import { learn } from "./words.ts";

learn({ "zh-CN": zh, en });
