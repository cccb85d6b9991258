// Long forms of rows: [data-rows-form] with a [data-sortable] list of [data-row], and selects to search in
// ([data-pick]). Starts again when htmx has put in new rows. Without this file the form works with its buttons.

const form = document.querySelector("[data-rows-form]");

function renumber(list) {
  list.querySelectorAll(":scope > [data-row]").forEach((row, place) => {
    row.querySelector('input[name$="-order"]').value = place;
  });
}

function makeSortable() {
  for (const list of form.querySelectorAll("[data-sortable]:not([data-ready])")) {
    list.dataset.ready = "yes";
    window.Sortable.create(list, {
      handle: "[data-handle]",
      animation: 120,
      onEnd: () => {
        renumber(list);
        form.dispatchEvent(new CustomEvent("fupan:sorted", { bubbles: true }));
        form.dispatchEvent(new Event("input", { bubbles: true }));
      },
    });
  }
}

// A search field costs more than a select; it is made when its part of the form is opened.
function makePickers(part) {
  for (const select of part.querySelectorAll("select[data-pick]")) {
    if (select.tomselect || select.closest("details:not([open])")) continue;
    const many = select.dataset.pick === "many";
    new window.TomSelect(select, {
      plugins: many ? ["remove_button"] : [],
      maxOptions: 300,
      hideSelected: many,
      allowEmptyOption: !many,
      onChange: () => select.dispatchEvent(new Event("input", { bubbles: true })),
    });
  }
}

function start() {
  makeSortable();
  makePickers(form);
}

if (form) {
  start();
  form.addEventListener("toggle", (event) => makePickers(event.target), true);
  document.addEventListener("htmx:afterSettle", start);
}
