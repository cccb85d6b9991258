// Clocks against the server's time, whatever the clock of this computer says.
// <time data-countdown="2026-11-24T06:00:00Z" data-server-now="2026-11-24T05:12:03Z">48 min</time>
// data-server-now may stand on an ancestor, and is read anew whenever htmx puts in new elements. After zero it counts
// up with a plus and the class is-over.

let offset = 0;

function correct(root) {
  const carrier = root.matches?.("[data-server-now]") ? root : root.querySelector("[data-server-now]");
  if (carrier) offset = Date.parse(carrier.dataset.serverNow) - Date.now();
}

const two = (number) => String(number).padStart(2, "0");

function words(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const clock = `${hours ? `${hours}:${two(Math.floor((seconds % 3600) / 60))}` : Math.floor((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  return (milliseconds < 0 ? "+" : "") + (days ? `${days} d ` : "") + clock;
}

function tick() {
  const now = Date.now() + offset;
  for (const clock of document.querySelectorAll("[data-countdown]")) {
    const left = Date.parse(clock.dataset.countdown) - now;
    if (Number.isNaN(left)) continue;
    const text = words(left);
    if (clock.textContent !== text) clock.textContent = text;
    clock.classList.toggle("is-over", left < 0);
  }
}

correct(document);
document.addEventListener("htmx:load", (event) => { correct(event.target); tick(); });
document.addEventListener("fupan:clock", (event) => { offset = event.detail - Date.now(); });
tick();
setInterval(tick, 250);
