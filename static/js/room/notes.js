// Notes that several people write at once: what others write appears by itself, who is writing stands beside it, and a
// note that is not added yet keeps a copy in this browser. Own words are never replaced: blocks.js brings two versions
// of one note together. Every few seconds the server is asked who writes; the room's news only make it faster.

const EVERY = 5000;
const PATIENCE = 8000;
const STILL = 8000; // so long after the last key one counts as writing

const section = () => document.querySelector("[data-notes]");
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value;
let typedAt = 0;
let timer = 0;
let asking = false;
let again = false;

// --- what others wrote -------------------------------------------------------------------------------------------------------
function bring(part, page) {
  const fresh = page.querySelector("[data-notes]");
  if (!fresh || fresh.dataset.notesItem !== part.dataset.notesItem) return;
  const list = part.querySelector("#note-list");
  const found = [...fresh.querySelectorAll("#note-list > .note")];
  let place = null;
  for (const note of found) {
    const here = document.getElementById(note.id);
    if (here) update(here, note);
    else {
      const added = document.importNode(note, true);
      if (place) place.after(added); else list.prepend(added);
      window.htmx?.process(added);
      added.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: added } }));
    }
    place = document.getElementById(note.id);
  }
  const left = new Set(found.map((note) => note.id));
  for (const note of list.querySelectorAll(":scope > .note")) if (!left.has(note.id) && isUntouched(note)) note.remove();
  part.dataset.notesStamp = fresh.dataset.notesStamp;
}
function update(here, note) {
  const value = note.querySelector("[data-block-text]").value;
  const version = note.querySelector("[data-block-version]").value;
  const taken = new CustomEvent("fupan:block-take", { cancelable: true, detail: { value, version } });
  here.querySelector("[data-block]").dispatchEvent(taken);
  if (taken.defaultPrevented) here.querySelector("[data-note-by]").textContent = note.querySelector("[data-note-by]").textContent;
}
// Somebody else took it away: it stays while one's own words are in it.
function isUntouched(note) {
  const state = note.querySelector("[data-block-state]").dataset.state;
  return !note.contains(document.activeElement) && (!state || state === "saved");
}

async function fetchNotes(part) {
  // A line that went dead without a word must not keep the next look waiting for ever.
  const answer = await fetch(part.dataset.roomUrl, { headers: { "HX-Request": "true" }, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  if (answer.ok && part.isConnected) bring(part, new DOMParser().parseFromString(await answer.text(), "text/html"));
}

// --- who writes --------------------------------------------------------------------------------------------------------------
function writingIn(part) {
  const field = document.activeElement;
  if (Date.now() - typedAt > STILL || !part.contains(field) || !field.matches("textarea")) return null;
  return field.closest(".note")?.id.replace("note-", "") ?? "0";
}
function sayWho(part, writing) {
  const words = JSON.parse(document.getElementById("notes-words")?.textContent || "{}");
  for (const place of part.querySelectorAll("[data-note-writing]")) {
    const names = writing.filter((one) => String(one.note) === place.dataset.noteWriting).map((one) => one.name);
    const isNew = place.dataset.noteWriting === "0" ? "_new" : "";
    place.hidden = !names.length;
    place.textContent = names.length ? words[(names.length > 1 ? "write" : "writes") + isNew].replace("%s", names.join(words.between)) : "";
  }
}

async function ask() {
  clearTimeout(timer);
  timer = setTimeout(ask, EVERY);
  const part = section();
  if (!part || document.hidden) return;
  if (asking) { again = true; return; }
  asking = true;
  try {
    const note = writingIn(part);
    const url = `${part.dataset.notesUrl}?item=${part.dataset.notesItem}`;
    const body = new FormData();
    if (note !== null) for (const [name, value] of [["note", note], ["item", part.dataset.notesItem], ["csrfmiddlewaretoken", token()]]) body.set(name, value);
    const answer = await fetch(url, { method: note === null ? "GET" : "POST", ...(note === null ? {} : { body }), headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok && part.isConnected) {
      const told = await answer.json();
      if (told.stamp !== part.dataset.notesStamp) await fetchNotes(part);
      sayWho(part, told.writing);
    }
  } catch { /* asked again soon; blocks.js says when saving fails */ }
  asking = false;
  if (again) { again = false; ask(); }
}

// --- a note that is not added yet ----------------------------------------------------------------------------------------------
const keyOf = (part) => `fupan:new-note:${location.pathname}:${part.dataset.notesItem}`;
const uuid = () => (crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join(""));
function begin(part) {
  const form = part.querySelector("[data-note-new]");
  const field = form.querySelector("textarea");
  form.querySelector("[data-note-key]").value = uuid();
  try {
    const kept = localStorage.getItem(keyOf(part));
    if (kept && !field.value) field.value = kept;
  } catch { /* a closed store: the field itself has to do */ }
}
document.addEventListener("input", (event) => {
  const part = event.target.closest?.("[data-notes]");
  if (!part) return;
  const isFirst = Date.now() - typedAt > STILL;
  typedAt = Date.now();
  if (isFirst) ask();
  if (!event.target.closest("[data-note-new]")) return;
  try { localStorage.setItem(keyOf(part), event.target.value); } catch { /* as above */ }
});
document.addEventListener("fupan:note-added", () => {
  const part = section();
  if (!part) return;
  try { localStorage.removeItem(keyOf(part)); } catch { /* as above */ }
  typedAt = 0;
  const form = part.querySelector("[data-note-new]");
  form.reset();
  form.querySelector("#note-refused").replaceChildren();
  begin(part);
  form.querySelector("textarea").focus();
});
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-note-new]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.requestSubmit();
});

document.addEventListener("htmx:load", (event) => { const part = section(); if (part && event.target.contains?.(part)) { begin(part); ask(); } });
document.addEventListener("fupan:event", (event) => { if (event.detail.noun === "note") ask(); });
document.addEventListener("fupan:captured", (event) => { if (event.detail.noun === "note") ask(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
if (section()) begin(section());
ask();
