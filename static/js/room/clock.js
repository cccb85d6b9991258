// Draws the clock and the agenda of every screen of the room from the state that stream.js keeps, five times a second.
// Elements say what they show by data-room-…; a screen has those it needs. When a part passes a threshold it says
// fupan:level {level}, so that other modules may sound.

import { current, now } from "./stream.js";

const MINUTE = 60000;
const room = document.querySelector("[data-room]");
export const words = JSON.parse(document.getElementById("room-words")?.textContent || "{}");

const two = (number) => String(number).padStart(2, "0");
export function digits(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const sign = milliseconds < 0 && seconds > 0 ? "\u2212" : "";
  return sign + (hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`);
}
export const hour = (instant) => new Date(instant).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: room.dataset.zone || undefined });

const elapsed = (state) => state.elapsed + (state.running && state.anchor !== null ? Math.max(0, now() - state.anchor) : 0);
function levelOf(used, budget) {
  if (!budget) return used > MINUTE ? "over" : "";
  const share = used / budget;
  return share >= 1.2 ? "far" : share >= 1 ? "over" : share >= 0.7 ? "soon" : "";
}
const all = (name) => room.querySelectorAll(`[data-room-${name}]`);
function put(name, text) {
  for (const place of all(name)) if (place.textContent !== text) place.textContent = text;
}
const titleOf = (item) => room.querySelector(`[data-room-line="${item}"] .room-line-title`)?.textContent || "";

let level = null;
function drawLevel(code) {
  for (const clock of all("clocked")) {
    clock.classList.remove("clock-fine", "clock-soon", "clock-over", "clock-far");
    clock.classList.add(`clock-${code || "fine"}`);
  }
  put("level", words[`level_${code}`] || "");
  if (level !== null && level !== code) document.dispatchEvent(new CustomEvent("fupan:level", { detail: { level: code } }));
  level = code;
}

// --- five times a second ------------------------------------------------------------------------------------------------
function draw() {
  const state = current();
  if (!state || state.status !== "in_progress" || !room.querySelector("[data-clock]")) return;
  const used = elapsed(state);
  const left = state.budget - used;
  const projected = now() + Math.max(left, 0) + state.rest + state.ahead;
  drawLevel(levelOf(used, state.budget));
  put("remaining", digits(left));
  put("item-remaining", digits(left + state.rest));
  put("meeting-remaining", digits(state.planned_end - now()));
  put("projected", hour(projected));
  put("now", hour(now()));
  const drift = Math.round((projected - state.planned_end) / MINUTE);
  put("drift", drift > 0 ? words.late.replace("{minutes}", drift) : drift < 0 ? words.early.replace("{minutes}", -drift) : words.on_time);
  room.classList.toggle("is-late", drift > 0);
  for (const bar of all("used")) bar.value = state.budget ? Math.min(1000, Math.round((used / state.budget) * 1000)) : 1000;
  const taken = room.querySelector(`[data-room-line="${state.item}"] [data-room-taken]`);
  if (taken) taken.textContent = Math.round((state.lines[state.item].taken + used) / MINUTE);
  drawMine(state, Math.max(left, 0) + state.rest);
}

// One's own part: now, or after what is ahead of it.
function drawMine(state, rest) {
  const place = room.querySelector("[data-room-mine]");
  if (!place) return;
  const mine = place.dataset.roomMine.split(" ").map(Number);
  const isNow = mine.includes(state.item);
  let wait = rest;
  const ahead = state.order.slice(state.order.indexOf(state.item) + 1);
  const next = isNow ? state.item : ahead.find((item) => {
    if (state.lines[item].state !== "open") return false;
    if (mine.includes(item)) return true;
    wait += state.lines[item].left || 0;
    return false;
  });
  place.hidden = !next;
  place.classList.toggle("is-now", isNow);
  if (!next) return;
  put("mine-words", isNow ? words.mine_now : words.mine_in.replace("{minutes}", Math.round(wait / MINUTE)));
  put("mine-item", titleOf(next));
}

// --- when something has happened ----------------------------------------------------------------------------------------
export function show(state = current()) {
  if (!state?.item || !room.querySelector("[data-clock]")) return;
  put("part", words[state.part]);
  put("running", state.running ? words.running : words.paused);
  room.classList.toggle("is-paused", !state.running);
  if (titleOf(state.item)) put("item", titleOf(state.item));
  for (const version of all("version")) version.value = state.version;
  for (const button of all("when")) {
    const when = button.dataset.roomWhen;
    button.hidden = !(when === "running" ? state.running : when === "paused" ? !state.running : state.part === when);
  }
  showLines(state);
  draw();
}

function showLines(state) {
  for (const list of all("lines")) {
    const lines = new Map([...list.querySelectorAll("[data-room-line]")].map((line) => [Number(line.dataset.roomLine), line]));
    const order = state.order.filter((item) => lines.has(item));
    // Only what moved is put in its new place: a line that keeps it keeps the focus, too.
    order.forEach((item, place) => {
      const line = lines.get(item);
      const there = list.querySelectorAll("[data-room-line]")[place];
      if (there !== line) there.before(line);
      showLine(state, item, line);
    });
  }
}
function showLine(state, item, line) {
  const about = state.lines[item];
  const isCurrent = item === state.item;
  if (isCurrent) line.setAttribute("aria-current", "step"); else line.removeAttribute("aria-current");
  const isAway = about.state === "parked" || about.state === "deferred";
  line.classList.toggle("is-done", (about.visited || about.state === "done") && !isCurrent && !isAway);
  line.classList.toggle("is-away", isAway);
  const note = line.querySelector("[data-room-line-state]");
  if (note) note.textContent = isAway ? words[about.state] : "";
  const planned = line.querySelector("[data-room-planned]");
  if (planned) planned.textContent = Math.round(about.planned / MINUTE);
  const taken = line.querySelector("[data-room-taken]");
  if (taken && !isCurrent) taken.textContent = Math.round(about.taken / MINUTE);
}

document.addEventListener("fupan:connection", (event) => {
  for (const lost of all("lost")) {
    lost.hidden = event.detail.mode !== "lost";
    lost.querySelector("span").textContent = words.lost;
  }
});
if (room) {
  document.addEventListener("fupan:state", (event) => show(event.detail));
  show();
  setInterval(draw, 200);
}
