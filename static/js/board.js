// A live board: cards that changed are drawn anew, come and go, and change lanes; nothing else of the page is touched.
import { dragging } from "./board_drag.js";
import { moving } from "./board_move.js";
import { clock as time } from "./moments.js";

const RETRY = 3_000; // ms before a stream that was ended by the house is opened again

const cardOf = (id) => document.getElementById(`car-${id}`);

/** Its place in its lane: the promised first. */
function put(board, card) {
  const lane = board.querySelector(`[data-lane="${CSS.escape(card.dataset[board.dataset.board])}"] .cars`)
    ?? board.querySelector('[data-lane="waiting"] .cars');
  const next = [...lane.children].find((one) => one !== card && one.dataset.rank > card.dataset.rank) ?? null;
  if (card.parentElement !== lane || card.nextElementSibling !== next) lane.insertBefore(card, next);
}

async function draw(board, { id, html }) {
  if (!cardOf(id)) {
    board.querySelector('[data-lane="waiting"] .cars').append(Object.assign(document.createElement("article"), { id: `car-${id}` }));
  }
  const card = cardOf(id);
  await globalThis.htmx.swap({ text: html, target: card, swap: "outerMorph", sourceElement: card });
  put(board, cardOf(id));
}

function count(board, late) {
  for (const lane of board.querySelectorAll("[data-lane]")) {
    lane.querySelector("[data-count]").textContent = lane.querySelectorAll(".car").length;
  }
  const total = document.querySelector("[data-total]");
  const cars = board.querySelectorAll(".car").length;
  if (total) total.textContent = total.dataset.total.replace("{count}", cars).replace("{late}", late);
}

async function take(board, { cards, gone, late }) {
  const kept = new Set(cards.map(({ id }) => `car-${id}`));
  for (const card of board.querySelectorAll(".car")) {
    if (gone ? gone.includes(card.id.slice(4)) : !kept.has(card.id)) card.remove();
  }
  for (const card of cards) await draw(board, card);
  count(board, late);
  board.dispatchEvent(new CustomEvent("board:drawn"));
}

function listen(board) {
  const adrift = document.querySelector("[data-adrift]");
  const source = new EventSource(board.dataset.stream);
  let before = Promise.resolve(); // one after the other, in the order in which it happened
  const again = () => { source.close(); location.reload(); };
  source.onopen = () => { adrift.hidden = true; };
  source.onerror = () => {
    adrift.hidden = false;
    if (source.readyState === EventSource.CLOSED) setTimeout(() => board.isConnected && listen(board), RETRY);
  };
  source.addEventListener("cards", ({ data }) => { before = before.then(() => take(board, JSON.parse(data))); });
  source.addEventListener("anew", again);
  source.addEventListener("bye", again);
  addEventListener("pagehide", () => source.close(), { once: true });
}

/** `data-board="bay"` with `data-stream`: the lanes by which it is shown, and where its news comes from. */
export function liveBoard(board) {
  listen(board);
  const form = document.querySelector("form[data-moving]");
  if (form) dragging(board, moving(board, form));
  const clock = document.querySelector("time[data-now]");
  if (clock) setInterval(() => { clock.textContent = time.format(new Date()); }, 5_000);
  if ("awake" in board.dataset) stayAwake();
}

// A screen on the wall does not go dark by itself.
function stayAwake() {
  const ask = () => navigator.wakeLock?.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") ask(); });
  ask();
}
