// The only place that talks to the server.

async function call(path, options) {
  let res;
  try {
    res = await fetch(path, options);
  } catch {
    throw new Error("The sandbox does not answer. Is it still running?");
  }
  const body = await res.json().catch(() => null);
  if (!res.ok || body === null) throw new Error(body?.error || `The sandbox answered ${res.status}.`);
  return body;
}

export const get = (path, query = {}) => call(`${path}?${new URLSearchParams(query)}`);

export const post = (path, body) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const fileURL = (id) => `/api/file/${encodeURIComponent(id)}`;

// listen follows the events of one person until the returned function is called.
// onUp runs each time a connection stands: whatever was missed before must be loaded again.
export function listen(person, { onEvent, onUp, onDown }) {
  let source, timer, stopped = false, wait = 500;

  const connect = () => {
    source = new EventSource(`/api/events?person=${person}`);
    source.onopen = () => {
      wait = 500;
      onUp();
    };
    source.onmessage = (e) => onEvent(JSON.parse(e.data));
    // A browser gives up for good on an HTTP error, so it is never left to reconnect by itself.
    source.onerror = () => {
      source.close();
      if (stopped) return;
      onDown();
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, 5000);
    };
  };
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source.close();
  };
}
