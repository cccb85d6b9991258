// All charts, one notation: actual solid and dark, previous lighter, target outlined, forecast hatched.
// <figure data-chart="series" data-source="id of a json_script">; the data are described in docs/interface.md.

/* global echarts */

const script = document.getElementById("chart-script");
const isChinese = script?.dataset.language === "zh";
const noFigure = script?.dataset.none || "–";
const drawn = new Map();

const DECIMALS = { money: 0, percent: 1, ratio: 2, count: 0, units: 0, days: 1, hours: 1 };
const FONT = getComputedStyle(document.body).fontFamily;

// --- numbers -------------------------------------------------------------------------------------------------
const toNumber = (value) => (value === null || value === undefined || value === "" ? null : Number(value));

function grouped(number, decimals) {
  const text = Math.abs(number).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return (number < 0 && Number(text.replace(/,/g, "")) !== 0 ? "−" : "") + text;
}

function full(value, unit) {
  const number = toNumber(value);
  if (number === null || Number.isNaN(number)) return noFigure;
  if (unit === "percent") return `${grouped(number * 100, 1)}%`;
  return grouped(number, unit === "money" ? 2 : (DECIMALS[unit] ?? 2));
}

function short(value, unit) {
  const number = toNumber(value);
  if (number === null) return "";
  if (unit === "percent") return `${grouped(number * 100, Math.abs(number) < 0.1 ? 1 : 0)}%`;
  const steps = isChinese ? [[1e8, "亿", 1e8], [1e4, "万", 1e4]] : [[1e9, "B", 1e9], [1e6, "M", 1e6], [1e4, "k", 1e3]];
  for (const [from, word, by] of steps) {
    const part = Math.abs(number) / by;
    // Three digits that count.
    if (Math.abs(number) >= from) return grouped(number / by, part < 10 ? 2 : part < 100 ? 1 : 0) + word;
  }
  return grouped(number, Number.isInteger(number) || Math.abs(number) >= 100 ? 0 : Math.abs(number) >= 10 ? 1 : 2);
}

// --- colours ---------------------------------------------------------------------------------------------------
function palette() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  const names = ["actual", "previous", "year", "target", "good", "bad", "accent", "mark", "axis", "grid"];
  const colours = Object.fromEntries(names.map((name) => [name, read(`chart-${name}`)]));
  return { ...colours, ink: read("ink"), sheet: read("sheet"), line: read("line"), many: [1, 2, 3, 4, 5, 6].map((n) => read(`chart-${n}`)) };
}

const hatched = (colour) => ({ symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: -Math.PI / 4, color: colour });

function look(role, colour, index) {
  switch (role) {
    case "actual": return { color: colour.actual };
    case "previous": return { color: colour.previous };
    case "year": return { color: colour.year };
    case "target": return { color: "transparent", borderColor: colour.target, borderWidth: 1.5 };
    case "forecast": return { color: colour.sheet, borderColor: colour.actual, borderWidth: 1, decal: hatched(colour.actual) };
    default: return { color: colour.many[index % colour.many.length] };
  }
}

// --- common parts ------------------------------------------------------------------------------------------------
function base(data, colour) {
  return {
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 250,
    aria: { enabled: true, decal: { show: false } },
    textStyle: { fontFamily: FONT, color: colour.ink },
    backgroundColor: "transparent",
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    legend: { show: (data.series?.length || 0) > 1, top: 0, left: 0, itemWidth: 14, itemHeight: 10, icon: "rect", textStyle: { color: colour.axis, fontFamily: FONT } },
    tooltip: {
      // The html tooltip would write style attributes, which the content security policy refuses.
      renderMode: "richText",
      confine: true,
      backgroundColor: colour.sheet,
      borderColor: colour.line,
      textStyle: { color: colour.ink, fontFamily: FONT, fontSize: 13 },
    },
  };
}

const categoryAxis = (labels, colour) => ({
  type: "category",
  data: labels,
  axisLine: { lineStyle: { color: colour.axis } },
  axisTick: { show: false },
  axisLabel: { color: colour.axis, hideOverlap: true, fontFamily: FONT },
});

const valueAxis = (unit, colour, extra = {}) => ({
  type: "value",
  axisLabel: { color: colour.axis, formatter: (value) => short(value, unit).replace(/\.0+(?=\D*$)/, ""), hideOverlap: true, fontFamily: FONT },
  splitLine: { lineStyle: { color: colour.grid } },
  splitNumber: 4,
  ...extra,
});

const axisTooltip = (data) => (items) => {
  const lines = items.filter((item) => !item.seriesName.startsWith("\u0000"))
    .map((item) => `${item.seriesName}  ${full(Array.isArray(item.value) ? item.value[1] : item.value, data.unit)}`);
  return [items[0].axisValueLabel, ...lines].join("\n");
};

// --- kinds -----------------------------------------------------------------------------------------------------------
function series(data, colour, room) {
  const few = room.clientWidth / data.labels.length >= 48;
  const option = base(data, colour);
  const list = data.series.map((one, index) => ({
    name: one.name,
    type: "bar",
    itemStyle: look(one.role, colour, index),
    barMaxWidth: 36,
    barGap: one.role === "previous" || one.role === "year" ? "-30%" : "10%",
    z: one.role === "actual" || one.role === "forecast" ? 3 : 2,
    data: one.values.map(toNumber),
    label: {
      show: few && (one.role === "actual" || data.series.length === 1),
      position: "top",
      color: colour.ink,
      fontFamily: FONT,
      fontSize: 11,
      formatter: (item) => short(item.value, data.unit),
    },
    labelLayout: { hideOverlap: true },
  }));
  const hasForecast = data.series.some((one) => one.role === "forecast");
  for (const one of list) one.stack = hasForecast && (one.itemStyle.decal || one.itemStyle.color === colour.actual) ? "now" : undefined;
  return { ...option, tooltip: { ...option.tooltip, trigger: "axis", axisPointer: { type: "shadow" }, formatter: axisTooltip(data) }, xAxis: categoryAxis(data.labels, colour), yAxis: valueAxis(data.unit, colour), series: list };
}

function line(data, colour) {
  const option = base(data, colour);
  const dash = { target: [6, 4], forecast: [2, 3] };
  const list = data.series.map((one, index) => {
    const tint = { actual: colour.actual, previous: colour.previous, year: colour.year, target: colour.target, forecast: colour.actual }[one.role] || colour.many[index % 6];
    return {
      name: one.name,
      type: "line",
      data: one.values.map(toNumber),
      symbol: "circle",
      symbolSize: data.labels.length > 24 ? 0 : 5,
      connectNulls: false,
      lineStyle: { color: tint, width: one.role === "actual" ? 2.5 : 1.5, type: dash[one.role] || "solid" },
      itemStyle: { color: tint },
      z: one.role === "actual" ? 3 : 2,
    };
  });
  return { ...option, grid: { ...option.grid, right: 32 }, legend: { ...option.legend, icon: undefined, itemWidth: 24 }, tooltip: { ...option.tooltip, trigger: "axis", formatter: axisTooltip(data) }, xAxis: { ...categoryAxis(data.labels, colour), boundaryGap: false }, yAxis: valueAxis(data.unit, colour, { scale: data.unit === "percent" || data.unit === "ratio" }), series: list };
}

function bars(data, colour, room) {
  const option = series(data, colour, room);
  const label = (one) => ({ ...one.label, show: true, position: "right" });
  return { ...option, grid: { ...option.grid, right: 56 }, xAxis: valueAxis(data.unit, colour), yAxis: { ...categoryAxis(data.labels, colour), inverse: true }, series: option.series.map((one) => ({ ...one, label: label(one) })) };
}

function waterfall(data, colour, room) {
  const place = (room.clientWidth - 72) / data.labels.length;
  const option = base(data, colour);
  const totals = new Set(data.totals || []);
  const values = data.series[0].values.map((value) => toNumber(value) ?? 0);
  const rises = data.direction !== "down";
  let level = 0;
  const steps = values.map((value, index) => {
    const start = totals.has(index) ? 0 : level;
    level = totals.has(index) ? value : level + value;
    return { start, end: start + value, isTotal: totals.has(index), value };
  });
  const tint = (step) => (step.isTotal ? colour.actual : (step.value >= 0) === rises ? colour.good : colour.bad);
  const draw = (params, api) => {
    const step = steps[params.dataIndex];
    const from = api.coord([params.dataIndex, step.start]);
    const to = api.coord([params.dataIndex, step.end]);
    const width = Math.min(api.size([1, 0])[0] * 0.62, 44);
    const next = steps[params.dataIndex + 1] && api.coord([params.dataIndex + 1, step.end]);
    const top = Math.min(from[1], to[1]);
    const children = [{ type: "rect", shape: { x: to[0] - width / 2, y: top, width, height: Math.max(Math.abs(from[1] - to[1]), 1) }, style: { fill: tint(step) } }];
    if (next) children.push({ type: "line", shape: { x1: to[0] + width / 2, y1: to[1], x2: next[0] - width / 2, y2: to[1] }, style: { stroke: colour.axis, lineWidth: 1 } });
    children.push({ type: "text", style: { text: (step.value > 0 && !step.isTotal ? "+" : "") + short(step.value, data.unit), x: to[0], y: top - 4, textAlign: "center", textVerticalAlign: "bottom", fill: colour.ink, font: `11px ${FONT}` } });
    return { type: "group", children };
  };
  const ends = steps.flatMap((step) => [step.start, step.end]);
  return {
    ...option,
    legend: { show: false },
    tooltip: { ...option.tooltip, trigger: "item", formatter: (item) => `${data.labels[item.dataIndex]}\n${full(steps[item.dataIndex].value, data.unit)}` },
    xAxis: { ...categoryAxis(data.labels, colour), axisLabel: { color: colour.axis, fontFamily: FONT, fontSize: 11, interval: 0, ...(place < 66 ? { rotate: 40 } : { width: place - 4, overflow: "break" }) } },
    yAxis: valueAxis(data.unit, colour, { min: Math.min(0, ...ends), max: Math.max(0, ...ends) * 1.06, axisLabel: { ...valueAxis(data.unit, colour).axisLabel, showMaxLabel: false } }),
    series: [{ name: data.series[0].name, type: "custom", renderItem: draw, data: steps.map((step, index) => [index, step.end]) }],
  };
}

function scatter(data, colour) {
  const option = base(data, colour);
  const [splitX, splitY] = data.split || [];
  // Quadrants count as in mathematics: right top first, then against the clock.
  const corners = [{ right: 24, top: 40 }, { left: 64, top: 40 }, { left: 64, bottom: 56 }, { right: 24, bottom: 56 }];
  return {
    ...option,
    legend: { show: false },
    tooltip: { ...option.tooltip, trigger: "item", formatter: (item) => `${item.data.name}\n${data.x_name}  ${full(item.value[0], data.x_unit)}\n${data.y_name}  ${full(item.value[1], data.y_unit)}` },
    xAxis: valueAxis(data.x_unit, colour, { name: data.x_name, nameLocation: "middle", nameGap: 28, nameTextStyle: { color: colour.axis }, scale: true }),
    yAxis: valueAxis(data.y_unit, colour, { name: data.y_name, nameTextStyle: { color: colour.axis }, scale: true }),
    graphic: (data.quadrants || []).map((text, index) => ({ type: "text", ...corners[index], style: { text, fill: colour.axis, font: `12px ${FONT}` } })),
    series: [{
      type: "scatter",
      symbolSize: 11,
      itemStyle: { color: colour.accent, opacity: 0.85 },
      label: { show: data.points.length <= 30, position: "right", color: colour.ink, fontSize: 11, formatter: (item) => item.data.name },
      labelLayout: { hideOverlap: true },
      data: data.points.map((point) => ({ name: point.name, value: [toNumber(point.x), toNumber(point.y)] })),
      markLine: data.split ? { silent: true, symbol: "none", lineStyle: { color: colour.axis, type: "dashed" }, label: { show: false }, data: [{ xAxis: toNumber(splitX) }, { yAxis: toNumber(splitY) }] } : undefined,
    }],
  };
}

function xmr(data, colour) {
  const option = line({ ...data, series: [{ ...data.series[0], role: "actual" }] }, colour);
  const marks = new Set(data.marks || []);
  const one = option.series[0];
  one.data = one.data.map((value, index) => (marks.has(index) ? { value, symbolSize: 11, itemStyle: { color: colour.mark, borderColor: colour.sheet, borderWidth: 2 } } : value));
  one.symbolSize = 6;
  const limit = (value, type) => ({ yAxis: toNumber(value), lineStyle: { type, color: colour.axis } });
  const lines = [limit(data.centre, "solid"), limit(data.lower, "dashed"), limit(data.upper, "dashed")].filter((item) => item.yAxis !== null);
  one.markLine = { silent: true, symbol: "none", data: lines, label: { position: "end", color: colour.axis, fontSize: 11, formatter: (item) => short(item.value, data.unit) } };
  const all = [...one.data.map((item) => (item?.value !== undefined ? item.value : item)), ...lines.map((item) => item.yAxis)].filter((value) => value !== null);
  const room = (Math.max(...all) - Math.min(...all)) * 0.08 || 1;
  return { ...option, legend: { show: false }, grid: { ...option.grid, right: 56, top: 16 }, yAxis: { ...option.yAxis, min: Math.min(...all) - room, max: Math.max(...all) + room, axisLabel: { ...option.yAxis.axisLabel, showMinLabel: false, showMaxLabel: false } } };
}

const KINDS = { series, line, bars, waterfall, scatter, xmr };

// --- drawing, sizes, downloads ---------------------------------------------------------------------------------
function draw(figure) {
  const room = figure.querySelector(".chart-room");
  const source = document.getElementById(figure.dataset.source);
  if (!room || !source || !window.echarts) return;
  const data = JSON.parse(source.textContent);
  const chart = drawn.get(figure) || echarts.init(room, null, { renderer: "canvas" });
  chart.setOption((KINDS[figure.dataset.chart] || series)(data, palette(), room), true);
  if (drawn.has(figure)) return;
  drawn.set(figure, chart);
  new ResizeObserver(() => chart.resize()).observe(room);
  const tools = figure.querySelector(".chart-tools");
  if (tools) tools.hidden = false;
  figure.querySelector("[data-chart-png]")?.addEventListener("click", () => {
    save(chart.getDataURL({ pixelRatio: 2, backgroundColor: palette().sheet }), `${data.title}.png`);
  });
  figure.querySelector("[data-chart-csv]")?.addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob(["\ufeff", csv(data)], { type: "text/csv" }));
    save(url, `${data.title}.csv`);
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  });
}

// Text that begins like a formula gets an apostrophe, or a spreadsheet would run it.
const quoted = (value) => {
  const text = value === null || value === undefined ? "" : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
};

function csv(data) {
  const rows = data.points
    ? [["", data.x_name, data.y_name], ...data.points.map((point) => [point.name, point.x, point.y])]
    : [["", ...data.series.map((one) => one.name)], ...data.labels.map((label, index) => [label, ...data.series.map((one) => one.values[index])])];
  return rows.map((row) => row.map(quoted).join(",")).join("\r\n");
}

function save(url, name) {
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replace(/[\\/:*?"<>|]/g, " ");
  link.click();
}

function drawAll(root) {
  for (const [figure, chart] of drawn) {
    if (figure.isConnected) continue;
    chart.dispose();
    drawn.delete(figure);
  }
  const found = [...root.querySelectorAll("figure[data-chart]")];
  if (root.matches?.("figure[data-chart]")) found.push(root);
  for (const figure of found) draw(figure);
}

drawAll(document);
document.addEventListener("htmx:load", (event) => drawAll(event.target));
document.addEventListener("fupan:theme", () => drawAll(document));
