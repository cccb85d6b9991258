// Copies what stands in a field: <button data-copy="#id" data-copied="Copied" hidden>. Shown where there is a script.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.querySelector(button.dataset.copy);
  const words = button.querySelector("span");
  if (!field || !words) continue;
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // No clipboard over plain HTTP; the older way needs the selection made above.
      document.execCommand("copy");
    }
    words.textContent = button.dataset.copied;
  });
}
