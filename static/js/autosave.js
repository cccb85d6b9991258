// Keeps what is typed: a copy in this browser at once, on the server two seconds after the last key.
// <form data-autosave="key" data-autosave-url="…" data-autosave-at="when the server's version was written (ISO)">
//   <span data-autosave-state></span> … <input type="hidden" name="version">
// The server answers JSON; its "version" goes into the field of that name. 409: someone else was faster.

const words = JSON.parse(document.getElementById("shell-words")?.textContent || "{}");
const WAIT = 2000;

function start(form) {
  if (form.dataset.autosaveStarted) return;
  form.dataset.autosaveStarted = "yes";
  const key = `fupan:draft:${form.dataset.autosave}`;
  const state = form.querySelector("[data-autosave-state]") || document.querySelector(`[data-autosave-state="${CSS.escape(form.dataset.autosave)}"]`);
  let timer = 0;
  let sending = null;
  let changed = false;

  const say = (code) => {
    if (!state) return;
    state.dataset.state = code;
    state.textContent = words[code] || "";
  };

  // Typed things only: no files, no tokens, no passwords.
  const typed = () => Object.fromEntries([...new FormData(form)].filter(([name, value]) => typeof value === "string" && !["csrfmiddlewaretoken", "version"].includes(name)));

  function copy() {
    try {
      localStorage.setItem(key, JSON.stringify({ at: new Date().toISOString(), fields: typed() }));
    } catch {
      // The store is full or closed (private window): the server's copy has to do.
    }
  }

  function forget() {
    try { localStorage.removeItem(key); } catch { /* as above */ }
  }

  function restore() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key) || "null"); } catch { return; }
    if (!kept) return;
    const isOlder = form.dataset.autosaveAt && Date.parse(kept.at) <= Date.parse(form.dataset.autosaveAt);
    const current = typed();
    const differs = Object.entries(kept.fields).some(([name, value]) => name in current && current[name] !== value);
    if (isOlder || !differs) return forget();
    for (const [name, value] of Object.entries(kept.fields)) {
      const field = form.elements[name];
      if (field && field.type !== "hidden" && "value" in field && !(field instanceof RadioNodeList)) field.value = value;
    }
    document.dispatchEvent(new CustomEvent("fupan:toast", { detail: words.restored }));
    note();
  }

  async function send() {
    clearTimeout(timer);
    if (sending) {
      await sending;
      if (!changed) return;
    }
    changed = false;
    say("saving");
    sending = post().finally(() => { sending = null; });
    await sending;
  }

  async function post() {
    let response;
    try {
      response = await fetch(form.dataset.autosaveUrl || form.action, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1", Accept: "application/json" }, redirect: "manual" });
    } catch {
      changed = true;
      say("offline_saved");
      timer = setTimeout(send, 10000);
      return;
    }
    if (!response.ok) {
      changed = true;
      say("not_saved");
      const text = words[response.status] || (response.type === "opaqueredirect" ? words["403"] : words["500"]);
      document.dispatchEvent(new CustomEvent("fupan:toast", { detail: text }));
      form.dispatchEvent(new CustomEvent("fupan:not-saved", { bubbles: true, detail: response.status }));
      return;
    }
    const answer = await response.json().catch(() => ({}));
    const version = form.elements.version;
    if (version && answer.version !== undefined) version.value = answer.version;
    if (changed) return;
    forget();
    say("saved");
    form.dispatchEvent(new CustomEvent("fupan:saved", { bubbles: true, detail: answer }));
  }

  function note() {
    changed = true;
    say("unsaved");
    copy();
    clearTimeout(timer);
    timer = setTimeout(send, WAIT);
  }

  form.addEventListener("input", note);
  form.addEventListener("change", (event) => { if (event.target.type !== "file") note(); });
  form.addEventListener("submit", () => { clearTimeout(timer); changed = false; });
  window.addEventListener("online", () => { if (changed) send(); });
  window.addEventListener("beforeunload", (event) => { if (changed || sending) event.preventDefault(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && changed) send(); });
  restore();
}

const startAll = (root) => {
  if (root.matches?.("form[data-autosave]")) start(root);
  for (const form of root.querySelectorAll("form[data-autosave]")) start(form);
};
startAll(document);
document.addEventListener("htmx:load", (event) => startAll(event.target));
