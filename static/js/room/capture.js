// The recorder's line. d, a, n, p and i anywhere on the page choose what the next line is and go to it; as a first letter
// with a blank behind it they do the same. Enter keeps the line: it goes into the outbox at once and typing goes on.

import { refreshFor } from "./fragments.js";
import { makeOutbox } from "./outbox.js";
import { makePeopleList } from "./people_list.js";

const NOUNS = { d: "decision", a: "action", n: "note", p: "parked", i: "issue" };
const WAIT = 250;
const SHOWN_FOR = 20000;
const DEFAULT = "n";

function start(bar) {
  const words = JSON.parse(document.getElementById("capture-words").textContent);
  const form = bar.querySelector("[data-capture-form]");
  const input = form.querySelector("[name=line]");
  const preview = bar.querySelector("[data-capture-preview]");
  const outlist = bar.querySelector("[data-capture-outbox]");
  const buttons = [...form.querySelectorAll("[data-capture-choose]")];
  const takesKey = makePeopleList(input, bar.querySelector("[role=listbox]"), bar.dataset.peopleUrl);
  const draft = `fupan:capture:${bar.dataset.captureName}`;
  let kind = DEFAULT;
  let timer = 0;
  let asking = null;

  // --- what the line is ---------------------------------------------------------------------------------------------------
  function choose(code) {
    kind = code;
    const button = buttons.find((one) => one.value === code);
    for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
    form.querySelector("[data-capture-kind]").textContent = button.querySelector("span").textContent;
    bar.dataset.captureKindNow = code;
    look();
  }
  const urlOf = (code) => (code === "a" ? buttons.find((one) => one.value === "a").formAction : form.action);
  // The item that is shown, which need not be the one the room is at.
  const item = () => document.querySelector("[data-room-panel]")?.dataset.roomPanel ?? form.elements.item.value;

  function readPrefix() {
    const found = /^([danpi])[\s:：]/.exec(input.value);
    if (!found || kind !== DEFAULT) return;
    input.value = input.value.slice(found[0].length).trimStart();
    choose(found[1]);
  }

  // --- keeping --------------------------------------------------------------------------------------------------------------
  function remember() {
    try {
      if (input.value) localStorage.setItem(draft, JSON.stringify({ kind, line: input.value })); else localStorage.removeItem(draft);
    } catch { /* a closed store: the field itself has to do */ }
  }
  function keep() {
    const line = input.value.trim();
    if (!line) return;
    outbox.add({ key: uuid(), kind, line, item: item(), url: urlOf(kind), label: form.querySelector("[data-capture-kind]").textContent });
    input.value = "";
    choose(DEFAULT);
    remember();
    input.focus();
  }
  const uuid = () => (crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join(""));

  // --- what was understood --------------------------------------------------------------------------------------------------
  function look() {
    clearTimeout(timer);
    asking?.abort();
    if (!input.value.trim() || kind === "n" || kind === "i") return preview.replaceChildren();
    timer = setTimeout(ask, WAIT);
    return undefined;
  }
  async function ask() {
    asking = new AbortController();
    const body = new FormData();
    for (const [name, value] of [["line", input.value], ["kind", kind], ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value]]) body.set(name, value);
    try {
      const answer = await fetch(kind === "a" ? bar.dataset.actionPreviewUrl : bar.dataset.previewUrl, { method: "POST", body, redirect: "manual", signal: asking.signal });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      preview.replaceChildren(...page.body.childNodes);
    } catch { /* typing went on, or there is no connection: the line is kept all the same */ }
  }

  // --- what was captured -------------------------------------------------------------------------------------------------------
  const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
  const recent = [];
  let pending = [];

  function link(entry) {
    const found = make("a", "", entry.lacks?.length ? words.complete : words.open);
    found.href = entry.url;
    return found;
  }
  function press(label, action) {
    const button = make("button", "btn btn-sm", label);
    button.type = "button";
    button.addEventListener("click", action);
    return button;
  }
  function draw() {
    const rows = [...pending, ...recent].map((entry) => {
      const row = make("li", "capture-entry");
      row.dataset.state = entry.state;
      row.dataset.captureEntry = entry.kind;
      const text = make("span", "capture-entry-line", entry.line);
      text.dir = "auto";
      row.append(make("b", "", entry.label), text);
      if (entry.state === "kept") {
        row.append(make("span", "capture-entry-state", entry.words));
        if (entry.url) row.append(link(entry));
        if (entry.lacks?.length) row.append(make("p", "capture-entry-why", `${words.lacks} ${entry.lacks.join(" ")}`));
      } else if (entry.state === "refused") {
        row.append(make("p", "capture-entry-why", entry.words || words.gone), press(words.edit, () => edit(entry)), press(words.discard, () => outbox.take(entry.key)));
      } else {
        row.append(make("span", "capture-entry-state", words[entry.state]));
        if (entry.state === "login") row.append(press(words.edit, () => edit(entry)));
      }
      return row;
    });
    outlist.replaceChildren(...rows);
  }
  function edit(entry) {
    outbox.take(entry.key);
    if (input.value.trim()) keep();
    choose(entry.kind);
    input.value = entry.line;
    remember();
    look();
    input.focus();
  }
  function onKept(entry, answer) {
    const kept = { ...entry, ...answer, state: "kept" };
    recent.unshift(kept);
    recent.splice(4);
    draw();
    setTimeout(() => { recent.splice(recent.indexOf(kept), recent.includes(kept) ? 1 : 0); draw(); }, kept.lacks?.length ? SHOWN_FOR * 3 : SHOWN_FOR);
    refreshFor(new Set([NOUNS[entry.kind]]));
    document.dispatchEvent(new CustomEvent("fupan:captured", { detail: { noun: NOUNS[entry.kind] } }));
  }
  const outbox = makeOutbox({
    name: bar.dataset.captureName,
    onChange: (entries) => { pending = entries; draw(); },
    onKept,
  });

  // --- keys ---------------------------------------------------------------------------------------------------------------------
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = event.submitter?.dataset.captureChoose;
    if (!code) return keep();
    choose(code);
    input.focus();
    return undefined;
  });
  input.addEventListener("input", (event) => {
    if (!event.isComposing) readPrefix();
    remember();
    look();
  });
  input.addEventListener("compositionend", () => { readPrefix(); remember(); look(); });
  input.addEventListener("keydown", (event) => {
    // While a name or a word is put together, Enter belongs to the input method.
    if (event.isComposing || event.keyCode === 229 || takesKey(event)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      keep();
    } else if (event.key === "Backspace" && !input.value && kind !== DEFAULT) choose(DEFAULT);
    else if (event.key === "Escape") input.blur();
  });

  choose(DEFAULT);
  try {
    const kept = JSON.parse(localStorage.getItem(draft) || "null");
    if (kept?.line && !input.value) { input.value = kept.line; choose(buttons.some((one) => one.value === kept.kind) ? kept.kind : DEFAULT); }
  } catch { /* as above */ }
  outbox.start();
}

for (const bar of document.querySelectorAll("[data-capture]")) start(bar);
