// The proposals of a meeting that runs late are made on the server. Time alone makes it late, without any event: so
// whoever runs it asks for them when the projected end passes the planned one, and again when it has moved on since.

import { current, now } from "./stream.js";
import { refreshFor } from "./fragments.js";

const LOOK = 5000;
const MINUTE = 60000;
const MOVED = 2; // minutes by which a proposal may be behind

function lateness() {
  const state = current();
  if (state?.status !== "in_progress") return 0;
  const used = state.elapsed + (state.running && state.anchor !== null ? Math.max(0, now() - state.anchor) : 0);
  const end = now() + Math.max(state.budget - used, 0) + state.rest + state.ahead;
  return Math.max(0, Math.floor((end - state.planned_end) / MINUTE));
}

setInterval(() => {
  const part = document.getElementById("room-replan");
  if (!part?.dataset.replanLate || document.hidden) return;
  const shown = Number(part.dataset.replanLate);
  const late = lateness();
  if ((late > 0) !== (shown > 0) || Math.abs(late - shown) >= MOVED) refreshFor(new Set(["late"]));
}, LOOK);
