// Single keys of the live room, never while somebody writes: data-room-key on a button presses it, data-room-place on a
// side of the room opens it, j and k go through the figures, and on a figure `i` sends it to the issue pool
// (data-room-row-key on a button in its row). The help that `?` opens lists them.

const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]");
const isShown = (element) => element.getClientRects().length > 0;

function step(direction) {
  const rows = [...document.querySelectorAll("[data-room-row]")].filter(isShown);
  if (!rows.length) return;
  const place = rows.indexOf(document.activeElement?.closest("[data-room-row]"));
  const next = rows[Math.max(0, Math.min(rows.length - 1, place < 0 ? 0 : place + direction))];
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "center" });
}

function targetOf(event) {
  const row = event.target.closest("[data-room-row]");
  const own = row?.querySelector(`[data-room-row-key="${CSS.escape(event.key)}"]`);
  if (own) return own;
  const named = `[data-room-key="${CSS.escape(event.key)}"], [data-room-place="${CSS.escape(event.key)}"]`;
  return [...document.querySelectorAll(named)].find((one) => !one.hidden && !one.disabled && isShown(one));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  // Space and Enter belong to what has the focus.
  if ((event.key === " " || event.key === "Enter") && event.target.closest("button, a, summary")) return;
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    step(event.key === "j" ? 1 : -1);
    return;
  }
  const target = targetOf(event);
  if (!target) return;
  event.preventDefault();
  if (event.repeat) return;
  if (target.form && target.type === "submit") target.form.requestSubmit(target);
  else target.click();
});
