// The form of a meeting: rows that can be dragged, people that can be searched, dates only where they are wanted.
// Without this file the same form works with its buttons.

const form = document.querySelector("[data-plan]");

// --- dragging ----------------------------------------------------------------------------------------------------
function renumber(list) {
  list.querySelectorAll("[data-row]").forEach((row, place) => {
    row.querySelector('input[name$="-order"]').value = place;
  });
}

function makeSortable() {
  const list = form.querySelector("[data-sortable]");
  if (!list || list.dataset.ready) return;
  list.dataset.ready = "yes";
  window.Sortable.create(list, {
    handle: "[data-handle]",
    animation: 120,
    onEnd: () => {
      renumber(list);
      form.dispatchEvent(new CustomEvent("fupan:sorted", { bubbles: true }));
    },
  });
}

// --- choosing people -----------------------------------------------------------------------------------------------
function makePickers() {
  for (const select of form.querySelectorAll("select[data-pick]")) {
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

// --- other dates ------------------------------------------------------------------------------------------------------
function showOwnPeriod() {
  const fields = form.querySelector("[data-own-period]");
  fields.hidden = form.elements.period.value !== "own";
}

if (form) {
  makeSortable();
  makePickers();
  showOwnPeriod();
  form.elements.period.addEventListener("change", showOwnPeriod);
  document.addEventListener("htmx:afterSettle", makeSortable);
}
