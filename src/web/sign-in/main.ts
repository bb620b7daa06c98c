import { createApp } from "vue";
import "../kit/base.css";
import "../kit/desk-words.ts";
import { i18n, language, speak } from "../kit/words.ts";
import SignIn from "./SignIn.vue";

speak(language());
createApp(SignIn).use(i18n).mount("#page");
