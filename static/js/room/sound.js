// A short sound when a part passes 70, 100 and 120 % of its time: one, two, three tones. Off until somebody turns it on
// (browsers let a page sound only after a click), and this browser remembers the choice.

import { words } from "./clock.js";

const KEY = "fupan-room-sound";
const TONES = { soon: [660], over: [660, 880], far: [880, 660, 880] };
const button = document.querySelector("[data-room-sound]");
let audio = null;
let isOn = false;
try { isOn = window.localStorage.getItem(KEY) === "on"; } catch { /* a browser that keeps nothing starts in silence */ }

function play(tones) {
  audio ||= new AudioContext();
  audio.resume();
  tones.forEach((pitch, place) => {
    const start = audio.currentTime + place * 0.28;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.25, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.24);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.25);
  });
}
function show() {
  button.setAttribute("aria-pressed", String(isOn));
  button.querySelector("[data-room-sound-words]").textContent = isOn ? words.sound_on : words.sound_off;
  const icon = button.querySelector("use");
  icon?.setAttribute("href", icon.getAttribute("href").replace(/#.*/, isOn ? "#bell" : "#bell-off"));
}

if (button) {
  show();
  button.addEventListener("click", () => {
    isOn = !isOn;
    try { window.localStorage.setItem(KEY, isOn ? "on" : "off"); } catch { /* it holds until the page is left */ }
    show();
    if (isOn) play(TONES.soon);
  });
}
document.addEventListener("fupan:level", (event) => {
  const tones = TONES[event.detail.level];
  if (isOn && tones) play(tones);
});
