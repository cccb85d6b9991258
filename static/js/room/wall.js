// The screen in the meeting room: the same clock, and as much of the agenda as fits. What is done goes first, then what
// is furthest ahead; the current item and the one after it always stand there.

import { current } from "./stream.js";
import { words } from "./clock.js";
import "./people.js";

const room = document.querySelector("[data-room]");
const list = room.querySelector("[data-room-lines]");
const before = current()?.status;

function note(place, count, sentence) {
  place.hidden = !count;
  place.textContent = count ? sentence.replace("{n}", count) : "";
}
function fit() {
  if (!list) return;
  const lines = [...list.children];
  const done = room.querySelector("[data-wall-done]");
  const ahead = room.querySelector("[data-wall-ahead]");
  for (const line of lines) line.hidden = false;
  note(done, 0);
  note(ahead, 0);
  const at = Math.max(0, lines.findIndex((line) => line.hasAttribute("aria-current")));
  let first = 0;
  let last = lines.length - 1;
  while (list.scrollHeight > list.clientHeight + 1 && (first < at || last > at)) {
    if (first < at) first += 1;
    else last -= 1;
    lines.forEach((line, place) => { line.hidden = place < first || place > last; });
    note(done, first, words.wall_done);
    note(ahead, lines.length - 1 - last, words.wall_ahead);
  }
}

document.addEventListener("fupan:state", (event) => {
  if (event.detail.status !== before) window.location.reload();
  else setTimeout(fit);
});
window.addEventListener("resize", fit);
document.fonts?.ready.then(fit);
fit();
// Whoever shows it on a screen wants all of the screen.
document.addEventListener("dblclick", () => { if (document.fullscreenElement) document.exitFullscreen(); else document.documentElement.requestFullscreen?.(); });
