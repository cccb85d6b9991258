// The buttons of whoever keeps the time, and what a screen does when the room opens, closes or moves on.

import { current, press } from "./stream.js";
import { words } from "./clock.js";

const room = document.querySelector("[data-room]");
let before = current();

// A room that opened or closed is another page.
document.addEventListener("fupan:state", (event) => {
  const fresh = event.detail;
  if (before && before.status !== fresh.status) {
    if (fresh.status === "ended" && room.dataset.minutesUrl) window.location.assign(room.dataset.minutesUrl);
    else window.location.reload();
  } else if (before?.item !== fresh.item) document.dispatchEvent(new CustomEvent("fupan:moved", { detail: fresh }));
  before = fresh;
});

// One press after the other. A second one on the same state is the same wish (a double click) and counts once; one on a
// newer state is another, also while the answer to the first is still on its way: the stream is often faster.
let turn = Promise.resolve();
let pressedOn = null;
export function send(form, verb, more = {}) {
  const { version } = current();
  if (version === pressedOn) return;
  pressedOn = version;
  const body = new FormData(form);
  for (const [name, value] of Object.entries({ verb, version, key: crypto.randomUUID?.() || "", ...more })) body.set(name, value);
  turn = turn.then(() => deliver(form.action, body)).catch(window.reportError).then(() => { if (pressedOn === version) pressedOn = null; });
}

async function deliver(url, body) {
  const data = await press(url, body);
  const sentence = data === null ? words.lost : data.message;
  if (sentence) document.dispatchEvent(new CustomEvent("fupan:toast", { detail: sentence }));
  else if (data?.version) navigator.vibrate?.(30);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-room-controls]");
  // Ending asks first (data-confirm) and then goes the plain way.
  if (!form || !event.submitter || event.submitter.value === "end") return;
  event.preventDefault();
  const { name, value } = event.submitter;
  send(form, name === "verb" ? value : form.elements.verb.value, name === "verb" ? {} : { [name]: value });
  // The next key is for the room, not for the button that was just clicked.
  event.submitter.blur();
});
