// Files by drag or by picking: their names and sizes are shown, one may be taken out again, the bar shows the sending.
// <div data-dropzone data-max-bytes="…"> with an <input type="file"> inside; without this module the input does it alone.

const size = (bytes) => (bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`);

function start(zone) {
  if (zone.dataset.started) return;
  zone.dataset.started = "yes";
  const input = zone.querySelector("input[type=file]");
  const list = zone.querySelector("[data-dropzone-list]");
  const bar = zone.querySelector("progress");
  const form = zone.closest("form");
  const limit = Number(zone.dataset.maxBytes || Infinity);
  let files = [];

  function keep(added) {
    const isNew = (file) => !files.some((one) => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified);
    files = input.multiple ? [...files, ...added.filter(isNew)] : added.slice(-1);
    show();
  }

  function show() {
    const carrier = new DataTransfer();
    for (const file of files) if (file.size <= limit) carrier.items.add(file);
    input.files = carrier.files;
    list.replaceChildren(...files.map(line));
    zone.classList.toggle("has-files", files.length > 0);
  }

  function line(file) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = file.name;
    name.dir = "auto";
    const about = document.createElement("span");
    about.className = "dropzone-size";
    about.textContent = file.size > limit ? `${size(file.size)} – ${zone.dataset.tooLarge}` : size(file.size);
    item.classList.toggle("is-wrong", file.size > limit);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "btn-close";
    remove.setAttribute("aria-label", `${zone.dataset.remove} ${file.name}`);
    remove.addEventListener("click", () => {
      files = files.filter((one) => one !== file);
      show();
      input.focus();
    });
    item.append(name, about, remove);
    return item;
  }

  input.addEventListener("change", () => keep([...input.files]));
  let depth = 0;
  zone.addEventListener("dragenter", (event) => { event.preventDefault(); depth += 1; zone.classList.add("is-over"); });
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("dragleave", () => { depth -= 1; if (!depth) zone.classList.remove("is-over"); });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    zone.classList.remove("is-over");
    // Folders have no type and no bytes of their own; the browser would send them as empty files.
    keep([...event.dataTransfer.files].filter((file) => file.size > 0 || file.type));
  });

  if (!bar || !form) return;
  form.addEventListener("htmx:xhr:progress", (event) => {
    bar.hidden = false;
    if (event.detail.lengthComputable) {
      bar.max = event.detail.total;
      bar.value = event.detail.loaded;
    }
  });
  form.addEventListener("submit", () => { bar.hidden = false; });
  form.addEventListener("htmx:afterRequest", (event) => {
    bar.hidden = true;
    bar.removeAttribute("value");
    if (event.detail.successful) {
      files = [];
      show();
    }
  });
}

const startAll = (root) => {
  if (root.matches?.("[data-dropzone]")) start(root);
  for (const zone of root.querySelectorAll("[data-dropzone]")) start(zone);
};
startAll(document);
document.addEventListener("htmx:load", (event) => startAll(event.target));
