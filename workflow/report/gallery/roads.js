// Curves with a slider over t, and the plane that they lie in.

const CHART = { left: 56, right: 545, top: 14, bottom: 300 };
const UNKNOWN = [204, 204, 204];
const ROADS = {
  segment: (t, [start, end]) => [0, 1].map((k) => (1 - t) * start[k] + t * end[k]),
  bezier: (t, [start, end, bend]) => [0, 1].map((k) => (1 - t) ** 2 * start[k] + 2 * t * (1 - t) * bend[k] + t ** 2 * end[k]),
  polychain: (t, [start, end, bend]) => [0, 1].map((k) =>
    t <= 0.5 ? 2 * (t * bend[k] + (0.5 - t) * start[k]) : 2 * ((t - 0.5) * end[k] + (1 - t) * bend[k])),
};

// The point of a curve whose t is nearest.
function nearestPoint(road, t) {
  const ts = array(road.t);
  let best = 0;
  ts.forEach((value, k) => { if (Math.abs(value - t) < Math.abs(ts[best] - t)) best = k; });
  return best;
}

function niceTicks(from, to, most = 6) {
  const rough = (to - from) / most || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((one) => one >= rough);
  const ticks = [];
  for (let k = Math.ceil(from / step - 1e-9); k * step <= to + step * 1e-9; k++) ticks.push(k * step);
  return ticks;
}

function logTicks(from, to) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++)
    for (const digit of to / from > 1000 ? [1] : [1, 2, 5]) ticks.push(digit * 10 ** power);
  return ticks.filter((tick) => tick >= from * 0.999 && tick <= to * 1.001);
}

class Chart {
  constructor(svg) {
    this.svg = svg;
  }

  // Draw a measure of some curves over t, on a linear or logarithmic axis.
  show(roads, measure, log) {
    Object.assign(this, { measure, roads: roads.filter((road) => measure in road.measures) });
    const known = this.roads.flatMap((road) => Array.from(array(road.measures[measure])).filter(Number.isFinite));
    const ts = this.roads.flatMap((road) => Array.from(array(road.t)));
    const positive = known.filter((value) => value > 0);
    this.isLog = log && positive.length > 0;
    this.t = [Math.min(...ts), Math.max(...ts)];
    const [low, high] = this.isLog ? [Math.min(...positive), Math.max(...positive)] : [Math.min(0, ...known), Math.max(...known)];
    this.y = this.isLog ? [low / 1.15, high * 1.15] : [low, high + 0.05 * (high - low || 1)];
    this.svg.replaceChildren(...this.axes(), ...this.roads.flatMap((road) => this.line(road)), drawn("g", { id: "now" }));
  }

  left(t) {
    return CHART.left + ((t - this.t[0]) / (this.t[1] - this.t[0])) * (CHART.right - CHART.left);
  }

  top(value) {
    const scale = this.isLog ? Math.log : (x) => x;
    const [low, high] = this.y.map(scale);
    const share = this.isLog && value <= 0 ? 0 : (scale(value) - low) / (high - low);
    return CHART.bottom - Math.max(0, share) * (CHART.bottom - CHART.top);
  }

  axes() {
    const { left, right, top, bottom } = CHART;
    const parts = [];
    for (const tick of this.isLog ? logTicks(...this.y) : niceTicks(...this.y)) {
      parts.push(drawn("line", { class: "gridline", x1: left, x2: right, y1: this.top(tick), y2: this.top(tick) }));
      parts.push(drawn("text", { x: left - 7, y: this.top(tick) + 4, "text-anchor": "end" }, written(tick)));
    }
    for (const tick of niceTicks(...this.t)) {
      parts.push(drawn("line", { class: "axis", x1: this.left(tick), x2: this.left(tick), y1: bottom, y2: bottom + 4 }));
      parts.push(drawn("text", { x: this.left(tick), y: bottom + 18, "text-anchor": "middle" }, written(tick)));
    }
    parts.push(drawn("path", { class: "axis", d: `M${left} ${top}V${bottom}H${right}` }));
    parts.push(drawn("text", { x: (left + right) / 2, y: bottom + 36, "text-anchor": "middle", "font-style": "italic" }, "t"));
    return parts;
  }

  line(road) {
    const [ts, values] = [array(road.t), array(road.measures[this.measure])];
    let path = "";
    let isDown = false;
    ts.forEach((t, k) => {
      const isKnown = Number.isFinite(values[k]);
      if (isKnown) path += `${isDown ? "L" : "M"}${this.left(t).toFixed(1)} ${this.top(values[k]).toFixed(1)}`;
      isDown = isKnown;
    });
    const dash = road.shape === "segment" ? "6 4" : "none";
    const marks = road.marks.map((t) => [t, values[nearestPoint(road, t)]]).filter(([, value]) => Number.isFinite(value));
    return [
      drawn("path", { d: path, fill: "none", stroke: road.colour, "stroke-width": 2.2, "stroke-dasharray": dash }),
      ...marks.map(([t, value]) => drawn("circle", { cx: this.left(t), cy: this.top(value), r: 4, fill: road.colour })),
    ];
  }

  // Mark t, with a dot on each curve at its nearest measured point.
  mark(t) {
    const x = this.left(t);
    const dots = this.roads.flatMap((road) => {
      const k = nearestPoint(road, t);
      const value = array(road.measures[this.measure])[k];
      if (!Number.isFinite(value)) return [];
      return [drawn("circle", { class: "dot", cx: this.left(array(road.t)[k]), cy: this.top(value), r: 6, fill: road.colour, stroke: "white", "stroke-width": 2 })];
    });
    const now = this.svg.querySelector("#now");
    now.replaceChildren(drawn("line", { class: "now", x1: x, x2: x, y1: CHART.top, y2: CHART.bottom }), ...dots);
  }
}

// Where each pixel along an axis is: its cell, and its share of the way through it.
function cells(axis, pixels) {
  const [from, to] = [axis[0], axis[axis.length - 1]];
  return Array.from({ length: pixels }, (_, pixel) => {
    const place = from + ((pixel + 0.5) / pixels) * (to - from);
    let k = 0;
    while (k + 2 < axis.length && axis[k + 1] < place) k++;
    return [k, (place - axis[k]) / (axis[k + 1] - axis[k])];
  });
}

class PlaneMap {
  constructor(figure) {
    this.canvas = figure.querySelector("canvas");
    this.overlay = figure.querySelector("svg");
    this.key = figure.querySelector(".key");
    this.about = figure.querySelector("figcaption");
  }

  // Draw a measure in bands over the plane through three places, with the roads in it.
  show(surface, measure) {
    Object.assign(this, { surface, measure: measure in surface.levels ? measure : Object.keys(surface.levels)[0] });
    const [xs, ys] = [array(surface.x), array(surface.y)];
    this.x = [xs[0], xs[xs.length - 1]];
    this.y = [ys[0], ys[ys.length - 1]];
    this.bands();
    this.tell();
    const [first, second, third] = surface.places.map((place) => this.at(place));
    const line = (a, b) => `M${a.join(" ")}L${b.join(" ")}`;
    const dashed = surface.curve ? line(first, second) : line(first, second) + line(second, third) + line(third, first);
    const roads = [drawn("path", { d: dashed, stroke: "black", "stroke-width": 1.5, "stroke-dasharray": "6 4", fill: "none" })];
    if (surface.curve) {
      const points = Array.from({ length: 101 }, (_, k) => this.at(ROADS[surface.curve](k / 100, surface.places)));
      for (const [colour, wide] of [["white", 6], [this.colour(), 3]])
        roads.push(drawn("path", { d: "M" + points.map((p) => p.join(" ")).join("L"), stroke: colour, "stroke-width": wide, fill: "none" }));
    }
    const spot = ([cx, cy]) => drawn("circle", { cx, cy, r: 6, fill: "white", stroke: "black", "stroke-width": 1.5 });
    const [cx, cy] = third;
    const bend = drawn("path", { d: `M${cx} ${cy - 8}L${cx + 8} ${cy}L${cx} ${cy + 8}L${cx - 8} ${cy}Z`, fill: "white", stroke: "black", "stroke-width": 1.5 });
    const spots = [spot(first), spot(second), surface.curve ? bend : spot(third)];
    this.overlay.replaceChildren(...roads, ...spots, drawn("g", { id: "there" }));
  }

  colour() {
    return { bezier: "#d95f02", polychain: "#0b5394" }[this.surface.curve];
  }

  at([x, y]) {
    const share = (value, [from, to]) => (value - from) / (to - from);
    return [420 * share(x, this.x), 420 * (1 - share(y, this.y))];
  }

  bands() {
    const { surface, measure, canvas } = this;
    const levels = surface.levels[measure];
    const values = array(surface.measures[measure]);
    const colours = data.colours.bands.map(rgb);
    const context = canvas.getContext("2d");
    const image = context.createImageData(canvas.width, canvas.height);
    const columns = cells(array(surface.x), canvas.width);
    const rows = cells(array(surface.y), canvas.height).reverse();
    const wide = surface.x.shape[0];
    let pixel = 0;
    for (const [j, v] of rows)
      for (const [i, u] of columns) {
        const at = j * wide + i;
        const low = (1 - u) * values[at] + u * values[at + 1];
        const high = (1 - u) * values[at + wide] + u * values[at + wide + 1];
        const value = (1 - v) * low + v * high;
        let band = 0;
        while (band + 1 < levels.length && levels[band + 1] <= value) band++;
        const colour = Number.isFinite(value) ? colours[band] : UNKNOWN;
        for (let part = 0; part < 3; part++) image.data[pixel + part] = colour[part];
        image.data[pixel + 3] = 255;
        pixel += 4;
      }
    context.putImageData(image, 0, 0);
  }

  tell() {
    const { surface, measure } = this;
    const levels = surface.levels[measure];
    this.key.replaceChildren(...levels.map((level, k) => {
      const box = element("i");
      box.style.background = data.colours.bands[k];
      return element("span", {}, box, k + 1 === levels.length ? `> ${written(level)}` : `from ${written(level)}`);
    }));
    const size = [this.x, this.y].map(([from, to]) => written(to - from)).join(" × ");
    this.about.textContent = `${data.names[measure]} in the plane “${surface.plane}”, ${size} in Euclidean lengths, each axis on a scale of its own.`;
  }

  // Mark where t is, on the segment and on the curve that lies in the plane.
  mark(t, isJoined) {
    const dots = [];
    const dot = (place, colour) => {
      const [cx, cy] = this.at(place);
      dots.push(drawn("circle", { class: "dot", cx, cy, r: 8, fill: colour, stroke: "white", "stroke-width": 2.5 }));
    };
    if (isJoined) {
      dot(ROADS.segment(t, this.surface.places), "#7a7a7a");
      if (this.surface.curve) dot(ROADS[this.surface.curve](t, this.surface.places), this.colour());
    }
    this.overlay.querySelector("#there").replaceChildren(...dots);
  }
}
