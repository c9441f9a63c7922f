// Tap a car, then tap where it goes: a bar under the thumb offers the lanes. Without this script a page of its own does.
import { fresh } from "./identity.js";

/** Returns `send(car, lane)`, for whoever moves cars in another way. */
export function moving(board, form) {
  const said = form.querySelector("[data-said]");

  function choose(card) {
    for (const other of board.querySelectorAll(".car[data-chosen]")) other.removeAttribute("data-chosen");
    form.hidden = !card;
    said.hidden = true;
    if (!card) return;
    card.setAttribute("data-chosen", "");
    const { move, plate } = card.querySelector("[data-move]").dataset;
    form.dataset.car = move;
    form.querySelector("[data-plate]").textContent = plate;
  }

  async function send(car, lane) {
    const body = new URLSearchParams({ _csrf: form.elements._csrf.value, _key: fresh(), by: form.elements.by.value, to: lane });
    const card = document.getElementById(`car-${car}`);
    card.ariaBusy = "true";
    try {
      const answer = await fetch(`/board/cars/${car}/place`, { method: "POST", headers: { "HX-Request": "true" }, body });
      if (answer.ok) return choose(null);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      choose(card);
      said.textContent = page.querySelector("h1, span")?.textContent ?? answer.status;
    } catch {
      choose(card);
      said.textContent = document.querySelector("[data-adrift]").textContent;
    } finally {
      card.ariaBusy = null;
    }
    said.hidden = false;
    return undefined;
  }

  board.addEventListener("click", (event) => {
    const link = event.target.closest("[data-move]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const card = link.closest(".car");
    choose(card.hasAttribute("data-chosen") ? null : card);
    if (!form.hidden) form.querySelector("button[name=to]").focus({ preventScroll: true });
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form.dataset.car, event.submitter.value);
  });
  form.querySelector("[data-rest]").addEventListener("click", () => choose(null));
  return send;
}
