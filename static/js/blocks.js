// Small texts that several people write at once. Each block has a version; a save that began from an older one changes
// nothing and shows both texts. A copy stays in this browser until the server has the text.
// <div data-block data-block-url="…" data-block-name="unique" data-block-at="ISO"> with [data-block-text],
// [data-block-version], [data-block-state], [data-block-conflict] and further [data-block-field="name"] inputs inside.

const shell = JSON.parse(document.getElementById("shell-words")?.textContent || "{}");
const own = JSON.parse(document.getElementById("block-words")?.textContent || "{}");
const WAIT = 2000;
const RETRY = 8000;
const busy = new Set();

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value
  || JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];

function start(block) {
  if (block.dataset.blockStarted) return;
  block.dataset.blockStarted = "yes";
  const text = block.querySelector("[data-block-text]");
  const version = block.querySelector("[data-block-version]");
  const state = block.querySelector("[data-block-state]");
  const conflict = block.querySelector("[data-block-conflict]");
  const key = `fupan:block:${block.dataset.blockName}`;
  let timer = 0;
  let sending = null;
  let stored = text.defaultValue;
  let isStuck = !conflict.hidden;

  const say = (code) => {
    state.dataset.state = code;
    state.textContent = shell[code] || own[code] || "";
  };
  const isChanged = () => text.value !== stored;

  function mark() {
    if (isChanged() || sending) busy.add(block); else busy.delete(block);
  }

  function copy() {
    try {
      localStorage.setItem(key, JSON.stringify({ at: new Date().toISOString(), text: text.value, from: version.value }));
    } catch { /* full or closed (private window): the server's copy has to do */ }
  }
  function forget() {
    try { localStorage.removeItem(key); } catch { /* as above */ }
  }
  function restore() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key) || "null"); } catch { return; }
    if (!kept || kept.text === text.value) return forget();
    // Sent with the version it was typed on: when somebody saved since, both texts are shown.
    text.value = kept.text;
    version.value = kept.from;
    document.dispatchEvent(new CustomEvent("fupan:toast", { detail: shell.restored }));
    note();
  }

  function grow() {
    text.rows = Math.max(Number(text.dataset.rows ||= text.rows), Math.min(24, text.value.split("\n").length + 1));
  }

  function note() {
    if (!isChanged()) {
      clearTimeout(timer);
      forget();
      say("saved");
      return mark();
    }
    say("unsaved");
    copy();
    mark();
    clearTimeout(timer);
    if (!isStuck) timer = setTimeout(send, WAIT);
  }

  async function send() {
    clearTimeout(timer);
    if (sending) await sending;
    if (!isChanged() || isStuck) return;
    say("saving");
    sending = post(text.value);
    mark();
    await sending;
    sending = null;
    mark();
  }

  async function post(value) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    body.set("text", value);
    body.set("version", version.value);
    for (const field of block.querySelectorAll("[data-block-field]")) body.set(field.dataset.blockField, field.value);
    let response;
    try {
      response = await fetch(block.dataset.blockUrl, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
    } catch {
      say("offline_saved");
      timer = setTimeout(send, RETRY);
      return;
    }
    const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
    if (response.ok) {
      stored = value;
      version.value = answer.version;
      if (!isChanged()) {
        forget();
        say("saved");
      } else {
        note();
      }
      block.dispatchEvent(new CustomEvent("fupan:block-saved", { bubbles: true, detail: answer }));
      return;
    }
    say("not_saved");
    if (response.status === 409 && answer.theirs !== undefined) return show(answer);
    const words = answer.message || (response.type === "opaqueredirect" ? own.login : shell[response.status] || shell["500"]);
    document.dispatchEvent(new CustomEvent("fupan:toast", { detail: words }));
    if (response.status >= 500 || response.type === "opaqueredirect") timer = setTimeout(send, RETRY);
  }

  function show(answer) {
    isStuck = true;
    version.value = answer.version;
    conflict.querySelector("[data-block-theirs]").textContent = answer.theirs;
    conflict.querySelector("[data-block-conflict-words]").textContent = (own.conflict || "").replace("%s", answer.by || "?");
    conflict.hidden = false;
  }
  function settle(value) {
    isStuck = false;
    conflict.hidden = true;
    text.value = value;
    grow();
    text.focus();
    note();
    send();
  }
  const theirs = () => conflict.querySelector("[data-block-theirs]").textContent;
  conflict.querySelector("[data-block-keep]").addEventListener("click", () => { stored = theirs(); settle(text.value); });
  conflict.querySelector("[data-block-take]").addEventListener("click", () => { stored = theirs(); settle(theirs()); });
  conflict.querySelector("[data-block-both]").addEventListener("click", () => { stored = theirs(); settle(`${theirs()}\n\n${text.value}`); });

  text.addEventListener("input", () => { grow(); note(); });
  text.addEventListener("blur", send);
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (document.hidden) send(); });
  block.addEventListener("fupan:flush", (event) => { event.detail.push(send()); });
  block.closest("form")?.addEventListener("submit", () => { clearTimeout(timer); busy.delete(block); forget(); });
  grow();
  restore();
}

window.addEventListener("beforeunload", (event) => { if ([...busy].some((block) => block.isConnected)) event.preventDefault(); });

const startAll = (root) => {
  if (root.matches?.("[data-block]")) start(root);
  for (const block of root.querySelectorAll("[data-block]")) start(block);
};
startAll(document);
document.addEventListener("htmx:load", (event) => startAll(event.target));
