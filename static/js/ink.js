// A signature drawn with finger, pen or mouse, or typed. The drawing survives rotation and goes to the
// server as strokes of points in the pad's own pixels: [{"points":[{"x":12,"y":40,"time":…},…]},…].
let library;
const load = () => (library ??= import("../vendor/signature_pad/dist/signature_pad.min.js"));

const strokes = (pad) => pad.toData().map(({ points }) => ({
  points: points.map(({ x, y, time }) => ({ x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10, time })),
}));

function fit(canvas, pad) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return;
  const before = { width: canvas.dataset.width ?? width, height: canvas.dataset.height ?? height };
  const scale = Math.min(width / before.width, height / before.height);
  const drawn = pad.toData().map((stroke) => ({
    ...stroke, points: stroke.points.map((point) => ({ ...point, x: point.x * scale, y: point.y * scale })),
  }));
  const ratio = Math.max(devicePixelRatio, 1);
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
  Object.assign(canvas.dataset, { width, height });
  pad.fromData(drawn, { clear: true });
}

function refuse(form, message) {
  const error = form.querySelector(".error");
  form.classList.toggle("wrong", Boolean(message));
  error.hidden = !message;
  error.textContent = message;
}

export async function ink(form) {
  const canvas = form.querySelector("canvas");
  const { ink: field, typed_name: typed } = form.elements;
  let written = () => field.value = "";

  form.addEventListener("submit", (event) => {
    written();
    if (field.value || typed?.value.trim()) return refuse(form, "");
    event.preventDefault();
    event.stopImmediatePropagation();
    refuse(form, form.dataset.empty);
    canvas.scrollIntoView({ block: "center" });
  }, { capture: true });

  const { default: SignaturePad } = await load();
  const pad = new SignaturePad(canvas, { penColor: "#101a33", minWidth: 1, maxWidth: 3 });
  written = () => { field.value = pad.isEmpty() ? "" : JSON.stringify(strokes(pad)); };
  const redraw = (data) => { pad.fromData(data, { clear: true }); written(); };
  pad.addEventListener("endStroke", () => { refuse(form, ""); written(); });
  form.querySelector("[data-clear]")?.addEventListener("click", () => redraw([]));
  form.querySelector("[data-undo]")?.addEventListener("click", () => redraw(pad.toData().slice(0, -1)));
  new ResizeObserver(() => { fit(canvas, pad); written(); }).observe(canvas);
}
