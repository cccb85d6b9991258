// How news reaches a screen of the live room, and what time it is on the server. Other modules of the room listen:
//   fupan:state       detail = the state (meetings.queries.room, Room.state), only ever a newer one
//   fupan:event       detail = {number, verb, noun}, each event once and in order; the noun of a bare verb is "clock"
//   fupan:connection  detail = {mode: "stream" | "poll" | "lost"}
// and elements that say so are fetched anew (fragments.js). Import `now()` for the server's time in milliseconds.
//
// The news comes by server-sent events from data-stream-url. Where they are silent or refused, data-state-url is asked
// every two seconds (304 while nothing has happened) until the stream works again. <div data-room data-state-url="…"
// data-stream-url="…">, and the first state in <script id="room-state" type="application/json">.

import { keep, learn, measure, now, sent } from "./servertime.js";
import { refreshAll, refreshFor } from "./fragments.js";

export { now, offset } from "./servertime.js";

const EVERY = 2000; // between two questions
const JITTER = 600;
const LOST_AFTER = 3; // questions without an answer
const SILENCE = 12000; // a stream is heard every five seconds
const LATE = 2000; // a beat that is so far off shows that this machine's steady clock has stood still
const AGAIN = [2000, 5000, 10000, 20000, 30000, 60000]; // until a stream that broke is tried again

const room = document.querySelector("[data-room]");
let state = JSON.parse(document.getElementById("room-state")?.textContent || "null");
let seen = state?.events || 0; // the newest event that was told
let mode = "";
let misses = 0;
let timer = 0;
let asking = null;
let source = null;
let heard = 0;
let failures = 0;

export const current = () => state;

const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const isNewer = (fresh) => !state || fresh.events > state.events || fresh.version > state.version || fresh.status !== state.status;

// Take over what the server said: by stream, as an answer to a question, or to a press of one's own (without `news`,
// which then comes along the usual way). Older than what is known: nothing happens.
export function take({ news, ...fresh }) {
  if (!state || fresh.events >= state.events) {
    const isNew = isNewer(fresh);
    state = fresh;
    if (isNew) say("fupan:state", fresh);
  }
  if (news !== undefined) tell(news, fresh.events);
}

function tell(news, upTo) {
  const unseen = news?.filter(([number]) => number > seen);
  const hasGap = !news || (unseen.length ? unseen[0][0] > seen + 1 : upTo > seen);
  const nouns = new Set();
  for (const [number, verb] of unseen || []) {
    const noun = verb.includes(".") ? verb.split(".")[0] : "clock";
    nouns.add(noun);
    seen = number;
    say("fupan:event", { number, verb, noun });
  }
  seen = Math.max(seen, upTo);
  if (hasGap) refreshAll();
  else if (nouns.size) refreshFor(nouns);
}

function enter(next) {
  if (mode === next) return;
  mode = next;
  room.dataset.connection = next;
  say("fupan:connection", { mode: next });
}

// --- pressing ---------------------------------------------------------------------------------------------------------------
// Post a command of the room and take over the state that comes back with it, also when it was refused. The answer's
// JSON (with a `message` when it was refused), or null without a connection.
export async function press(url, body) {
  const began = sent();
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
  } catch {
    return null;
  }
  learn(answer.headers.get("X-Server-Time"), began);
  let data = null;
  try {
    if (answer.headers.get("Content-Type")?.includes("json")) data = await answer.json();
  } catch {
    return null; // the line broke in the middle of the answer
  }
  if (!data && answer.status >= 500) return null;
  if (!data) {
    window.location.reload(); // logged out, or no longer allowed: the page says it
    return {};
  }
  if (answer.ok) take(data);
  else if (data.state) take(data.state);
  return data;
}

// --- asking -----------------------------------------------------------------------------------------------------------------
// By what was told, not by what is known: the answer to a press knows more than its news.
const etag = () => `"${state.status}-${seen}"`;
const address = (url) => `${url}${url.includes("?") ? "&" : "?"}after=${seen}`;

// Ask where the room stands, now. Two callers at once share one question. True when there was an answer.
export function ask() {
  asking ||= question().finally(() => { asking = null; });
  return asking;
}
async function question() {
  const began = sent();
  try {
    const answer = await fetch(address(room.dataset.stateUrl), {
      headers: { "If-None-Match": etag(), Accept: "application/json" }, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(8000),
    });
    learn(answer.headers.get("X-Server-Time"), began);
    if (answer.status === 200) take(await answer.json());
    else if (answer.status !== 304) throw new Error(answer.status);
    misses = 0;
    if (mode !== "stream") enter("poll");
    return true;
  } catch {
    misses += 1;
    if (misses >= LOST_AFTER && mode !== "stream") enter("lost");
    return false;
  }
}
async function poll() {
  clearTimeout(timer);
  await ask();
  if (mode === "stream") return;
  clearTimeout(timer);
  timer = setTimeout(poll, EVERY - JITTER / 2 + Math.random() * JITTER);
}

// --- the stream -------------------------------------------------------------------------------------------------------------
function open() {
  if (source || !room.dataset.streamUrl) return;
  const opened = new EventSource(address(room.dataset.streamUrl), { withCredentials: true });
  source = opened;
  heard = performance.now();
  const listen = (name, work) => opened.addEventListener(name, (event) => {
    if (source !== opened) return;
    heard = performance.now();
    const { server, ...data } = JSON.parse(event.data);
    if (Math.abs(server - now()) > LATE) measure(ask);
    work(data);
  });
  listen("state", (data) => {
    failures = 0;
    misses = 0;
    enter("stream");
    clearTimeout(timer);
    take(data);
  });
  listen("beat", () => {});
  // It has lived long enough: one comes back, and is looked at again.
  listen("bye", () => { drop(); setTimeout(open, 200 + Math.random() * 1300); });
  opened.addEventListener("error", () => { if (source === opened) fail(); });
}
function drop() {
  source?.close();
  source = null;
}
// Broken or silent: questions take over at once, and the stream is tried again later.
function fail() {
  drop();
  const wait = AGAIN[Math.min(failures, AGAIN.length - 1)];
  failures += 1;
  setTimeout(open, wait * (0.8 + Math.random() * 0.4));
  if (mode === "stream") {
    mode = "";
    poll();
  }
}
const listenForSilence = () => { if (source && performance.now() - heard > SILENCE) fail(); };

if (room && state) {
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { ask(); measure(ask); } });
  window.addEventListener("online", () => { poll(); open(); });
  window.addEventListener("pagehide", drop);
  window.addEventListener("pageshow", (event) => { if (event.persisted) { poll(); open(); } });
  measure(ask);
  keep(ask);
  poll();
  open();
  setInterval(listenForSilence, 1000);
}
