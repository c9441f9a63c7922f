// The drawing of a car: tap a part, say what is damaged. What waits on this device is drawn as well.
import { personHere } from "./deeds.js";
import { list, listen } from "./outbox.js";
import { clear, picture } from "./damage_photo.js";

const NS = "http://www.w3.org/2000/svg";
const sheet = () => document.getElementById("note");
const part = (form) => form.elements.panel.selectedOptions[0];
const within = (share) => Math.min(1000, Math.max(0, Math.round(share)));

// Where on the drawing, in thousandths; beside the car, or by keyboard, the middle of the part.
function placeOf(spot, event) {
  const svg = spot.ownerSVGElement;
  const { x, y, panel } = spot.dataset;
  const at = new DOMPoint(event.clientX, event.clientY);
  const inside = [...svg.querySelectorAll(`[data-part="${panel}"]`)]
    .some((shape) => shape.isPointInFill(at.matrixTransform(shape.getScreenCTM().inverse())));
  if (!event.detail || !inside) return { x, y };
  const here = at.matrixTransform(svg.getScreenCTM().inverse());
  const box = svg.viewBox.baseVal;
  return { x: within((here.x - box.x) / box.width * 1000), y: within((here.y - box.y) / box.height * 1000) };
}

function entitle(form) {
  const title = form.querySelector("h2");
  title.textContent = part(form)?.textContent ?? title.dataset.title;
  form.querySelector(".tyres").hidden = !("tyre" in (part(form)?.dataset ?? {}));
}

function open(panel, side, place) {
  const form = sheet().querySelector("form");
  form.reset();
  clear(form);
  const { elements } = form;
  for (const [name, value] of Object.entries({ id: "", side, ...place })) elements[name].value = value;
  if (panel) elements.panel.value = panel;
  form.querySelector(".field:has(select)").hidden = Boolean(panel);
  entitle(form);
  sheet().close();
  sheet().showModal();
}

// What was noted here and is still on its way: in the list, and on the drawing.
async function pend() {
  const root = document.querySelector("[data-drawing]");
  const mine = (await list()).filter((op) => op.person === personHere() && op.path === root?.dataset.path);
  for (const old of document.querySelectorAll("[data-pending]")) old.remove();
  for (const op of mine) {
    const said = Object.fromEntries(op.fields);
    const form = sheet()?.querySelector("form");
    const row = root.querySelector("template").content.firstElementChild.cloneNode(true);
    row.dataset.pending = op.key;
    const kind = form?.querySelector(`[name=kind][value="${said.kind}"]`)?.parentElement.textContent.trim();
    const name = [...(form?.elements.panel.options ?? [])].find(({ value }) => value === said.panel)?.textContent;
    row.querySelector(".whole").textContent = [name, kind].filter(Boolean).join(" · ");
    root.querySelector(".damages").append(row);
    root.querySelector("[data-none]")?.setAttribute("hidden", "");
    draw(root.querySelector(`svg[data-side="${said.side}"]`), said, op.key);
  }
}

function draw(svg, { x, y }, key) {
  if (!svg || !x) return;
  const [box, dot] = [svg.viewBox.baseVal, svg.appendChild(document.createElementNS(NS, "circle"))];
  for (const [name, value] of Object.entries({ cx: box.x + x * box.width / 1000, cy: box.y + y * box.height / 1000, r: 10, class: "dot wait" })) dot.setAttribute(name, value);
  dot.dataset.pending = key;
}

let begun = false;
export function drawing() {
  pend();
  if (begun) return;
  begun = true;
  document.addEventListener("click", (event) => {
    const spot = event.target.closest?.("a.spot");
    if (event.target.closest?.("[data-close]")) { event.preventDefault(); sheet().close(); }
    if (!sheet() || !(spot || event.target.closest?.("[data-add]"))) return;
    event.preventDefault();
    if (spot) open(spot.dataset.panel, spot.ownerSVGElement.dataset.side, placeOf(spot, event));
    else open("", "", { x: "", y: "" });
  });
  sheet()?.addEventListener("change", ({ target }) => (target.type === "file" ? target.files.length && picture(target) : entitle(sheet().querySelector("form"))));
  sheet()?.addEventListener("submit", () => setTimeout(() => sheet().close()));
  listen(({ kind }) => /stored|sent|attention/.test(kind) && pend().catch(() => {}));
  document.addEventListener("outbox:shown", () => pend().catch(() => {}));
  if (sheet()?.open) { sheet().close(); sheet().showModal(); }
}
