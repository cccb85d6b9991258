// Long forms of rows: [data-rows-form] with a [data-sortable] list of [data-row], and selects to search in
// ([data-pick]). Starts again when htmx has put in new rows. Without this file the form works with its buttons.

import { makePicker, makeSortable } from "./pickers.js";

const form = document.querySelector("[data-rows-form]");

function renumber(list) {
  list.querySelectorAll(":scope > [data-row]").forEach((row, place) => {
    row.querySelector('input[name$="-order"]').value = place;
  });
}

function onEnd(row) {
  renumber(row.parentElement);
  form.dispatchEvent(new CustomEvent("fupan:sorted", { bubbles: true }));
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// A search field costs more than a select; it is made when its part of the form is opened.
function makePickers(part) {
  for (const select of part.querySelectorAll("select[data-pick]")) {
    if (!select.tomselect && !select.closest("details:not([open])")) makePicker(select);
  }
}

function start() {
  for (const list of form.querySelectorAll("[data-sortable]")) makeSortable(list, onEnd);
  makePickers(form);
}

if (form) {
  start();
  form.addEventListener("toggle", (event) => makePickers(event.target), true);
  document.addEventListener("htmx:afterSettle", start);
}
