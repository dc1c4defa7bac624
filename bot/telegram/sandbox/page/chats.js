// The list of chats of the chosen person.

import { $, h, redraw } from "./dom.js";
import { state, emit } from "./state.js";
import { shortTime } from "./format.js";
import { chatAvatar } from "./chat.js";

// drawChats shows the list; typing tells in which chats the bot is busy.
export function drawChats(typing) {
  const what = [state.chats, state.chat, state.now?.slice(0, 10), [...typing.keys()]];
  redraw($("chats"), what, () => state.chats.map((c) => {
    const open = c.id === state.chat;
    const unread = open ? 0 : c.unread || 0;
    return h("button.chat-row", { test: `chat-${c.id}`, "aria-current": open ? "true" : null, onclick: () => emit("open", c.id) },
      chatAvatar(c),
      h("span.row-text", null,
        h("span.row-top", null, h("b", null, c.title), c.date ? h("time", null, shortTime(c.date, state.now)) : null),
        h("span.row-last", null,
          h("span.snippet", { dir: "auto" }, typing.has(c.id) ? h("em", null, "typing…") : c.last || "No messages yet"),
          unread > 0 && h("span.badge", { "aria-label": `${unread} unread` }, unread > 99 ? "99+" : unread))));
  }));
  const total = state.chats.reduce((sum, c) => sum + (c.id === state.chat ? 0 : c.unread || 0), 0);
  document.title = (total ? `(${total}) ` : "") + "eSIM sandbox";
}
