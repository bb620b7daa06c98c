// Every text, for the administration.
import zh from "../words/zh-CN.json";
import en from "../words/en.json";
import { learn } from "./words.ts";

learn({ "zh-CN": zh, en });
