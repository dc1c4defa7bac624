// What the page knows, and the small bus by which its parts tell one another.

export const state = {
  bot: { id: 0, username: "", first_name: "Bot" },
  people: [],
  group: null,
  hasPanel: false,
  now: null,      // the sandbox's clock, ISO text
  person: 0,      // who the human is
  chats: [],      // that person's chats
  chat: 0,        // the open chat, 0 for none
};

export const me = () => state.people.find((p) => p.id === state.person);
export const personNamed = (id) => state.people.find((p) => p.id === id);

const bus = new EventTarget();
export const on = (name, f) => bus.addEventListener(name, (e) => f(e.detail));
export const emit = (name, detail) => bus.dispatchEvent(new CustomEvent(name, { detail }));

// remember and recall keep small choices (theme, person, panel) in this browser.
export function remember(key, value) {
  try {
    localStorage.setItem(`sandbox.${key}`, JSON.stringify(value));
  } catch { /* private mode: the choice is simply not kept */ }
}

export function recall(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`sandbox.${key}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}
