// The page's data: what the study measured, decoded.

const data = JSON.parse(document.getElementById("data").textContent);

// An array of rows as it was packed: {values, shape}.
function unpacked({ kind, shape, bytes }) {
  const raw = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
  const Kind = kind === "<f8" ? Float64Array : Float32Array;
  return { values: new Kind(raw.buffer), shape };
}

const cache = new Map();

// The same, decoded once.
function array(told) {
  if (!cache.has(told)) cache.set(told, unpacked(told).values);
  return cache.get(told);
}

// A number in four digits, in words where it is none.
function written(value) {
  if (Number.isNaN(value)) return "undefined";
  if (!Number.isFinite(value)) return value > 0 ? "infinite" : "−infinite";
  if (value === 0) return "0";
  const text = Math.abs(value) >= 1e5 || Math.abs(value) < 1e-4
    ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  return text.replace(/-/g, "−");
}

const isError = (measure) => measure.endsWith("error") || measure === "disagreement";

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function drawn(tag, attributes = {}, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(([value, name]) => element("option", { value }, name)));
  if (chosen !== undefined) select.value = chosen;
}
