// Sets the colour scheme before anything is drawn. A plain script, loaded at once in the head.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = root.dataset.themeChoice;
    root.dataset.bsTheme = chosen === "dark" || (chosen !== "light" && dark.matches) ? "dark" : "light";
    document.dispatchEvent(new CustomEvent("fupan:theme"));
  };
  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("fupan:choose-theme", (event) => {
    root.dataset.themeChoice = event.detail;
    apply();
  });
})();
