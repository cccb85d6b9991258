// Lines that were kept in this browser and are on their way to the server: one after the other, each with an id of its
// own, so that one that is sent twice is written once. They outlive a reload and a lost connection. What the server
// refuses stays here with its reason until somebody edits or discards it.

const RETRY = [1000, 2000, 4000, 8000];

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value;
// After another login the page's token is an old one: take over the one of a fresh page.
async function renew() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, redirect: "manual" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (fresh) for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh;
}

/** `name`: of the store; `onChange(entries)` is called whenever something happened; `onKept(entry, answer)` once each. */
export function makeOutbox({ name, onChange, onKept }) {
  const key = `fupan:outbox:${name}`;
  let entries = [];
  let flying = false;
  let misses = 0;
  let timer = 0;
  try { entries = JSON.parse(localStorage.getItem(key) || "[]"); } catch { /* a closed store: this page's memory has to do */ }
  if (!Array.isArray(entries)) entries = [];
  for (const entry of entries) if (entry.state === "sending") entry.state = "waiting";

  function changed() {
    try { localStorage.setItem(key, JSON.stringify(entries)); } catch { /* as above */ }
    onChange(entries);
  }
  const drop = (entry) => { entries = entries.filter((one) => one.key !== entry.key); };

  async function post(entry) {
    const body = new FormData();
    for (const field of ["line", "kind", "item", "key"]) body.set(field, entry[field] ?? "");
    body.set("csrfmiddlewaretoken", token());
    return fetch(entry.url, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(15000) });
  }

  // What became of an entry: "kept", "refused" (its own fault), or "later" (the way there).
  async function deliver(entry) {
    let answer;
    try {
      answer = await post(entry);
      if (answer.status === 403) { await renew(); answer = await post(entry); }
    } catch {
      entry.state = "waiting";
      return "later";
    }
    const isJson = answer.headers.get("Content-Type")?.includes("json");
    if (answer.ok && isJson) {
      drop(entry);
      onKept(entry, await answer.json());
      return "kept";
    }
    if (answer.status === 422 && isJson) {
      entry.state = "refused";
      entry.words = (await answer.json()).message;
      return "refused";
    }
    // The item or the meeting is not there any more: trying again would not help, and others wait behind it.
    if ([400, 404, 410, 413].includes(answer.status)) {
      entry.state = "refused";
      entry.words = "";
      return "refused";
    }
    entry.state = answer.type === "opaqueredirect" || answer.status === 403 ? "login" : "waiting";
    if (answer.type === "opaqueredirect") await renew().catch(() => {});
    return "later";
  }

  async function send() {
    clearTimeout(timer);
    if (flying) return;
    flying = true;
    try {
      for (;;) {
        const next = entries.find((one) => one.state !== "refused");
        if (!next) break;
        next.state = "sending";
        changed();
        const outcome = await deliver(next);
        changed();
        if (outcome === "later") {
          timer = setTimeout(send, RETRY[Math.min(misses, RETRY.length - 1)]);
          misses += 1;
          return;
        }
        misses = 0;
      }
    } finally {
      flying = false;
    }
  }

  window.addEventListener("online", () => { misses = 0; send(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  window.addEventListener("beforeunload", (event) => { if (entries.some((one) => one.state !== "refused")) event.preventDefault(); });

  return {
    start() { onChange(entries); send(); },
    add(entry) {
      entries.push({ ...entry, state: "sending" });
      changed();
      send();
    },
    take(wanted) {
      const entry = entries.find((one) => one.key === wanted);
      if (entry) drop(entry);
      changed();
      return entry;
    },
  };
}
