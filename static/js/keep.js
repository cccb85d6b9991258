// What is typed into one form outlives the sending of another, whose answer replaces both.

const typed = new Map();
const TEXTS = "textarea, input:not([type]), input[type=text], input[type=search], input[type=number], input[type=url]";
// Other at every drawing of the page, or said by the server.
const CHANGING = new Set(["csrfmiddlewaretoken", "version"]);

function place(field) {
  const hidden = [...field.form.querySelectorAll("input[type=hidden]")].filter((one) => !CHANGING.has(one.name));
  const which = hidden.map((one) => `${one.name}=${one.value}`).join("&");
  return `${field.form.getAttribute("action")}?${which}#${field.name}`;
}
const fields = (root) => [...root.querySelectorAll(TEXTS)].filter((field) => field.form && field.name);

document.addEventListener("input", ({ target }) => {
  if (target.form && target.name && target.matches(TEXTS)) typed.set(place(target), target.value);
});
document.addEventListener("submit", ({ target }) => {
  for (const field of fields(target)) typed.delete(place(field));
});
document.addEventListener("htmx:afterSettle", () => {
  if (!typed.size) return;
  for (const field of fields(document)) {
    const words = typed.get(place(field));
    if (words === undefined || field.value === words) continue;
    field.value = words;
    const fold = field.closest("details");
    if (fold) fold.open = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
