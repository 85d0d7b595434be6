// A landscape that can be turned: WebGL for the surface, SVG for what is written on it.

const VERTEX = `#version 300 es
in vec3 place; in vec3 normal; in float state; in vec2 onGrid;
uniform vec2 turn; uniform vec2 scale; uniform float middle;
out vec3 n; out float h; out float kind; out vec2 at;
void main() {
  float across = cos(turn.x) * place.y - sin(turn.x) * place.x;
  float away = -cos(turn.x) * place.x - sin(turn.x) * place.y;
  float up = sin(turn.y) * away + cos(turn.y) * (place.z - middle);
  float far = cos(turn.y) * away - sin(turn.y) * place.z;
  gl_Position = vec4(across * scale.x, up * scale.y, far * 0.25, 1.0);
  n = normal; h = place.z; kind = state; at = onGrid;
}`;
const FRAGMENT = `#version 300 es
precision highp float;
in vec3 n; in float h; in float kind; in vec2 at;
uniform sampler2D heights; uniform vec3 lamp, over; uniform float relief, ambient;
uniform bool picking;
out vec4 colour;
void main() {
  if (picking) {
    vec2 steps = floor(clamp(at, 0.0, 1.0) * 65534.0 + 0.5);
    colour = vec4(floor(steps / 256.0), mod(steps, 256.0)).xzyw / 255.0;
    return;
  }
  if (kind > 2.5) { colour = vec4(0.55, 0.55, 0.55, 1.0); return; }
  float share = h / relief;
  vec3 base = texture(heights, vec2(share * 0.984 + 0.008, 0.5)).rgb;
  float bands = share * 14.0, wide = max(fwidth(bands), 1e-5);
  float line = 1.0 - smoothstep(0.4, 1.3, abs(fract(bands - 0.5) - 0.5) / wide);
  if (kind > 0.5) { base = kind > 1.5 ? vec3(0.8) : over; line = 0.0; }
  float direct = max(dot(lamp, n) / length(n), 0.0);
  float light = ambient + (1.0 - ambient) * direct / lamp.z;
  colour = vec4(min(base * light, 1.0) * (1.0 - 0.4 * line), 1.0);
}`;
const ATTRIBUTES = [["place", 3], ["normal", 3], ["state", 1], ["onGrid", 2]];
const STRIDE = 36; // bytes of a vertex
const ROOM = [3.5, 3.0]; // what fits in a view at zoom 1, in units of half a base
const MOST = 160; // points along an axis, when it is drawn smoothly
const TICKS = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1e3, 1e4, 1e5, 1e6];
// A height in few letters, which the side of a narrow view has room for.
const short = (value) => (value < 1e4 ? String(Number(value.toPrecision(3)))
  : Number(value.toPrecision(2)).toExponential().replace("+", ""));
const radians = (degrees) => (degrees * Math.PI) / 180;
const { relief: RELIEF, view: VIEW, lamp: LAMP, ambient: AMBIENT } = data.colours;

const firstCamera = () => ({ azimuth: VIEW[1], elevation: VIEW[0], zoom: 1 });

function program(gl) {
  const made = gl.createProgram();
  for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  ATTRIBUTES.forEach(([name], place) => gl.bindAttribLocation(made, place, name));
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(made));
  return made;
}

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

function palette(gl) {
  const colours = Uint8Array.from(data.colours.heights.flatMap((hex) => [...rgb(hex), 255]));
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, colours.length / 4, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, colours);
  for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, side, gl.LINEAR);
  for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
}

// The edges of the floor, and posts up to the corners of a landscape.
function frame(vertices, nx, ny) {
  const corners = [0, nx - 1, nx * ny - 1, nx * (ny - 1)].map((at) => Array.from(vertices.slice(9 * at, 9 * at + 3)));
  const point = (x, y, z) => [x, y, z, 0, 0, 1, 3, 0, 0];
  return Float32Array.from(corners.flatMap(([x, y, z], k) => {
    const [nextX, nextY] = corners[(k + 1) % 4];
    return [point(x, y, 0), point(nextX, nextY, 0), point(x, y, 0), point(x, y, z)].flat();
  }));
}

class Landscape {
  constructor(figure, camera) {
    this.figure = figure;
    this.canvas = figure.querySelector("canvas");
    this.overlay = figure.querySelector(".overlay");
    this.readout = figure.querySelector(".readout");
    this.camera = camera;
    this.probe = null;
    this.gl = this.canvas.getContext("webgl2", { antialias: true });
    if (this.gl) this.prepare();
  }

  prepare() {
    const { gl } = this;
    this.program = program(gl);
    gl.useProgram(this.program);
    palette(gl);
    this.at = (name) => gl.getUniformLocation(this.program, name);
    const [elevation, azimuth] = LAMP.map(radians);
    const level = Math.cos(elevation);
    gl.uniform3f(this.at("lamp"), level * Math.cos(azimuth), level * Math.sin(azimuth), Math.sin(elevation));
    gl.uniform3fv(this.at("over"), rgb(data.colours.over).map((part) => part / 255));
    gl.uniform1f(this.at("relief"), RELIEF);
    gl.uniform1f(this.at("ambient"), AMBIENT);
    gl.uniform1f(this.at("middle"), RELIEF / 2);
    gl.enable(gl.DEPTH_TEST);
    this.buffers = { surface: gl.createBuffer(), frame: gl.createBuffer(), triangles: gl.createBuffer() };
    this.aside = gl.createFramebuffer();
  }

  // Show a surface: what is measured, where it is cut off, whether heights are logarithmic.
  show(surface, { measure, cut, log, smooth }) {
    Object.assign(this, { surface, measure, cut, log });
    this.xs = array(surface.x);
    this.ys = array(surface.y);
    this.values = array(surface.measures[measure]);
    if (this.probe) this.probe = this.nearest(this.place());
    const parts = smooth ? Math.max(1, Math.floor(MOST / Math.max(this.xs.length, this.ys.length))) : 1;
    const grid = parts > 1 ? finer(this.xs, this.ys, this.values, parts)
      : { xs: this.xs, ys: this.ys, values: this.values, known: Uint8Array.from(this.values, Number.isFinite) };
    if (this.gl) this.load(mesh(grid, cut, log, RELIEF), grid);
    this.tell();
    this.draw();
  }

  load({ vertices, triangles }, { xs, ys }) {
    const { gl, buffers } = this;
    this.edges = frame(vertices, xs.length, ys.length);
    this.count = triangles.length;
    for (const [name, held] of [["surface", vertices], ["frame", this.edges]]) {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffers[name]);
      gl.bufferData(gl.ARRAY_BUFFER, held, gl.STATIC_DRAW);
    }
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers.triangles);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, triangles, gl.STATIC_DRAW);
  }

  draw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.paint();
      this.write();
    });
  }

  size() {
    const { clientWidth, clientHeight } = this.canvas;
    const zoom = this.camera.zoom * Math.min(clientWidth / ROOM[0], clientHeight / ROOM[1]);
    return { width: clientWidth, height: clientHeight, zoom };
  }

  // Paint the surface, or, to pick, the place on the grid at each pixel.
  paint(picking = false) {
    const { gl, canvas, buffers, camera } = this;
    const { width, height, zoom } = this.size();
    const [wide, high] = [width, height].map((side) => Math.max(1, Math.round(side * devicePixelRatio)));
    if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    gl.viewport(0, 0, wide, high);
    gl.clearColor(...(picking ? [1, 1, 1, 1] : [0, 0, 0, 0]));
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.uniform2f(this.at("turn"), radians(camera.azimuth), radians(camera.elevation));
    gl.uniform2f(this.at("scale"), (2 * zoom) / width, (2 * zoom) / height);
    gl.uniform1i(this.at("picking"), picking);
    this.bind(buffers.surface);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers.triangles);
    gl.drawElements(gl.TRIANGLES, this.count, gl.UNSIGNED_INT, 0);
    if (picking) return;
    this.bind(buffers.frame);
    gl.drawArrays(gl.LINES, 0, this.edges.length / 9);
    canvas.dataset.camera = [camera.azimuth, camera.elevation, camera.zoom].map((n) => n.toFixed(3)).join(" ");
  }

  bind(buffer) {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    let offset = 0;
    ATTRIBUTES.forEach(([, size], place) => {
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, size, gl.FLOAT, false, STRIDE, offset);
      offset += 4 * size;
    });
  }

  // The grid point under a place of the canvas, in CSS pixels; null beside the surface.
  pick(left, top) {
    const { gl, canvas } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.aside);
    const target = (kind, format) => {
      const held = gl.createRenderbuffer();
      gl.bindRenderbuffer(gl.RENDERBUFFER, held);
      gl.renderbufferStorage(gl.RENDERBUFFER, format, canvas.width, canvas.height);
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, kind, gl.RENDERBUFFER, held);
      return held;
    };
    const held = [target(gl.COLOR_ATTACHMENT0, gl.RGBA8), target(gl.DEPTH_ATTACHMENT, gl.DEPTH_COMPONENT16)];
    this.paint(true);
    const pixel = new Uint8Array(4);
    const [x, y] = [left * devicePixelRatio, canvas.height - top * devicePixelRatio].map(Math.floor);
    gl.readPixels(x, y, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    held.forEach((one) => gl.deleteRenderbuffer(one));
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    const [u, v] = [pixel[0] * 256 + pixel[1], pixel[2] * 256 + pixel[3]].map((n) => n / 65534);
    if (u > 1 || v > 1) return null;
    const along = (axis, share) => axis[0] + share * (axis[axis.length - 1] - axis[0]);
    return this.nearest([along(this.xs, u), along(this.ys, v)]);
  }

  // The grid point that is nearest to a place in the plane.
  nearest([x, y]) {
    const closest = (axis, to) => axis.reduce((best, value, k) => (Math.abs(value - to) < Math.abs(axis[best] - to) ? k : best), 0);
    return [closest(this.xs, x), closest(this.ys, y)];
  }

  place() {
    return [this.xs[Math.min(this.probe[0], this.xs.length - 1)], this.ys[Math.min(this.probe[1], this.ys.length - 1)]];
  }

  // Where a point over the base appears, in CSS pixels.
  seen(x, y, z) {
    const { width, height, zoom } = this.size();
    const [a, e] = [radians(this.camera.azimuth), radians(this.camera.elevation)];
    const across = Math.cos(a) * y - Math.sin(a) * x;
    const away = -Math.cos(a) * x - Math.sin(a) * y;
    const up = Math.sin(e) * away + Math.cos(e) * (z - RELIEF / 2);
    return { left: width / 2 + across * zoom, top: height / 2 - up * zoom, away };
  }

  // Write the scale of heights, the ends of both axes and the probe over the surface.
  write() {
    const { width, height: high } = this.size();
    this.overlay.setAttribute("viewBox", `0 0 ${width} ${high}`);
    const parts = [...this.scale(), ...this.ends()];
    if (this.probe) {
      const at = this.probe[1] * this.xs.length + this.probe[0];
      const z = RELIEF * height(this.values[at], this.cut, this.log);
      const { left, top } = this.seen(base(this.xs)[this.probe[0]], base(this.ys)[this.probe[1]], z);
      parts.push(drawn("circle", { class: "probe", cx: left, cy: top, r: 5 }));
    }
    this.overlay.replaceChildren(...parts);
  }

  scale() {
    const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]];
    const [x, y] = corners.reduce((best, one) => (this.seen(...one, 0).left < this.seen(...best, 0).left ? one : best));
    const ticks = this.log ? [0, ...TICKS.filter((tick) => tick < 0.9 * this.cut), this.cut] : [0, 0.25, 0.5, 0.75, 1].map((share) => share * this.cut);
    const parts = [];
    const ends = [this.seen(x, y, 0), this.seen(x, y, RELIEF)];
    parts.push(drawn("line", { class: "tick", x1: ends[0].left, y1: ends[0].top, x2: ends[1].left, y2: ends[1].top }));
    let last = Infinity;
    for (const tick of ticks) {
      const { left, top } = this.seen(x, y, RELIEF * height(tick, this.cut, this.log));
      if (last - top < 14 || (tick !== this.cut && top - ends[1].top < 14)) continue;
      last = top;
      const mark = tick === this.cut && highest(this.values) > this.cut ? "≥" : "";
      parts.push(drawn("line", { class: "tick", x1: left - 4, y1: top, x2: left, y2: top }));
      parts.push(drawn("text", { x: left - 7, y: top + 4, "text-anchor": "end" }, mark + short(tick)));
    }
    return parts;
  }

  ends() {
    const nearer = (one, other) => (this.seen(...one, 0).away < this.seen(...other, 0).away ? one : other);
    const side = { x: nearer([0, -1], [0, 1])[1], y: nearer([-1, 0], [1, 0])[0] };
    const told = (axis, name, at) => [-1, 0, 1].map((end) => {
      const { left, top } = this.seen(...at(end), 0);
      const centre = this.seen(0, 0, 0);
      const push = 12 / Math.hypot(left - centre.left, top - centre.top);
      const text = end === 0 ? name : Number((end < 0 ? axis[0] : axis[axis.length - 1]).toPrecision(3));
      const inward = end === 0 ? 1 : 0.82; // so that the ends of x and y do not meet
      const spot = this.seen(...at(end * inward), 0);
      return drawn("text", { x: spot.left + (left - centre.left) * push, y: spot.top + (top - centre.top) * push + 8, "text-anchor": "middle" }, String(text).replace("-", "−"));
    });
    return [...told(this.xs, "x", (end) => [end, side.x]), ...told(this.ys, "y", (end) => [side.y, end])];
  }

  // Say in words what is measured at the probe, and what the surface is.
  tell() {
    const { surface, values } = this;
    const parts = [];
    if (this.probe) {
      const [i, j] = this.probe;
      const told = Object.entries(surface.measures).map(([name, packed]) => {
        const value = array(packed)[j * this.xs.length + i];
        return `${data.names[name]} ${written(value)}`;
      });
      parts.push(`x = ${written(this.xs[i])}, y = ${written(this.ys[j])}: ${told.join(" · ")}`);
    }
    this.readout.textContent = parts.join("") || "Point at the landscape for what was measured there.";
    const [over, lost] = [values.filter((v) => v > this.cut * (1 + 1e-6) && Number.isFinite(v)).length, values.filter((v) => !Number.isFinite(v)).length];
    const notes = [`${data.names[this.measure]}, ${this.xs.length}×${this.ys.length} points`];
    if (over) notes.push(`${over} above ${written(this.cut)}, drawn flat in cream`);
    if (lost) notes.push(`${lost} not finite, grey`);
    this.figure.querySelector(".about").textContent = notes.join("; ") + ".";
  }
}
