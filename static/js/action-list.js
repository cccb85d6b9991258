// The list of actions: keys, selection, columns, and cards that are dragged. Without this file everything works by its
// links, buttons and forms. Starts again when htmx has put in another list.

const list = () => document.querySelector("[data-list]");
const items = () => [...document.querySelectorAll("[data-item]")];
const toast = (text) => document.dispatchEvent(new CustomEvent("fupan:toast", { detail: text }));

// --- selection ---------------------------------------------------------------------------------------------------
const boxes = () => [...document.querySelectorAll("[data-select]")];

function showSelected() {
  const all = boxes();
  const chosen = all.filter((box) => box.checked).length;
  for (const box of all) box.closest("[data-item]").classList.toggle("is-selected", box.checked);
  const bar = document.querySelector(".bulk-bar");
  if (!bar) return;
  bar.classList.toggle("is-on", chosen > 0);
  bar.querySelector("[data-selected-count]").textContent = chosen ? String(chosen) : "";
  const every = bar.querySelector("[data-select-all]");
  every.checked = chosen > 0 && chosen === all.length;
  every.indeterminate = chosen > 0 && chosen < all.length;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) for (const box of boxes()) box.checked = event.target.checked;
  if (event.target.matches("[data-select], [data-select-all]")) showSelected();
});

// --- keys --------------------------------------------------------------------------------------------------------
const current = () => document.activeElement?.closest("[data-item]");
// The other layouts show an action by its link alone.
const linkOf = (item) => item.querySelector("a.action-title, a.due-chip, a.load-person");

function step(by) {
  const all = items();
  if (!all.length) return;
  const here = all.indexOf(current());
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
  linkOf(all[next])?.focus();
  all[next].scrollIntoView({ block: "nearest" });
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => current()?.querySelector("[data-select]")?.click(),
  e: () => {
    if (!boxes().some((box) => box.checked)) current()?.querySelector("[data-select]")?.click();
    if (boxes().some((box) => box.checked)) document.querySelector("[data-bulk-edit]")?.click();
  },
  m: () => current()?.querySelector("[data-move]")?.click(),
};

let afterG = 0;
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]")) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  // `g` and a letter lead to another page.
  if (Date.now() - afterG < 1200) return;
  if (event.key === "g") afterG = Date.now();
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// --- moving on ---------------------------------------------------------------------------------------------------
const sheet = document.getElementById("step");

function reload() {
  if (list()) window.htmx.ajax("GET", location.href, { target: "#shown", swap: "outerHTML" });
}

function ask(html) {
  const body = document.getElementById("step-body");
  window.htmx.swap(body, html, { swapStyle: "innerHTML" });
  sheet.showModal();
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "step-body" && sheet && !sheet.open) sheet.showModal();
});

document.addEventListener("actions:moved", (event) => {
  if (sheet?.open) sheet.close();
  const leave = document.querySelector("[data-leave]");
  if (leave) location.assign(leave.dataset.leave);
  else toast(event.detail?.value ?? event.detail);
  reload();
});

async function drop({ item, from, to, oldIndex }) {
  if (from === to) return;
  const back = () => from.insertBefore(item, from.children[oldIndex] ?? null);
  const headers = { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers") || "{}") };
  const body = new URLSearchParams({ to: to.dataset.status });
  let answer;
  try {
    const link = item.querySelector("[data-move]");
    answer = await fetch(link.getAttribute("href"), { method: "POST", headers, body });
  } catch {
    back();
    window.htmx.trigger(document.body, "htmx:sendError");
    return;
  }
  if (answer.status === 204) {
    toast(JSON.parse(answer.headers.get("HX-Trigger"))["actions:moved"]);
    reload();
    return;
  }
  // It stays where it was until the step is taken; the sheet says why, or asks for the words that it needs.
  back();
  ask(await answer.text());
}

// --- what htmx puts in -------------------------------------------------------------------------------------------
function start() {
  showSelected();
  if (!window.Sortable) return;
  for (const cards of document.querySelectorAll("[data-board] [data-status]:not([data-ready])")) {
    cards.dataset.ready = "yes";
    // On a phone the thumb scrolls; cards are moved by their button.
    window.Sortable.create(cards, {
      group: "board", animation: 120, sort: false, delay: 150, delayOnTouchOnly: true, filter: ".card-move",
      preventOnFilter: false, draggable: ".board-card:has([data-move])", onEnd: drop,
    });
  }
  for (const columns of document.querySelectorAll("[data-columns]:not([data-ready])")) {
    columns.dataset.ready = "yes";
    window.Sortable.create(columns, {
      handle: "[data-grip]", animation: 120,
      onEnd: () => columns.querySelectorAll(".column-place").forEach((place, n) => { place.value = n + 1; }),
    });
  }
}

// One sheet is open at a time; a click beside it closes it.
document.addEventListener("click", (event) => {
  for (const fold of document.querySelectorAll("details.list-fold[open]")) {
    if (!fold.contains(event.target)) fold.open = false;
  }
});

// --- the form for many: only what the chosen change needs ----------------------------------------------------------
const bulk = document.querySelector("[data-bulk-form]");

function showNeeded() {
  const change = bulk.querySelector("[name=change]:checked")?.value;
  for (const part of bulk.querySelectorAll("[data-needs]")) part.hidden = part.dataset.needs !== change;
}

if (bulk) {
  bulk.addEventListener("change", showNeeded);
  showNeeded();
}
document.addEventListener("htmx:afterSettle", start);
start();
