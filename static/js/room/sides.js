// The sides of the room (what is shown, the record, the issue pool, people): one at a time, the agenda beside them where
// there is width for it. The links work without this, too. Which one somebody chose is kept in the address.

const room = document.querySelector("[data-room]");

function open(code) {
  if (!room.querySelector(`[data-room-tab="${code}"]`)) return;
  room.dataset.view = code;
  apply();
}

function apply() {
  const code = room.dataset.view;
  for (const side of room.querySelectorAll("[data-room-view]")) {
    const isChosen = side.dataset.roomView.split(" ").includes(code);
    if (side.matches(".room-rail")) side.classList.toggle("is-chosen", isChosen);
    else side.hidden = !isChosen;
  }
  for (const tab of room.querySelectorAll("[data-room-tab]")) {
    if (tab.dataset.roomTab === code) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

// #decisions, #room-attendance …: where a plain form comes back to, or a link of another part points.
function follow() {
  const target = window.location.hash.length > 1 && document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
  const side = target && target.closest("[data-room-view]");
  if (!side || !room.contains(side)) return;
  open(side.dataset.roomView.split(" ").at(-1));
  target.scrollIntoView({ block: "center" });
}

if (room?.dataset.view) {
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-room-tab]");
    if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(tab.dataset.roomTab);
    const address = new URL(window.location);
    address.searchParams.set("view", tab.dataset.roomTab);
    address.hash = "";
    window.history.replaceState(null, "", address);
  });
  document.addEventListener("htmx:afterSwap", apply);
  window.addEventListener("hashchange", follow);
  document.addEventListener("fupan:open-side", (event) => open(event.detail));
  follow();
}
