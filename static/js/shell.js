// What every page does: keys, dialogs, questions before deleting, words when a request fails, colour scheme, focus.

const words = JSON.parse(document.getElementById("shell-words")?.textContent || "{}");

// --- toasts: document.dispatchEvent(new CustomEvent("fupan:toast", {detail: "text"})) -------------------------
function toast(text) {
  const room = document.getElementById("toasts");
  const template = document.getElementById("toast-template");
  if (!room || !text) return;
  if ([...room.querySelectorAll(".toast-words")].some((shown) => shown.textContent === text)) return;
  const note = template.content.firstElementChild.cloneNode(true);
  note.querySelector(".toast-words").textContent = text;
  note.querySelector("button").addEventListener("click", () => note.remove());
  room.append(note);
  setTimeout(() => note.remove(), 12000);
}
// Answers of htmx bring theirs in the header HX-Trigger, which wraps the text.
document.addEventListener("fupan:toast", (event) => toast(event.detail?.value ?? event.detail));

// --- htmx ------------------------------------------------------------------------------------------------------
// What a page asks for by itself (data-quiet) fails in silence; it asks again.
const isQuiet = (event) => Boolean(event.target.closest?.("[data-quiet]"));
document.addEventListener("htmx:sendError", (event) => { if (!isQuiet(event)) toast(words.offline); });
document.addEventListener("htmx:timeout", (event) => { if (!isQuiet(event)) toast(words.offline); });
document.addEventListener("htmx:responseError", (event) => {
  if (isQuiet(event)) return;
  const status = event.detail.xhr.status;
  toast(words[status] || (status >= 500 ? words["500"] : words["400"]));
});
// A page that is drawn anew stays where it is: the browser would follow the old one, which goes away, to the bottom.
const held = (on) => document.documentElement.classList.toggle("is-swapping", on);
document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.target?.matches?.("#content, #shown")) held(true); });
document.addEventListener("htmx:afterSettle", (event) => {
  requestAnimationFrame(() => requestAnimationFrame(() => held(false)));
  event.target.querySelector?.("[data-focus]")?.focus();
  // What came of a step stands at the top of the page; whoever took it further down is led there.
  const said = event.target.id === "content" ? event.target.querySelector(".messages") : null;
  const place = said?.getBoundingClientRect();
  if (place && (place.top < 0 || place.bottom > innerHeight)) said.scrollIntoView({ block: "center" });
});
document.querySelector("[data-focus]")?.focus();

// --- questions: data-confirm="Sentence" on a form or button ------------------------------------------------------
const question = document.getElementById("confirm");

// Red is for what takes something away; data-confirm-calm asks before the other things that everybody sees at once.
function ask({ confirm: sentence, confirmButton: verb, confirmCalm }) {
  const yes = question.querySelector("[value=yes]");
  question.querySelector("#confirm-words").textContent = sentence;
  yes.textContent = verb || yes.dataset.default;
  yes.classList.toggle("btn-danger", confirmCalm === undefined);
  yes.classList.toggle("btn-primary", confirmCalm !== undefined);
  question.returnValue = "no";
  question.showModal();
  return new Promise((resolve) => {
    question.addEventListener("close", () => resolve(question.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const source = event.submitter?.dataset.confirm ? event.submitter : form;
  const isHtmx = form.matches("[hx-post],[hx-get],[hx-put],[hx-delete],[data-hx-post]");
  if (!question || !source.dataset.confirm || form.dataset.confirmed || isHtmx) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await ask(source.dataset)) {
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
  }
}, true);

document.addEventListener("htmx:confirm", async (event) => {
  const submitter = event.detail.triggeringEvent?.submitter;
  const source = submitter?.dataset.confirm ? submitter : event.target.closest("[data-confirm]");
  if (!question || !source) return;
  event.preventDefault();
  if (await ask(source.dataset)) event.detail.issueRequest(true);
});

// --- dialogs -----------------------------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
});

// --- keys ----------------------------------------------------------------------------------------------------------
let waitingForPlace = 0;

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable], dialog[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (Date.now() - waitingForPlace < 1200) {
    waitingForPlace = 0;
    const link = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  if (event.key === "g") waitingForPlace = Date.now();
  if (event.key === "?") document.getElementById("shortcuts")?.showModal();
  if (event.key === "/") {
    // A page without a field of its own leads to the search of everything.
    const field = document.querySelector("main input[type=search], main [data-search]");
    const search = document.querySelector("[data-search-page]");
    if (field || search) event.preventDefault();
    if (field) field.focus();
    else search?.click();
  }
});

// --- colour scheme: at once, and kept by the server --------------------------------------------------------------
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const theme = event.submitter.value;
  document.dispatchEvent(new CustomEvent("fupan:choose-theme", { detail: theme }));
  for (const button of form.querySelectorAll("[name=theme]")) button.classList.toggle("active", button.value === theme);
  const body = new FormData(form, event.submitter);
  fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => toast(words.offline));
});
