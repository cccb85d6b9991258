// What long forms of rows share: lists to search in, and rows that are dragged by their handle. Tom Select and
// Sortable are loaded by the page.

const SHARED = {
  maxOptions: 300,
  // The names are all here. Waiting after each key would leave the list behind the typing, so that Enter took the
  // wrong name, and would open it once more after somebody has already picked.
  refreshThrottle: 0,
};

/** A list to search in, made of a select with [data-pick]; `data-pick="many"` takes several. */
export function makePicker(select) {
  const many = select.dataset.pick === "many";
  return new window.TomSelect(select, {
    ...SHARED,
    plugins: many ? ["remove_button"] : [],
    hideSelected: many,
    allowEmptyOption: !many,
    onChange: () => select.dispatchEvent(new Event("input", { bubbles: true })),
  });
}

/** Several of `names` in one text field, separated by semicolons. */
export function makeNamePicker(input, names) {
  return new window.TomSelect(input, {
    ...SHARED,
    plugins: ["remove_button"],
    delimiter: "; ",
    options: names.map((value) => ({ value, text: value })),
    create: false,
    hideSelected: true,
    // An open list lies over the buttons below it.
    closeAfterSelect: true,
  });
}

/** Rows that are moved by their [data-handle], once for each list; `onEnd` gets the row. */
export function makeSortable(list, onEnd) {
  if (!list || list.dataset.ready) return;
  list.dataset.ready = "yes";
  window.Sortable.create(list, { handle: "[data-handle]", animation: 120, onEnd: ({ item }) => onEnd(item) });
}
