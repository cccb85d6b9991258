// Parts of a page that follow the room: <section id="…" data-room-fragment data-room-on="issue vote" data-room-url="…">
// is fetched again after an event of one of its nouns, and put in the place of the old one. Nobody is interrupted: while
// somebody writes in it (the focus in a field, something typed and not yet sent, an open dialog, the class is-writing) or
// presses something in it, it only gets the class is-stale and is fetched as soon as they are done.

const JITTER = 1000; // so that a full room does not ask at one instant
const LOOK = 1000;
const PATIENCE = 15000;
const CLICK = 300; // from letting go to the click, at most
const waiting = new Map(); // id → timer
const flying = new Set();
const stale = new Set();
let pressed = null; // where a finger is down: of a button that is replaced under it there would be no click

const FIELDS = "input:not([type=hidden]), textarea, select, [contenteditable]";

function isChanged(field) {
  if (field.matches("[contenteditable]")) return false;
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  const options = [...field.options];
  const marked = options.filter((one) => one.defaultSelected);
  if (field.multiple) return options.some((one) => one.selected !== one.defaultSelected);
  return field.selectedIndex !== (marked.length ? options.indexOf(marked.at(-1)) : 0);
}
function isBusy(part) {
  if (pressed && part.contains(pressed)) return true;
  if (part.matches(".is-writing") || part.querySelector(".is-writing, dialog[open], .htmx-request")) return true;
  const focused = document.activeElement;
  if (part.contains(focused) && focused.closest(FIELDS)) return true;
  return [...part.querySelectorAll(FIELDS)].some(isChanged);
}

function plan(part) {
  if (!part.id || waiting.has(part.id)) return;
  waiting.set(part.id, setTimeout(() => { waiting.delete(part.id); refresh(part.id); }, Math.random() * JITTER));
}

async function refresh(id) {
  const part = document.getElementById(id);
  if (!part?.matches("[data-room-fragment]")) return stale.delete(id);
  if (flying.has(id) || isBusy(part)) {
    stale.add(id);
    part.classList.toggle("is-stale", !flying.has(id));
    return undefined;
  }
  stale.delete(id);
  flying.add(id);
  part.dataset.quiet = "";
  try {
    const fetched = window.htmx.ajax("GET", part.dataset.roomUrl, { source: part, target: part, swap: "outerHTML" });
    await Promise.race([fetched, new Promise((_resolve, reject) => { setTimeout(reject, PATIENCE); })]);
  } catch {
    stale.add(id);
  }
  flying.delete(id);
  return undefined;
}

// A fetch takes a moment: whoever began to write meanwhile keeps their part.
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target;
  if (!part?.matches?.("[data-room-fragment]") || !flying.has(part.id) || event.detail.requestConfig?.verb !== "get") return;
  if (!isBusyBesides(part)) return;
  event.detail.shouldSwap = false;
  stale.add(part.id);
  part.classList.add("is-stale");
});
function isBusyBesides(part) {
  const own = part.classList.contains("htmx-request");
  part.classList.remove("htmx-request");
  const busy = isBusy(part);
  part.classList.toggle("htmx-request", own);
  return busy;
}

const all = () => document.querySelectorAll("[data-room-fragment]");
export function refreshAll() {
  for (const part of all()) plan(part);
}
export function refreshFor(nouns) {
  for (const part of all()) if ((part.dataset.roomOn || "").split(/\s+/).some((noun) => nouns.has(noun))) plan(part);
}

const lookAgain = () => { for (const id of [...stale]) if (!flying.has(id) && !waiting.has(id)) refresh(id); };
document.addEventListener("pointerdown", (event) => { if (event.button === 0) pressed = event.target; }, true);
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => { const was = pressed; setTimeout(() => { if (pressed === was) { pressed = null; lookAgain(); } }, CLICK); }, true);
}
document.addEventListener("focusout", () => setTimeout(lookAgain));
document.addEventListener("close", () => setTimeout(lookAgain), true);
setInterval(lookAgain, LOOK);
