// The live room: draws the clock from the state that stream.js brings, and sends the host's presses with the version
// they were made on. Nobody else's screen is ever waited for.

import { now, press as post } from "./room/stream.js";

const read = (id) => JSON.parse(document.getElementById(id)?.textContent || "null");
const room = document.querySelector("[data-room]");
const words = read("room-words") || {};
const MINUTE = 60000;

let state = read("room-state");

// --- counting ------------------------------------------------------------------------------------------------------------
const two = (number) => String(number).padStart(2, "0");
function digits(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const sign = milliseconds < 0 && seconds > 0 ? "\u2212" : "";
  return sign + (hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`);
}
const elapsed = () => state.elapsed + (state.running && state.anchor !== null ? Math.max(0, now() - state.anchor) : 0);
function level(used, budget) {
  if (!budget) return used > MINUTE ? "over" : "";
  const share = used / budget;
  return share >= 1.2 ? "far" : share >= 1 ? "over" : share >= 0.7 ? "soon" : "";
}
const put = (name, text) => {
  const place = room.querySelector(`[data-room-${name}]`);
  if (place && place.textContent !== text) place.textContent = text;
};
const hour = (instant) => new Date(instant).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: room.dataset.zone || undefined });

function draw() {
  if (!state || state.status !== "in_progress" || !room.querySelector("[data-clock]")) return;
  const used = elapsed();
  const left = state.budget - used;
  const projected = now() + Math.max(left, 0) + state.rest + state.ahead;
  const code = level(used, state.budget);
  const clock = room.querySelector("[data-clock]");
  clock.classList.remove("clock-fine", "clock-soon", "clock-over", "clock-far");
  clock.classList.add(`clock-${code || "fine"}`);
  put("remaining", digits(left));
  put("item-remaining", digits(left + state.rest));
  put("meeting-remaining", digits(state.planned_end - now()));
  put("level", words[`level_${code}`] || "");
  put("projected", hour(projected));
  const drift = Math.round((projected - state.planned_end) / MINUTE);
  put("drift", drift > 0 ? words.late.replace("{minutes}", drift) : drift < 0 ? words.early.replace("{minutes}", -drift) : words.on_time);
  const line = room.querySelector(`[data-room-line="${state.item}"] [data-room-taken]`);
  if (line) line.textContent = Math.round((state.lines[state.item].taken + used) / MINUTE);
}

// --- what has happened ------------------------------------------------------------------------------------------------------
function take(fresh) {
  const before = state;
  state = fresh;
  if (before.status !== fresh.status) {
    // A room that opened or closed is another page.
    if (fresh.status === "ended" && room.dataset.minutesUrl) window.location.assign(room.dataset.minutesUrl);
    else window.location.reload();
    return;
  }
  show();
  if (before.item !== fresh.item) moved();
}

function show() {
  if (!state.item) return;
  put("part", words[state.part]);
  put("running", state.running ? words.running : words.paused);
  const title = room.querySelector(`[data-room-line="${state.item}"] .room-line-title`);
  if (title) put("item", title.textContent);
  for (const version of room.querySelectorAll("[data-room-version]")) version.value = state.version;
  for (const button of room.querySelectorAll("[data-room-when]")) {
    const when = button.dataset.roomWhen;
    button.hidden = !(when === "running" ? state.running : when === "paused" ? !state.running : state.part === when);
  }
  for (const line of room.querySelectorAll("[data-room-line]")) {
    const about = state.lines[line.dataset.roomLine];
    const isCurrent = Number(line.dataset.roomLine) === state.item;
    if (isCurrent) line.setAttribute("aria-current", "step"); else line.removeAttribute("aria-current");
    line.classList.toggle("is-done", Boolean(about?.visited) && !isCurrent);
    if (!about) continue;
    line.querySelector("[data-room-planned]").textContent = Math.round(about.planned / MINUTE);
    if (!isCurrent) line.querySelector("[data-room-taken]").textContent = Math.round(about.taken / MINUTE);
  }
  draw();
}

function sayConnection({ mode }) {
  const lost = room.querySelector("[data-room-lost]");
  if (!lost) return;
  lost.hidden = mode !== "lost";
  lost.querySelector("span").textContent = words.lost;
}

// --- the panel beside the clock ------------------------------------------------------------------------------------------------
const panel = document.getElementById("panel");
const shownItem = () => Number(panel?.querySelector("[data-room-panel]")?.dataset.roomPanel) || null;
const isWriting = () => panel?.contains(document.activeElement) && document.activeElement.matches("textarea, input, select");

function moved() {
  if (!panel || shownItem() === state.item) return;
  const notice = room.querySelector("[data-room-moved]");
  // Whoever is typing is not interrupted: the way along is offered.
  if (isWriting()) notice.hidden = false;
  else open(state.item);
}
async function open(item) {
  room.querySelector("[data-room-moved]").hidden = true;
  const waits = [];
  for (const block of panel.querySelectorAll("[data-block]")) block.dispatchEvent(new CustomEvent("fupan:flush", { detail: waits }));
  await Promise.all(waits);
  window.htmx.ajax("GET", room.dataset.panelUrl.replace("/0/", `/${item}/`), { target: "#panel", swap: "innerHTML" });
}

// --- the host's buttons ------------------------------------------------------------------------------------------------------------
async function press(form, verb) {
  const body = new FormData(form);
  body.set("verb", verb);
  body.set("version", state.version);
  body.set("key", crypto.randomUUID ? crypto.randomUUID() : "");
  const data = await post(form.action, body);
  if (data === null) document.dispatchEvent(new CustomEvent("fupan:toast", { detail: words.lost }));
  else if (data.message) document.dispatchEvent(new CustomEvent("fupan:toast", { detail: data.message }));
}

if (room && state) {
  const controls = room.querySelector("[data-room-controls]");
  controls?.addEventListener("submit", (event) => {
    // Ending asks first (data-confirm) and then goes the plain way, to the minutes.
    if (event.submitter?.value === "end") return;
    event.preventDefault();
    press(controls, event.submitter.value);
  });
  document.addEventListener("keydown", (event) => {
    if (!controls || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, button, a, summary, [contenteditable], dialog[open]")) return;
    const button = [...controls.querySelectorAll("[data-room-key]")].find((one) => one.dataset.roomKey === event.key && !one.hidden);
    if (!button) return;
    event.preventDefault();
    press(controls, button.value);
  });
  room.querySelector("[data-room-follow]")?.addEventListener("click", () => open(state.item));
  room.addEventListener("click", (event) => {
    const link = event.target.closest("[data-room-open]");
    if (!link || !panel || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open(link.dataset.roomOpen);
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("[data-note-new]");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  document.addEventListener("fupan:note-added", () => {
    const form = document.querySelector("[data-note-new]");
    if (!form) return;
    form.reset();
    form.querySelector("#note-refused").replaceChildren();
    form.querySelector("textarea").focus();
  });
  document.addEventListener("fupan:state", (event) => take(event.detail));
  document.addEventListener("fupan:connection", (event) => sayConnection(event.detail));
  show();
  setInterval(draw, 200);
}
