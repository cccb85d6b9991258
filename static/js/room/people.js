// People in the room: speaking time counts on between two events, browsers of people with a role say that they are
// there, and lists that somebody has opened stay open when their part is fetched anew.

const EVERY = 15000;
const SECOND = 1000;

// --- speaking time: the server's seconds, and those since it said them ------------------------------------------------
const two = (number) => String(number).padStart(2, "0");
function digits(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
const since = new WeakMap();
function count() {
  for (const list of document.querySelectorAll("[data-speaking]")) {
    if (!since.has(list)) since.set(list, performance.now());
    const rows = [...list.querySelectorAll("[data-share]")];
    if (!rows.some((row) => row.hasAttribute("data-share-running"))) continue;
    const more = Math.floor((performance.now() - since.get(list)) / SECOND);
    const lengths = rows.map((row) => Number(row.dataset.share) + (row.hasAttribute("data-share-running") ? more : 0));
    const total = lengths.reduce((sum, length) => sum + length, 0) || 1;
    rows.forEach((row, place) => {
      const percent = Math.round((lengths[place] / total) * 100);
      row.querySelector("[data-share-time]").textContent = digits(lengths[place]);
      row.querySelector("[data-share-percent]").textContent = `${percent} %`;
      row.querySelector("[data-share-bar]").value = percent;
    });
  }
}

// --- still there -------------------------------------------------------------------------------------------------------
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value || JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
async function here() {
  const roles = document.querySelector("[data-here-url]");
  if (!roles) return;
  try {
    const answer = await fetch(roles.dataset.hereUrl, { method: "POST", headers: { "X-CSRFToken": token(), Accept: "application/json" }, redirect: "manual" });
    if (!answer.ok) return;
    const isLost = (await answer.json()).host_lost;
    // Nothing happened in the room, so no event says that its host has gone or is back.
    if (isLost !== roles.hasAttribute("data-host-lost")) {
      window.htmx.ajax("GET", roles.dataset.roomUrl, { source: roles, target: roles, swap: "outerHTML" });
    }
  } catch {
    // No connection; the room says so itself.
  }
}

// --- what was opened stays open ------------------------------------------------------------------------------------------
const opened = new Set();
document.addEventListener("toggle", (event) => {
  const name = event.target.dataset?.keepOpen;
  if (!name) return;
  if (event.target.open) opened.add(name);
  else opened.delete(name);
}, true);
document.addEventListener("htmx:afterSettle", () => {
  for (const list of document.querySelectorAll("details[data-keep-open]")) if (opened.has(list.dataset.keepOpen)) list.open = true;
});

setInterval(count, SECOND);
setInterval(here, EVERY);
here();
document.addEventListener("visibilitychange", () => { if (!document.hidden) here(); });
