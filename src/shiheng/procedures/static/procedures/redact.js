// Drawing what is to be masked with the mouse or a finger. Without this file the figures are typed.

const form = document.querySelector("[data-redaction]");
const rows = form ? [...form.querySelectorAll("[data-row]")] : [];
const field = (row, name) => row.querySelector(`[name^=${name}_]`);
const NAMES = ["x", "y", "w", "h"];
const bars = new Map();

const figures = (row) => NAMES.map((name) => Number.parseInt(field(row, name).value, 10));

function show(row) {
  const page = form.querySelector(`[data-page="${field(row, "page").value || 1}"] .evidence-canvas`);
  const said = figures(row);
  bars.get(row)?.remove();
  if (!page || said.some(Number.isNaN)) return;
  const bar = document.createElement("div");
  bar.className = "evidence-bar";
  const reason = field(row, "reason");
  bar.textContent = reason.value ? reason.selectedOptions[0].textContent : "";
  ["left", "top", "width", "height"].forEach((side, n) => { bar.style[side] = `${said[n] / 10}%`; });
  page.append(bar);
  bars.set(row, bar);
}

function place(row, from, to) {
  const left = Math.min(from[0], to[0]), top = Math.min(from[1], to[1]);
  [left, top, Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])].forEach((value, n) => {
    field(row, NAMES[n]).value = String(value);
  });
  show(row);
}

for (const row of rows) {
  if (!field(row, "x")) break;
  row.addEventListener("input", () => show(row));
  row.addEventListener("change", () => show(row));
  show(row);
}

for (const page of form ? form.querySelectorAll(".evidence-page") : []) {
  const canvas = page.querySelector(".evidence-canvas");
  let from = null;
  let row = null;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const part = (value, size) => Math.max(0, Math.min(1000, Math.round((1000 * value) / size)));
    return [part(event.clientX - box.left, box.width), part(event.clientY - box.top, box.height)];
  };
  canvas.addEventListener("pointerdown", (event) => {
    row = rows.find((one) => NAMES.every((name) => !field(one, name).value));
    if (!row || event.button !== 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    field(row, "page").value = page.dataset.page;
    from = at(event);
  });
  canvas.addEventListener("pointermove", (event) => { if (from) place(row, from, at(event)); });
  canvas.addEventListener("pointerup", (event) => {
    if (!from) return;
    place(row, from, at(event));
    const [, , w, h] = figures(row);
    if (w < 2 || h < 2) { NAMES.forEach((name) => { field(row, name).value = ""; }); show(row); }
    else field(row, "reason").focus();
    from = null;
  });
}
