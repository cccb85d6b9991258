// The form of a meeting: rows that are moved with mouse and keys, people that can be searched, dates only where they are
// wanted. Without this file the same form works with its buttons.

import { makeNamePicker, makePicker, makeSortable } from "./pickers.js";

const form = document.querySelector("[data-plan]");
const rows = (list) => [...list.querySelectorAll(":scope > [data-row]")];

// --- moving rows ---------------------------------------------------------------------------------------------------
// A row keeps its number and takes its fields along; only the hidden field `order` says where it stands.
function renumber(list) {
  const all = rows(list);
  all.forEach((row, place) => {
    row.querySelector('input[name$="-order"]').value = place;
    row.querySelector('[data-move="-1"]').disabled = place === 0;
    row.querySelector('[data-move="1"]').disabled = place === all.length - 1;
  });
  form.dispatchEvent(new CustomEvent("fupan:sorted", { bubbles: true }));
}

function say(row) {
  const said = form.querySelector("[data-said]");
  const all = rows(row.parentElement);
  const title = row.querySelector(".agenda-title input")?.value ?? row.querySelector("[data-title]")?.textContent.trim();
  said.textContent = said.dataset.moved
    .replace("{title}", title)
    .replace("{place}", all.indexOf(row) + 1)
    .replace("{count}", all.length);
}

function move(row, by) {
  const list = row.parentElement;
  const all = rows(list);
  const to = all.indexOf(row) + by;
  if (to < 0 || to >= all.length) return;
  const focused = document.activeElement;
  list.insertBefore(row, by < 0 ? all[to] : all[to].nextSibling);
  renumber(list);
  if (row.contains(focused)) {
    // A button that has just become useless hands over to its neighbour.
    const next = focused.disabled ? row.querySelector(`[data-move="${-by}"]`) : focused;
    next.focus();
  }
  row.scrollIntoView({ block: "nearest" });
  say(row);
}

function sortRows() {
  makeSortable(form.querySelector("[data-sortable]"), (row) => {
    renumber(row.parentElement);
    say(row);
  });
}

function onKey(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const row = event.target.closest("[data-row]");
  if (!row) return;
  event.preventDefault();
  move(row, event.key === "ArrowUp" ? -1 : 1);
}

function onMoveButton(event) {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  // Before htmx would send it: the row moves here, and nothing of the page is replaced.
  event.preventDefault();
  event.stopPropagation();
  move(button.closest("[data-row]"), Number(button.dataset.move));
}

// A row that was added is where the typing goes on. Other parts of the form settle in between: only the answer to the
// button counts.
function afterSettle({ detail }) {
  sortRows();
  if (!detail.requestConfig?.elt.closest("[data-adds]")) return;
  const field = form.querySelector("[data-row]:last-child .agenda-title input");
  field?.focus();
  field?.select();
}

// --- choosing people -----------------------------------------------------------------------------------------------
function makePickers() {
  for (const select of form.querySelectorAll("select[data-pick]")) {
    makePicker(select);
    // Its label now names the picker's own field; the list behind it is nothing to read out.
    select.setAttribute("aria-hidden", "true");
  }
}

// Several names in one field: made into a picker when somebody opens the fold it stands in.
function makeReaders(details) {
  const input = details.querySelector("input[data-names]");
  if (!input || input.tomselect) return;
  makeNamePicker(input, [...form.querySelectorAll("#people-names option")].map(({ value }) => value));
}

// --- what the time, the place and the people lead to -----------------------------------------------------------------
const WHEN = /^(date|time|time_zone|fold|planned_minutes|location|preread_\w+|corrections_until|freeze_at)$/;
const WHO = /^(host|deputy_hosts|executives|timekeeper|recorder|data_owners|presenters|members|optional)$|-(speaker|takes_part|person)$/;
function onChange({ target }) {
  if (!target.name || !(WHEN.test(target.name) || WHO.test(target.name))) return;
  form.dispatchEvent(new CustomEvent("fupan:when", { bubbles: true }));
}

// --- other dates ------------------------------------------------------------------------------------------------------
function showOwnPeriod() {
  const fields = form.querySelector("[data-own-period]");
  fields.hidden = form.elements.period.value !== "own";
}

if (form) {
  sortRows();
  makePickers();
  showOwnPeriod();
  form.elements.period.addEventListener("change", showOwnPeriod);
  form.addEventListener("keydown", onKey);
  form.addEventListener("click", onMoveButton, true);
  form.addEventListener("input", onChange);
  form.addEventListener("change", onChange);
  form.addEventListener("toggle", ({ target }) => target.open && makeReaders(target), true);
  document.addEventListener("htmx:afterSettle", afterSettle);
  form.querySelector("[data-overlaps]")?.focus();
}
