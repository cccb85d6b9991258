// The form of a pre-read: what is typed is stored before a button changes the page; files come by picking, dragging or
// pasting a screenshot.
// <form data-flush> around [data-section] with [data-evidence] inside: a file field, the button .evidence-send, <progress>.

const toast = (words) => document.dispatchEvent(new CustomEvent("fupan:toast", { detail: words }));

// --- first store, then act -------------------------------------------------------------------------------------
document.addEventListener("htmx:confirm", (event) => {
  const form = event.target.closest("form[data-flush]");
  if (!form) return;
  event.preventDefault();
  const waiting = [];
  for (const block of form.querySelectorAll("[data-block]")) block.dispatchEvent(new CustomEvent("fupan:flush", { detail: waiting }));
  Promise.all(waiting).then(() => event.detail.issueRequest(true));
});

// The server's sentences stand above the page, of which only a part is taken over: show them where they are seen.
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.closest?.("form[data-flush]")) return;
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText || "", "text/html");
  for (const message of page.querySelectorAll(".messages .alert-danger, .messages .alert-warning")) toast(message.textContent.trim());
});

// --- a row that was added or moved -----------------------------------------------------------------------------
document.addEventListener("htmx:afterSettle", (event) => {
  const path = event.detail.requestConfig?.path;
  const did = event.detail.requestConfig?.parameters?.do || event.detail.requestConfig?.formData?.get?.("do");
  if (!path || !did?.startsWith("add:")) return;
  const rows = document.querySelectorAll(`#section-${CSS.escape(did.slice(4))} .report-row`);
  rows[rows.length - 1]?.querySelector("input:not([type=hidden]), textarea")?.focus();
});

// --- evidence --------------------------------------------------------------------------------------------------
const ENDINGS = { "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp" };
const stamp = () => new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);

function send(evidence, files) {
  const limit = Number(evidence.dataset.maxBytes);
  const carrier = new DataTransfer();
  const refused = [];
  for (const file of files) if (file.size > limit) refused.push(file.name); else carrier.items.add(file);
  const words = evidence.querySelector("[data-evidence-words]");
  words.hidden = !refused.length;
  words.textContent = refused.map((name) => `“${name}” ${evidence.dataset.tooLarge}`).join(" ");
  const input = evidence.querySelector("input[type=file]");
  input.files = carrier.files;
  if (carrier.files.length) evidence.querySelector(".evidence-send").click();
}

function pasted(data) {
  const pictures = [...data.files].filter((file) => file.type in ENDINGS);
  return pictures.map((file, place) => new File([file], `screenshot-${stamp()}${place ? `-${place + 1}` : ""}.${ENDINGS[file.type]}`, { type: file.type }));
}

function start(section) {
  if (section.dataset.sectionStarted) return;
  section.dataset.sectionStarted = "yes";
  for (const evidence of section.querySelectorAll("[data-evidence]")) {
    evidence.classList.add("is-live");
    evidence.querySelector("input[type=file]").addEventListener("change", (event) => send(evidence, [...event.target.files]));
    evidence.addEventListener("htmx:xhr:progress", (event) => {
      const bar = evidence.querySelector("progress");
      bar.hidden = false;
      if (event.detail.lengthComputable) { bar.max = event.detail.total; bar.value = event.detail.loaded; }
    });
    evidence.addEventListener("htmx:afterRequest", () => { evidence.querySelector("progress").hidden = true; evidence.querySelector("input[type=file]").value = ""; });
  }
  const place = (target) => target.closest?.("[data-evidence]") || section.querySelector("[data-evidence]");
  section.addEventListener("paste", (event) => {
    const files = event.clipboardData ? pasted(event.clipboardData) : [];
    const evidence = place(event.target);
    if (!files.length || !evidence) return;
    event.preventDefault();
    send(evidence, files);
  });
  section.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files") || !place(event.target)) return;
    event.preventDefault();
    place(event.target).classList.add("is-over");
  });
  const leave = () => { for (const one of section.querySelectorAll(".evidence.is-over")) one.classList.remove("is-over"); };
  section.addEventListener("dragleave", leave);
  section.addEventListener("drop", (event) => {
    const evidence = place(event.target);
    if (!event.dataTransfer?.files.length || !evidence) return;
    event.preventDefault();
    leave();
    send(evidence, [...event.dataTransfer.files].filter((file) => file.size > 0 || file.type));
  });
}

const startAll = (root) => {
  if (root.matches?.("[data-section]")) start(root);
  for (const section of root.querySelectorAll("[data-section]")) start(section);
};
startAll(document);
document.addEventListener("htmx:load", (event) => startAll(event.target));

// --- handed in: what this browser kept is no longer needed --------------------------------------------------------
for (const done of document.querySelectorAll("[data-blocks-done]")) {
  try {
    const begins = `fupan:block:${done.dataset.blocksDone}-`;
    for (const key of Object.keys(localStorage)) if (key.startsWith(begins)) localStorage.removeItem(key);
  } catch { /* the store is closed: nothing was kept */ }
}
