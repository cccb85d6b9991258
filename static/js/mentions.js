// Text fields in which an @ tells somebody: the list of those who may read the page opens behind it. Works without: a
// name that is typed out in full counts all the same. Fields come and go with what htmx swaps in.

import { makePeopleList } from "./room/people_list.js";

let number = 0;

function start(field) {
  if (field.dataset.mentionsReady) return;
  field.dataset.mentionsReady = "yes";
  const list = document.createElement("ul");
  list.className = "people-list";
  list.id = `mentions-${number += 1}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector("[data-people-url]").dataset.peopleLabel);
  list.hidden = true;
  field.after(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  const takesKey = makePeopleList(field, list, document.querySelector("[data-people-url]").dataset.peopleUrl);
  field.addEventListener("keydown", (event) => { if (!event.isComposing && event.keyCode !== 229) takesKey(event); });
}

const startAll = () => { for (const field of document.querySelectorAll("textarea[data-mentions]")) start(field); };
startAll();
document.addEventListener("htmx:afterSettle", startAll);
