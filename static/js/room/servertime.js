// The server's time, whatever the clock of this machine says. The offset comes from the answers to questions: of those
// of the last minutes the one with the shortest way counts, so that a slow network shifts nothing. It hangs on the
// browser's own steady clock, not on the time of day, which people and machines set anew.

const KEEP = 5 * 60000;
const ROUNDS = 5;
const PAUSE = 150;
const MINUTE = 60000;
let samples = [];
let best = null;
let gap = Date.now() - performance.now();

export const sent = () => performance.now();
const beside = () => (best ? best.offset : Date.now() - performance.now());
export const now = () => performance.now() + beside();
// How far this machine's time of day is from the server's, in milliseconds.
export const offset = () => now() - Date.now();

// Learn from an answer: the server's time in milliseconds (as text of a header), and when the question was sent.
export function learn(header, began) {
  const server = Number(header);
  if (!server) return;
  const received = performance.now();
  const sample = { way: received - began, offset: server - (began + received) / 2, at: received };
  // Off by more than its own way could explain: the machine slept, and its steady clock stood still.
  if (best && Math.abs(sample.offset - best.offset) > (sample.way + best.way) / 2 + 250) samples = [];
  samples = [...samples.filter((one) => received - one.at < KEEP), sample].slice(-40);
  best = samples.reduce((shortest, one) => (one.way < shortest.way ? one : shortest));
}

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
let measuring = false;

// Five round trips by `ask`, one after the other.
export async function measure(ask) {
  if (measuring) return;
  measuring = true;
  for (let round = 0; round < ROUNDS; round += 1) {
    if (!(await ask())) break;
    await pause(PAUSE);
  }
  measuring = false;
  document.querySelector("[data-room]")?.setAttribute("data-measured", "yes");
}

// Each minute one more, and all five when the time of day has jumped against the steady clock (sleep, a set clock).
export function keep(ask) {
  setInterval(() => {
    const here = Date.now() - performance.now();
    const hasJumped = Math.abs(here - gap) > 1000;
    gap = here;
    if (hasJumped) measure(ask);
  }, 2000);
  setInterval(ask, MINUTE);
}
