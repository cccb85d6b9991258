// A receipt without a press: once the end of a pre-read has been on the screen for a moment, the form below it is sent.
// <form data-reading-end action="…"> … <button> … <span hidden>noted</span></form>
// Sent once; when it fails the button is still there.

const STAYED = 2000;
const form = document.querySelector("[data-reading-end]");

async function note() {
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
    if (!response.ok) return;
  } catch {
    return; // offline: the button stays
  }
  form.querySelector("button").hidden = true;
  form.querySelector("[role=status]").hidden = false;
}

if (form && "IntersectionObserver" in window) {
  let timer = 0;
  const observer = new IntersectionObserver((entries) => {
    clearTimeout(timer);
    if (!entries.some((entry) => entry.isIntersecting)) return;
    timer = setTimeout(() => { if (!document.hidden) { observer.disconnect(); note(); } }, STAYED);
  });
  observer.observe(form);
}
