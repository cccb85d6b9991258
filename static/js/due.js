// A deadline in words beside a day and a time to pick: what the words mean is filled in, what is picked replaces them.

const part = (fields, name) => fields.querySelector(`[name="${name}"]`);

// The time that was picked, to come back to when the words name none any more.
function own(time) {
  return time.dataset.own ?? time.defaultValue;
}

document.addEventListener("input", ({ target }) => {
  const fields = target.closest?.(".due-fields");
  if (!fields) return;
  const time = part(fields, "due_time");
  if (target.name === "due_words") {
    if (time) time.value = own(time);
    return;
  }
  if (target.name !== "due_date" && target.name !== "due_time") return;
  if (time) time.dataset.own = time.value;
  part(fields, "due_words").value = "";
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const fields = detail.target.closest?.(".due-fields");
  const found = detail.target.querySelector?.("[data-due-date]");
  if (!fields || !found || !part(fields, "due_words").value.trim()) return;
  const [day, time] = [part(fields, "due_date"), part(fields, "due_time")];
  if (day) day.value = found.dataset.dueDate;
  if (time) time.value = found.dataset.dueTime;
});
