// The page: controls of the landscapes and of the curves, traces, and claims by verdict.

const byId = (id) => document.getElementById(id);

function landscapes() {
  const [pairs, surfaces] = [data.pairs, data.surfaces];
  let camera = firstCamera();
  const views = ["left", "right"].map((side) => new Landscape(byId(side), camera));
  if (!views[0].gl) return withoutWebGL();
  const controls = Object.fromEntries(["pair", "measure", "cut", "log", "smooth", "linked"].map((id) => [id, byId(id)]));
  const selects = views.map((view) => view.figure.querySelector(".surface"));
  const planes = [...new Set(surfaces.map((surface) => surface.plane))];
  for (const select of selects)
    select.replaceChildren(...planes.map((plane) => element("optgroup", { label: plane },
      ...surfaces.flatMap((surface, k) => (surface.plane === plane ? [element("option", { value: k }, surface.name)] : [])))));
  if (controls.pair)
    fill(controls.pair, [["", "chosen below"], ...pairs.map((pair, k) => [k, pair.name])], pairs.length ? 0 : "");
  const first = pairs.length ? pairs[0].surfaces : [0, Math.min(1, surfaces.length - 1)];
  first.forEach((k, side) => { selects[side].value = k; });

  const shown = () => selects.map((select) => surfaces[select.value]);

  function measures() {
    const both = Object.keys(shown()[0].measures).filter((name) => name in shown()[1].measures);
    const kept = both.includes(controls.measure.value) ? controls.measure.value : both[0];
    fill(controls.measure, both.map((name) => [name, data.names[name]]), kept);
    cuts();
  }

  function cuts() {
    const kept = controls.cut.value || "highest";
    const levels = isError(controls.measure.value) ? [75, 50, 25, 10] : [1000, 100, 10, 5, 2, 1];
    fill(controls.cut, [["highest", "the highest"], ...levels.map((level) => [level, level])], levels.map(String).includes(kept) ? kept : "highest");
    show();
  }

  function show() {
    const measure = controls.measure.value;
    const tops = shown().map((surface) => highest(array(surface.measures[measure])));
    const cut = controls.cut.value === "highest" ? Math.max(...tops) : Number(controls.cut.value);
    views.forEach((view, side) => {
      const surface = shown()[side];
      view.show(surface, { measure, cut, log: controls.log.checked, smooth: controls.smooth.checked });
      setTrace(view.figure.querySelector(".trace"), surface.file);
      exports(view.figure.querySelector(".exports"), surface.file);
    });
  }

  const partners = (view) => (controls.linked.checked ? views : [view]);

  function turn(view, { azimuth = 0, elevation = 0, zoom = 1 }) {
    const now = view.camera;
    now.azimuth += azimuth;
    now.elevation = Math.min(90, Math.max(5, now.elevation + elevation));
    now.zoom = Math.min(8, Math.max(0.5, now.zoom * zoom));
    partners(view).forEach((one) => one.draw());
  }

  function probe(view, found) {
    view.probe = found;
    const place = found && view.place();
    for (const one of partners(view)) {
      one.probe = found && one.nearest(place);
      one.tell();
      one.draw();
    }
  }

  const TURNS = {
    left: { azimuth: -10 }, right: { azimuth: 10 }, up: { elevation: 5 }, down: { elevation: -5 },
    in: { zoom: 1.25 }, out: { zoom: 0.8 },
  };
  const KEYS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", "+": "in", "=": "in", "-": "out" };
  const WALKS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

  function press(view, name) {
    if (name === "reset") Object.assign(view.camera, firstCamera());
    turn(view, TURNS[name] ?? {});
  }

  function walk(view, [right, up]) {
    const [nx, ny] = [view.xs.length, view.ys.length];
    const [i, j] = view.probe ?? [(nx - 1) >> 1, (ny - 1) >> 1];
    const within = (k, n) => Math.min(n - 1, Math.max(0, k));
    probe(view, [within(i + right, nx), within(j + up, ny)]);
  }

  for (const view of views) {
    const { canvas, figure } = view;
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.shiftKey && event.key in WALKS) walk(view, WALKS[event.key]);
      else if (event.key in KEYS) press(view, KEYS[event.key]);
      else if (event.key === "Home") press(view, "reset");
      else return;
      event.preventDefault();
    });
    for (const button of figure.querySelectorAll("[data-turn]"))
      button.addEventListener("click", () => press(view, button.dataset.turn));
    let held = null;
    canvas.addEventListener("pointerdown", (event) => {
      held = { x: event.clientX, y: event.clientY, moved: 0 };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!held) return pointAt(view, event);
      const [right, down] = [event.clientX - held.x, event.clientY - held.y];
      held = { x: event.clientX, y: event.clientY, moved: held.moved + Math.abs(right) + Math.abs(down) };
      turn(view, { azimuth: -0.5 * right, elevation: 0.35 * down });
    });
    canvas.addEventListener("pointerup", (event) => {
      if (held && held.moved < 5) pointAt(view, event);
      held = null;
    });
    canvas.addEventListener("pointercancel", () => { held = null; });
    canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      turn(view, { zoom: Math.exp(-0.01 * event.deltaY) });
    }, { passive: false });
    new ResizeObserver(() => view.draw()).observe(canvas);
  }

  function pointAt(view, event) {
    const box = view.canvas.getBoundingClientRect();
    const found = view.pick(event.clientX - box.left, event.clientY - box.top);
    view.draw();
    if (found) probe(view, found);
  }

  controls.pair?.addEventListener("change", () => {
    const pair = pairs[controls.pair.value];
    pair?.surfaces.forEach((k, side) => { selects[side].value = k; });
    measures();
  });
  for (const select of selects)
    select.addEventListener("change", () => {
      if (controls.pair) controls.pair.value = "";
      measures();
    });
  controls.measure.addEventListener("change", cuts);
  for (const name of ["cut", "log", "smooth"]) controls[name].addEventListener("change", show);
  controls.linked.addEventListener("change", () => {
    const [left, right] = views;
    right.camera = controls.linked.checked ? left.camera : { ...left.camera };
    views.forEach((view) => view.draw());
  });
  measures();
}

function withoutWebGL() {
  byId("views").hidden = true;
  const note = document.querySelector(".nowebgl");
  note.hidden = false;
  const picture = byId(data.surfaces[0].figure)?.querySelector("img");
  if (picture) note.append(picture.cloneNode());
}

function curves() {
  const { roads } = data;
  const controls = Object.fromEntries(["group", "along", "along-log", "map", "t", "t-out", "values"].map((id) => [id, byId(id)]));
  const chart = new Chart(byId("chart"));
  const plane = new PlaneMap(byId("map-figure"));
  const joined = roads.findIndex((road) => road.of.some((one) => one.shape === "bezier"));
  fill(controls.group, roads.map((road, k) => [k, road.name]), Math.max(0, joined));
  const group = () => roads[controls.group.value];
  // Planes through both ends of the group, their first two places.
  const maps = () => data.surfaces.filter((surface) => surface.places.length && group().ends.length === 2
    && group().ends.every((end, k) => surface.ends[k] === end));

  function choose() {
    const names = [...new Set(group().of.flatMap((road) => Object.keys(road.measures)))];
    const first = names.includes("regularised_loss") ? "regularised_loss" : names[0];
    fill(controls.along, names.map((name) => [name, data.names[name] ?? name]), names.includes(controls.along.value) ? controls.along.value : first);
    const known = maps();
    byId("map-choice").hidden = byId("map-figure").hidden = !known.length;
    const curved = known.findIndex((surface) => surface.curve);
    fill(controls.map, known.map((surface, k) => [k, surface.plane]), Math.max(0, curved));
    byId("road-traces").replaceChildren(...group().of.map((road) => {
      const trace = element("details", { class: "trace" }, element("summary", {}, `Trace: ${road.name}`), element("div", { class: "steps" }));
      setTrace(trace, road.file);
      return trace;
    }));
    spread();
  }

  // A logarithmic axis where the values reach over more than a power of ten.
  function spread() {
    const known = group().of.flatMap((road) => Array.from(array(road.measures[controls.along.value] ?? { kind: "<f8", shape: [0], bytes: "" })));
    const positive = known.filter((value) => Number.isFinite(value) && value > 0);
    controls["along-log"].checked = Math.max(...positive) > 12 * Math.min(...positive);
    show();
  }

  function show() {
    chart.show(group().of, controls.along.value, controls["along-log"].checked);
    const [from, to] = chart.t;
    Object.assign(controls.t, { min: from, max: to });
    controls.t.step = (to - from) / (Math.max(...group().of.map((road) => array(road.t).length)) - 1);
    if (maps().length) plane.show(maps()[controls.map.value], controls.along.value);
    move();
  }

  function move() {
    const t = Number(controls.t.value);
    chart.mark(t);
    controls["t-out"].textContent = written(t);
    controls.t.setAttribute("aria-valuetext", `t = ${written(t)}`);
    if (maps().length) plane.mark(t, true);
    controls.values.replaceChildren(element("thead", {}, element("tr", {}, ...["Along", "t", data.names[chart.measure] ?? chart.measure].map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, ...chart.roads.map((road) => {
        const k = nearestPoint(road, t);
        const swatch = element("span", { class: "swatch" });
        swatch.style.background = road.colour;
        const value = array(road.measures[chart.measure])[k];
        return element("tr", {}, element("th", { scope: "row" }, swatch, road.name), element("td", {}, written(array(road.t)[k])), element("td", { title: value }, written(value)));
      })));
  }

  controls.group.addEventListener("change", choose);
  controls.along.addEventListener("change", spread);
  for (const name of ["along-log", "map"]) controls[name].addEventListener("change", show);
  controls.t.addEventListener("input", move);
  choose();
  const [from, to] = chart.t;
  controls.t.value = from + 0.35 * (to - from);
  move();
}

function setTrace(details, artifact) {
  details.dataset.trace = artifact;
  details.querySelector(".steps").replaceChildren();
  if (details.open) trace(details);
}

// Links to a surface and to what other programs read of it.
function exports(links, file) {
  const stem = file.replace(/\.h5$/, "");
  const forms = [["HDF5", "h5"], ["CSV", "csv"], ["VTK", "vts"], ["Receipt", "receipt.json"]];
  links.replaceChildren(...forms.flatMap(([name, ending]) => [element("a", { href: `${stem}.${ending}` }, name), " "]));
}

const TRACE = ["Step", "Made", "Params", "Seed", "Code", "Commit", "Machine", "Time", "sha256"];

function trace(details) {
  const steps = details.querySelector(".steps");
  const jobs = (data.traces[details.dataset.trace] ?? []).map((number) => data.jobs[number]);
  if (steps.childElementCount) return;
  const row = (job) => {
    const [path, hash] = Object.entries(job.made)[0];
    const params = job.params.length > 240 ? element("details", {}, element("summary", {}, `${job.params.length} letters`), job.params) : job.params;
    const commit = element("span", job.clean === false ? { class: "unclean", title: "The code was not as committed." } : {},
      element("code", {}, (job.commit ?? "unknown").slice(0, 10)), job.clean === false ? " changed" : "");
    const link = element("a", { href: job.receipt }, job.rule);
    const cells = [link, path, params, job.seed ?? "", element("code", {}, job.code.replace(" ", "\n")), commit, job.machine, job.seconds === null ? "" : `${written(job.seconds)} s`, element("code", { title: hash }, hash.slice(0, 16))];
    return element("tr", {}, ...cells.map((cell, k) => element("td", { class: TRACE[k].toLowerCase() }, cell)));
  };
  steps.append(element("table", {}, element("thead", {}, element("tr", {}, ...TRACE.map((name) => element("th", { scope: "col" }, name)))), element("tbody", {}, ...jobs.map(row))));
  steps.tabIndex = 0;
}

function traces() {
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details.trace") && event.target.open) trace(event.target);
  }, true);
}

function claims() {
  const buttons = [...document.querySelectorAll("button[data-verdict]")];
  for (const button of buttons)
    button.addEventListener("click", () => {
      const { verdict } = button.dataset;
      buttons.forEach((one) => one.setAttribute("aria-pressed", one === button));
      for (const claim of document.querySelectorAll(".claim")) claim.hidden = verdict !== "" && claim.dataset.verdict !== verdict;
      for (const paper of document.querySelectorAll("details.claims")) {
        paper.hidden = !paper.querySelector(".claim:not([hidden])");
        paper.open = true;
      }
    });
}

traces();
claims();
if (data.surfaces.length) landscapes();
if (data.roads.length) curves();
document.documentElement.dataset.ready = "yes";
