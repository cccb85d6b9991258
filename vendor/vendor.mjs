// Copies the browser files that Fupan ships from node_modules to static/vendor.
//
//   npm ci && npm run vendor      (in this folder; node 20 or newer)
//
// The result is committed, so nobody needs node to run or test the site. Running it twice gives the same bytes:
// versions are exact, files are listed here by name, and nothing of the machine goes into them.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = join(HERE, "..", "static", "vendor");

// What is taken from each package. A package that ships no licence text has one in licences/.
const PACKAGES = [
  { name: "@tabler/core", folder: "tabler", files: ["dist/css/tabler.min.css", "dist/js/tabler.min.js"], licence: "licences/tabler-core.txt" },
  { name: "htmx.org", folder: "htmx", files: ["dist/htmx.min.js"], licence: "LICENSE" },
  { name: "echarts", folder: "echarts", files: ["dist/echarts.min.js", "NOTICE"], licence: "LICENSE" },
  { name: "echarts-wordcloud", folder: "echarts", files: ["dist/echarts-wordcloud.min.js"], licence: "licences/echarts-wordcloud.txt" },
  { name: "sortablejs", folder: "sortable", files: ["Sortable.min.js"], licence: "LICENSE" },
  { name: "tom-select", folder: "tom-select", files: ["dist/js/tom-select.complete.min.js", "dist/css/tom-select.bootstrap5.min.css"], licence: "LICENSE" },
];

const modulePath = (name, file) => join(HERE, "node_modules", name, file);
const packageJson = (name) => JSON.parse(readFileSync(modulePath(name, "package.json"), "utf8"));
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

// Source maps are not shipped; a comment that names one makes Django's manifest storage look for it and fail.
function withoutSourceMap(text) {
  return text.replace(/^\/\/# sourceMappingURL=.*$/gm, "").replace(/\/\*# sourceMappingURL=.*?\*\//g, "");
}

function write(path, content, rows, about) {
  const bytes = Buffer.from(content);
  mkdirSync(dirname(join(OUT, path)), { recursive: true });
  writeFileSync(join(OUT, path), bytes);
  rows.push(`| ${path} | ${about.name} ${about.version} | ${about.license} | ${sha256(bytes)} |`);
}

function copyPackage({ name, folder, files, licence }, rows) {
  const about = packageJson(name);
  for (const file of files) {
    const content = readFileSync(modulePath(name, file));
    const isText = /\.(js|css)$/.test(file);
    write(`${folder}/${basename(file)}`, isText ? withoutSourceMap(content.toString("utf8")) : content, rows, about);
  }
  const own = join(HERE, licence);
  const text = readFileSync(licence.startsWith("licences/") ? own : modulePath(name, licence));
  write(`${folder}/LICENSE-${name.replace("@", "").replace("/", "-")}.txt`, text, rows, about);
}

// One sprite: <svg><use href="…/icons.svg#check"/></svg>. Only the icons listed in icons.json.
function sprite(rows) {
  const about = packageJson("@tabler/icons");
  const names = JSON.parse(readFileSync(join(HERE, "icons.json"), "utf8"));
  const missing = names.filter((name) => !existsSync(modulePath(about.name, `icons/${folderOf(name)}.svg`)));
  if (missing.length) throw new Error(`No such Tabler icon: ${missing.join(", ")}`);
  const symbols = names.map((name) => {
    const source = readFileSync(modulePath(about.name, `icons/${folderOf(name)}.svg`), "utf8");
    const body = source.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s+/g, " ").trim();
    const paint = name.endsWith("-filled")
      ? 'fill="currentColor"'
      : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
    return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${body}</symbol>`;
  });
  write("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`, rows, about);
  write("LICENSE-tabler-icons.txt", readFileSync(modulePath(about.name, "LICENSE")), rows, about);
}

function folderOf(name) {
  return name.endsWith("-filled") ? `filled/${name.replace(/-filled$/, "")}` : `outline/${name}`;
}

// The type of our PDFs does not come from a package: font.py makes it, and it stays as it is.
function fonts(rows) {
  for (const file of readdirSync(join(OUT, "fonts")).sort().reverse()) {
    const bytes = readFileSync(join(OUT, "fonts", file));
    rows.push(`| fonts/${file} | vendor/font.py 2.004 | OFL-1.1 | ${sha256(bytes)} |`);
  }
}

for (const name of readdirSync(OUT)) if (name !== "fonts") rmSync(join(OUT, name), { recursive: true, force: true });
const rows = [];
for (const item of PACKAGES) copyPackage(item, rows);
sprite(rows);
fonts(rows);
writeFileSync(
  join(OUT, "VENDOR.md"),
  `# Vendored browser files

Written by vendor/vendor.mjs from the exact versions in vendor/package-lock.json; do not edit by hand.
Changed against the packages: source map comments are removed; icons.svg is put together from single icons; fonts/ is made by
vendor/font.py from Noto Sans CJK SC and has another name.

| file | package | licence | sha256 |
| --- | --- | --- | --- |
${rows.join("\n")}
`,
);
console.log(`${rows.length} files in static/vendor`);
