// What stands beside the clock for one item. It follows the room; whoever is typing is not interrupted, and gets the
// way along offered.

import { current } from "./stream.js";

const room = document.querySelector("[data-room]");
const panel = document.getElementById("panel");
const shownItem = () => Number(panel?.querySelector("[data-room-panel]")?.dataset.roomPanel) || null;
const isWriting = () => Boolean(panel?.querySelector(".is-writing")) || (panel?.contains(document.activeElement) && document.activeElement.matches("textarea, input, select"));

async function open(item) {
  room.querySelector("[data-room-moved]").hidden = true;
  const waits = [];
  for (const block of panel.querySelectorAll("[data-block]")) block.dispatchEvent(new CustomEvent("fupan:flush", { detail: waits }));
  await Promise.all(waits);
  const address = `${room.dataset.panelUrl.replace("/0/", `/${item}/`)}?view=${room.dataset.view}`;
  await window.htmx.ajax("GET", address, { target: "#panel", swap: "innerHTML" });
  markShown();
}
function markShown() {
  const shown = shownItem();
  for (const line of room.querySelectorAll("[data-room-line]")) line.classList.toggle("is-shown", Number(line.dataset.roomLine) === shown && shown !== current()?.item);
}

if (panel) {
  document.addEventListener("fupan:moved", (event) => {
    if (shownItem() === event.detail.item) { markShown(); return; }
    if (isWriting()) room.querySelector("[data-room-moved]").hidden = false;
    else open(event.detail.item);
  });
  room.querySelector("[data-room-follow]")?.addEventListener("click", () => open(current().item));
  room.addEventListener("click", (event) => {
    const link = event.target.closest("[data-room-open]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (room.dataset.view === "agenda" || !["screen", "record"].includes(room.dataset.view)) document.dispatchEvent(new CustomEvent("fupan:open-side", { detail: "screen" }));
    open(link.dataset.roomOpen);
  });
  markShown();
}
