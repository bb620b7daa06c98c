// Every text of the pages, for those that need many of them.
import zh from "../words/zh-CN.json";
import en from "../words/en.json";
import { learn } from "./words.ts";

learn({ "zh-CN": zh, en });
