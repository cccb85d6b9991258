// Small texts and rows that several people write at once. Each block has a version; a save that began from an older one
// changes nothing and shows both sides. A copy stays in this browser until the server has it, with the version it began
// from: after a crash, a reload or an expired login it is put back, and where the server has other words, both are shown.
// <div data-block data-block-url="…" data-block-name="unique" data-block-at="ISO"> with [data-block-version],
// [data-block-state], [data-block-conflict] inside, and either one [data-block-text] and further [data-block-field="name"]
// inputs, or, with data-block-fields, any named fields, which are sent together under their own names.

const shell = JSON.parse(document.getElementById("shell-words")?.textContent || "{}");
const own = JSON.parse(document.getElementById("block-words")?.textContent || "{}");
const WAIT = 1500;
// Whoever types on and on is saved in between, so that the server is never further behind than this.
const LONGEST = 2000;
const RETRY = 8000;
const busy = new Set();
let recovered = 0;

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value
  || JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];

// After another login the page's token is an old one: take over the one of a fresh page. False while one is logged out.
async function renew() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, redirect: "manual" });
  if (!answer.ok) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!fresh) return false;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": fresh }));
  return true;
}
const sayLoggedOut = (isOut) => { for (const banner of document.querySelectorAll("[data-login-lost]")) banner.hidden = !isOut; };

function sayRecovered() {
  recovered += 1;
  const banner = document.querySelector("[data-recovered]");
  if (!banner) return document.dispatchEvent(new CustomEvent("fupan:toast", { detail: shell.restored }));
  banner.hidden = false;
  banner.querySelector("[data-recovered-words]").textContent = (own.recovered || "").replace("%s", recovered);
}

const isBox = (field) => field.type === "checkbox" || field.type === "radio";
const initial = (field) => (isBox(field) ? field.defaultChecked : field.tagName === "SELECT" ? ([...field.options].find((one) => one.defaultSelected) || field.options[0])?.value : field.defaultValue);

function start(block) {
  if (block.dataset.blockStarted) return;
  block.dataset.blockStarted = "yes";
  const text = block.querySelector("[data-block-text]");
  const isRow = block.hasAttribute("data-block-fields");
  const fields = isRow ? [...block.querySelectorAll("input[name], select[name], textarea[name]")].filter((one) => !one.matches("[type=hidden], [type=file]")) : [text];
  const version = block.querySelector("[data-block-version]");
  const state = block.querySelector("[data-block-state]");
  const conflict = block.querySelector("[data-block-conflict]");
  const key = `fupan:block:${block.dataset.blockName}`;
  let timer = 0;
  let sending = null;
  let since = 0; // when the first key was pressed that the server has not got
  let unsure = []; // what was sent without an answer: the server may have any of it
  let isStuck = !conflict.hidden;
  let theirs = null;
  // A browser that puts fields back after a reload also puts back old versions: the page's own counts.
  version.value = version.defaultValue;

  // A block's value: a text, or an object of its fields by name.
  const read = (of) => {
    if (!isRow) return of(text);
    const value = {};
    for (const field of fields) {
      if (field.type === "radio") value[field.name] = of(field) === true ? field.value : value[field.name] ?? "";
      else value[field.name] = of(field);
    }
    return value;
  };
  const current = () => read((field) => (isBox(field) ? field.checked : field.value));
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const isBlank = (value) => (isRow ? Object.values(value).every((one) => !one) : !value.trim());
  function write(value) {
    if (!isRow) { text.value = value; return; }
    for (const field of fields) {
      if (!(field.name in value)) continue;
      if (field.type === "radio") field.checked = field.value === String(value[field.name]);
      else if (field.type === "checkbox") field.checked = Boolean(value[field.name]);
      else field.value = value[field.name];
    }
  }
  let stored = block.hasAttribute("data-block-unsaved") ? null : read(initial);
  if (!conflict.hidden && !isRow) theirs = conflict.querySelector("[data-block-theirs]").textContent;

  const say = (code, words = "") => {
    state.dataset.state = code;
    state.textContent = words || shell[code] || own[code] || "";
  };
  const isChanged = () => !same(current(), stored);

  function mark() {
    if (isChanged() || sending) busy.add(block); else busy.delete(block);
  }

  function copy() {
    try {
      localStorage.setItem(key, JSON.stringify({ at: new Date().toISOString(), value: current(), from: version.value }));
    } catch { /* full or closed (private window): the server's copy has to do */ }
  }
  function forget() {
    try { localStorage.removeItem(key); } catch { /* as above */ }
  }
  function restore() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key) || "null"); } catch { return; }
    if (!kept) return;
    const value = kept.value ?? kept.text;
    const before = read(initial);
    if (value === undefined || typeof value !== (isRow ? "object" : "string") || same(value, before)) return forget();
    const isNewer = kept.from !== version.value;
    write(value);
    if (same(current(), before)) return forget();
    sayRecovered();
    copy();
    if (isNewer || !(isBlank(before) || (!isRow && value.startsWith(before)))) {
      // The server has other words than these began from, or words that these replaced: nothing is chosen by itself.
      showStored(before, isNewer ? own.recovered_newer : own.recovered_here);
      grow();
      say("unsaved");
      return mark();
    }
    note();
  }

  function grow() {
    if (text) text.rows = Math.max(Number(text.dataset.rows ||= text.rows), Math.min(24, text.value.split("\n").length + 1));
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
    since ||= Date.now();
    if (!isStuck) timer = setTimeout(send, Math.max(0, Math.min(WAIT, since + LONGEST - Date.now())));
  }

  async function send() {
    clearTimeout(timer);
    if (sending) await sending;
    if (!isChanged() || isStuck) return;
    say("saving");
    since = 0;
    sending = post(current());
    mark();
    await sending;
    sending = null;
    mark();
  }

  const ask = (value) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    body.set("version", version.value);
    if (isRow) {
      for (const [name, one] of Object.entries(value)) if (one !== false) body.set(name, one === true ? "on" : one);
    } else {
      body.set("text", value);
      for (const field of block.querySelectorAll("[data-block-field]")) body.set(field.dataset.blockField, field.value);
    }
    return fetch(block.dataset.blockUrl, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
  };

  async function post(value) {
    let response;
    try {
      response = await ask(value);
      if ((response.status === 403 || response.type === "opaqueredirect") && await renew()) response = await ask(value);
    } catch {
      unsure.push(value);
      say("offline_saved");
      timer = setTimeout(send, RETRY);
      return;
    }
    const isOut = response.type === "opaqueredirect";
    sayLoggedOut(isOut);
    const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
    errors(answer.errors || {});
    const before = unsure;
    unsure = [];
    if (response.ok) {
      stored = value;
      settleDefaults(value);
      version.value = answer.version;
      if (!isChanged()) {
        forget();
        say("saved");
      } else {
        note();
      }
      for (const [name, words] of Object.entries(answer.out || {})) for (const place of block.querySelectorAll(`[data-out="${name}"]`)) place.textContent = words;
      block.dispatchEvent(new CustomEvent("fupan:block-saved", { bubbles: true, detail: answer }));
      return;
    }
    if (response.status === 422) return say("not_saved", answer.message);
    say("not_saved");
    if (response.status === 409 && answer.theirs !== undefined) {
      // The words that met these are one's own: they had arrived, only the answer was lost.
      if (!before.some((one) => same(answer.theirs, one))) return show(answer);
      stored = answer.theirs;
      version.value = answer.version;
      return note();
    }
    const words = answer.message || (isOut ? own.login : shell[response.status] || shell["500"]);
    if (!isOut || !document.querySelector("[data-login-lost]")) document.dispatchEvent(new CustomEvent("fupan:toast", { detail: words }));
    if (response.status >= 500 || isOut) timer = setTimeout(send, RETRY);
  }

  // What the server has is what the fields begin with from now on: whoever asks finds nothing unsent in them.
  function settleDefaults(value) {
    for (const field of fields) {
      if (field.type === "radio") continue;
      if (isBox(field)) field.defaultChecked = value[field.name];
      else if (field.tagName === "SELECT") for (const option of field.options) option.defaultSelected = option.value === value[field.name];
      else field.defaultValue = isRow ? value[field.name] : value;
    }
  }

  // Which fields cannot be kept as they are: the sentence stands in the foot, the field is marked.
  function errors(found) {
    for (const field of fields) {
      const isWrong = isRow && field.name in found;
      field.classList.toggle("is-invalid", isWrong);
      if (isWrong) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
    }
  }

  const words = (label, value) => {
    const line = document.createElement("div");
    const term = document.createElement("dt");
    const said = document.createElement("dd");
    term.textContent = label;
    said.textContent = value || "—";
    said.dir = "auto";
    line.append(term, said);
    return line;
  };
  function lay(value, differences, sentence) {
    isStuck = true;
    theirs = value;
    const place = conflict.querySelector("[data-block-theirs]");
    if (isRow) place.replaceChildren(...differences.map((one) => words(one.label, one.words)));
    else place.textContent = value;
    conflict.querySelector("[data-block-conflict-words]").textContent = sentence;
    conflict.hidden = false;
  }
  function show(answer) {
    version.value = answer.version;
    lay(answer.theirs, answer.differences || [], (own.conflict || "").replace("%s", answer.by || "?"));
  }
  function showStored(value, sentence) {
    const label = (field) => block.querySelector(`label[for="${CSS.escape(field.id)}"]`)?.textContent || field.name;
    const shown = (field) => (isBox(field) ? (value[field.name] ? "✓" : "—") : field.tagName === "SELECT" ? [...field.options].find((one) => one.value === value[field.name])?.text : value[field.name]);
    const changed = isRow ? fields.filter((field) => field.type !== "radio" && value[field.name] !== current()[field.name]) : [];
    lay(value, changed.map((field) => ({ label: label(field), words: shown(field) })), sentence || "");
  }

  function settle(value) {
    isStuck = false;
    conflict.hidden = true;
    write(value);
    stored = isRow ? null : theirs;
    grow();
    (text || fields[0]).focus();
    note();
    send();
  }
  conflict.querySelector("[data-block-keep]").addEventListener("click", () => settle(current()));
  conflict.querySelector("[data-block-take]").addEventListener("click", () => {
    // Without the values (a page from the server) the stored row is shown by loading it again.
    if (theirs === null) { forget(); busy.clear(); location.reload(); return; }
    settle(isRow ? { ...current(), ...theirs } : theirs);
  });
  conflict.querySelector("[data-block-both]")?.addEventListener("click", () => settle(`${theirs}\n\n${text.value}`));

  for (const field of fields) {
    field.addEventListener("input", () => { grow(); note(); });
    if (isRow) field.addEventListener("change", note);
    field.addEventListener("blur", send);
  }
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (document.hidden) send(); });
  // Words that somebody else has saved: taken over at once unless there are own ones, which then meet them on saving.
  block.addEventListener("fupan:block-take", (event) => {
    const { value, version: newer } = event.detail;
    if (isRow || isStuck || sending || isChanged() || Number(newer) <= Number(version.value)) return;
    const caret = [text.selectionStart, text.selectionEnd];
    const isHere = document.activeElement === text;
    text.value = value;
    stored = value;
    version.value = newer;
    if (isHere) text.setSelectionRange(...caret);
    grow();
    say("");
    event.preventDefault();
  });
  block.addEventListener("fupan:flush", (event) => { event.detail.push(send()); });
  // The copy stays until a page shows that the server has the same words: the way there may end at the login.
  block.closest("form")?.addEventListener("submit", () => { clearTimeout(timer); busy.delete(block); });
  grow();
  restore();
  if (!isStuck && isChanged() && !timer) note();
}

window.addEventListener("beforeunload", (event) => { if ([...busy].some((block) => block.isConnected)) event.preventDefault(); });

const startAll = (root) => {
  if (root.matches?.("[data-block]")) start(root);
  for (const block of root.querySelectorAll("[data-block]")) start(block);
};
startAll(document);
document.addEventListener("htmx:load", (event) => startAll(event.target));
