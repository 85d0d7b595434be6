// A loss as a landscape: heights as in the figures, a finer grid, a mesh.

// A value cut off, then ln(value + 0.1) if asked; what is not finite is as high as the cut.
function raised(value, cut, log) {
  const kept = Math.min(Number.isFinite(value) ? value : cut, cut);
  return log ? Math.log(kept + 0.1) : kept;
}

// 0 for a value of 0, 1 for the cut.
function height(value, cut, log) {
  const floor = raised(0, cut, log);
  return (raised(value, cut, log) - floor) / (raised(cut, cut, log) - floor);
}

function highest(values) {
  let most = 0.1;
  for (const value of values) if (Number.isFinite(value) && value > most) most = value;
  return most;
}

// Weighted harmonic means of the slopes on both sides, 0 where these turn (Fritsch and
// Butland, 1984): no hill or valley appears that was not measured.
function tangents(axis, line) {
  const last = axis.length - 1;
  const slope = (k) => (line[k + 1] - line[k]) / (axis[k + 1] - axis[k]);
  return line.map((_, k) => {
    if (k === 0) return slope(0);
    if (k === last) return slope(last - 1);
    const [left, right] = [slope(k - 1), slope(k)];
    if (left * right <= 0) return 0;
    const [before, after] = [axis[k] - axis[k - 1], axis[k + 1] - axis[k]];
    const [a, b] = [before + 2 * after, 2 * before + after];
    return ((a + b) * left * right) / (a * right + b * left);
  });
}

// Values on a line at all points of its axis and `parts - 1` between two of them.
function finerLine(axis, line, parts) {
  const slopes = tangents(axis, line);
  const found = [];
  for (let k = 0; k + 1 < axis.length; k++) {
    const width = axis[k + 1] - axis[k];
    for (let part = 0; part < parts; part++) {
      const u = part / parts;
      const steps = slopes[k] * u * (1 - u) ** 2 - slopes[k + 1] * u ** 2 * (1 - u);
      found.push(line[k] + (line[k + 1] - line[k]) * u ** 2 * (3 - 2 * u) + steps * width);
    }
  }
  return [...found, line[line.length - 1]];
}

function finerAxis(axis, parts) {
  const found = [];
  for (let k = 0; k + 1 < axis.length; k++)
    for (let part = 0; part < parts; part++)
      found.push(axis[k] + ((axis[k + 1] - axis[k]) * part) / parts);
  return [...found, axis[axis.length - 1]];
}

// A grid {xs, ys, values, known} through the measured one, by cubics of ln(value + 0.1).
function finer(xs, ys, values, parts) {
  const roof = highest(values);
  const row = (j) => Array.from({ length: xs.length }, (_, i) => raised(values[j * xs.length + i], roof, true));
  const across = Array.from(ys, (_, j) => finerLine(xs, row(j), parts));
  const columns = across[0].map((_, i) => finerLine(ys, across.map((line) => line[i]), parts));
  const [nx, ny] = [across[0].length, columns[0].length];
  const found = new Float64Array(nx * ny);
  const known = new Uint8Array(nx * ny);
  for (let j = 0; j < ny; j++)
    for (let i = 0; i < nx; i++) {
      found[j * nx + i] = Math.exp(columns[i][j]) - 0.1;
      const near = Math.round(j / parts) * xs.length + Math.round(i / parts);
      known[j * nx + i] = Number.isFinite(values[near]) ? 1 : 0;
    }
  return { xs: finerAxis(xs, parts), ys: finerAxis(ys, parts), values: found, known };
}

// An axis stretched to run from -1 to 1.
function base(axis) {
  const [from, to] = [axis[0], axis[axis.length - 1]];
  return Float32Array.from(axis, (value) => (2 * (value - from)) / (to - from) - 1);
}

// The mesh of a grid: for each vertex place (3), normal (3), state (1: 0 known, 1 above
// the cut, 2 not finite), place on the grid (2).
function mesh(grid, cut, log, relief) {
  const [x, y] = [base(grid.xs), base(grid.ys)];
  const [nx, ny] = [x.length, y.length];
  const h = Float32Array.from(grid.values, (value) => relief * height(value, cut, log));
  const vertices = new Float32Array(9 * nx * ny);
  for (let j = 0; j < ny; j++)
    for (let i = 0; i < nx; i++) {
      const at = j * nx + i;
      const [west, east] = [Math.max(i - 1, 0), Math.min(i + 1, nx - 1)];
      const [south, north] = [Math.max(j - 1, 0), Math.min(j + 1, ny - 1)];
      const slopeX = (h[j * nx + east] - h[j * nx + west]) / (x[east] - x[west]);
      const slopeY = (h[north * nx + i] - h[south * nx + i]) / (y[north] - y[south]);
      const state = grid.known[at] ? (grid.values[at] > cut * (1 + 1e-6) ? 1 : 0) : 2;
      vertices.set([x[i], y[j], h[at], -slopeX, -slopeY, 1, state, (x[i] + 1) / 2, (y[j] + 1) / 2], 9 * at);
    }
  const triangles = new Uint32Array(6 * (nx - 1) * (ny - 1));
  let n = 0;
  for (let j = 0; j + 1 < ny; j++)
    for (let i = 0; i + 1 < nx; i++) {
      const at = j * nx + i;
      triangles.set([at, at + 1, at + nx, at + 1, at + nx + 1, at + nx], n);
      n += 6;
    }
  return { vertices, triangles };
}
