// Drag a car by its handle to another lane, with a mouse or a pen; a finger scrolls the board and taps instead.
const SLACK = 6; // px that a hand may tremble before it drags
const EDGE = 48; // px from the edge of the board at which it scrolls along
const STRIDE = 24;

export function dragging(board, send) {
  let held = null; // { card, x, y, ghost }

  const laneAt = (x, y) => document.elementsFromPoint(x, y).map((one) => one.closest?.("[data-lane][data-takes]")).find(Boolean);

  function mark(lane) {
    for (const one of board.querySelectorAll(".lane.over")) if (one !== lane) one.classList.remove("over");
    lane?.classList.add("over");
  }

  function lift(event) {
    held.ghost = held.card.cloneNode(true);
    held.ghost.removeAttribute("id");
    held.ghost.inert = true;
    held.ghost.classList.add("lifted");
    held.ghost.style.inlineSize = `${held.card.offsetWidth}px`;
    board.append(held.ghost);
    held.card.classList.add("away");
    follow(event);
  }

  function follow({ clientX, clientY }) {
    held.ghost.style.translate = `${clientX - held.dx}px ${clientY - held.dy}px`;
    const { left, right } = board.getBoundingClientRect();
    if (clientX < left + EDGE) board.scrollLeft -= STRIDE;
    if (clientX > right - EDGE) board.scrollLeft += STRIDE;
    mark(laneAt(clientX, clientY));
  }

  function drop(event) {
    if (!held) return;
    const { card, ghost, lane: from } = held;
    held = null;
    if (!ghost) return;
    const lane = event.type === "pointerup" ? laneAt(event.clientX, event.clientY) : null;
    ghost.remove();
    card.classList.remove("away");
    mark(null);
    addEventListener("click", (click) => { click.preventDefault(); click.stopPropagation(); }, { capture: true, once: true });
    setTimeout(() => dispatchEvent(new Event("click", { cancelable: true }))); // nobody clicked: nothing is swallowed later
    if (lane && lane !== from) send(card.querySelector("[data-move]").dataset.move, lane.dataset.lane);
  }

  board.addEventListener("pointerdown", (event) => {
    const card = event.target.closest(".car");
    if (!card || event.button || event.pointerType === "touch") return;
    const box = card.getBoundingClientRect();
    held = { card, x: event.clientX, y: event.clientY, dx: event.clientX - box.left, dy: event.clientY - box.top, lane: card.closest("[data-lane]") };
  });
  addEventListener("pointermove", (event) => {
    if (!held) return;
    if (held.ghost) return follow(event);
    if (Math.hypot(event.clientX - held.x, event.clientY - held.y) > SLACK) lift(event);
  });
  addEventListener("pointerup", drop);
  addEventListener("pointercancel", drop);
  board.addEventListener("dragstart", (event) => event.preventDefault()); // the browser's own dragging of links
}
