// Light, dark, or as the system has it.

import { $, icon } from "./dom.js";
import { remember, recall } from "./state.js";

const order = ["auto", "light", "dark"];
const look = { auto: ["auto", "as the system"], light: ["sun", "light"], dark: ["moon", "dark"] };

export function startTheme() {
  let theme = recall("theme", "auto");
  const apply = () => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    const [name, words] = look[theme] || look.auto;
    $("theme").replaceChildren(icon(name));
    $("theme").title = `Theme: ${words}`;
    $("theme").setAttribute("aria-label", `Theme: ${words}. Change it`);
  };
  $("theme").addEventListener("click", () => {
    theme = order[(order.indexOf(theme) + 1) % order.length];
    remember("theme", theme);
    apply();
  });
  apply();
}
