// Each deed shows how it fares: waiting ↑, sent ✓, needs you !. The bar at the top counts what is still on this device.
import { itemOf, personHere } from "./deeds.js";
import { hello } from "./house.js";
import { clock } from "./moments.js";
import { drain, list, listen } from "./outbox.js";
import { counted, othersIn, words } from "./tally.js";

const SIGNS = { waiting: "↑", sent: "✓", needs: "!" };
const TONES = { waiting: "wait", sent: "good", needs: "bad" };
const CHECK = 5_000; // ms between looks while something waits
const bar = document.querySelector("[data-sync]");
const copied = document.querySelector('meta[name="as-of"]')?.content;
const dated = (word) => copied ? words[word]?.replace("{time}", clock.format(Number(copied))) ?? "" : "";
let house = "here";
let isBack = false; // the house answers, and this page is only its copy
let painting = null;

function mark(form, state, said = "") {
  const place = form.closest(".item") ?? form;
  place.querySelector(":scope > .mark")?.remove();
  const sign = document.createElement("span");
  sign.className = `mark wide ${TONES[state]}`;
  const isTold = place.querySelector(".error")?.textContent.trim() === said; // at the field already
  sign.textContent = `${SIGNS[state]} ${(!isTold && said) || words[state] || ""}`;
  place.append(sign);
}

const formsOf = (item) => [...document.querySelectorAll("form[data-keep]")].filter((form) => itemOf(form) === item);
function tellBar(state, text) {
  if (!bar) return;
  bar.hidden = !state;
  bar.className = `chip ${TONES[state] ?? "wait"}`;
  bar.textContent = text;
}

/** Read the queue and show it: on the bar, on the icon of the app, and at each form. */
async function paint() {
  const ops = await list();
  const mine = ops.filter((op) => op.person === personHere());
  const [needs, waiting] = [mine.filter((op) => op.state === "attention"), mine.filter((op) => op.state === "waiting")];
  const newest = new Map(mine.map((op) => [op.item, op]));
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const op = newest.get(itemOf(form));
    if (op) mark(form, op.state === "waiting" ? "waiting" : "needs", op.said);
  }
  navigator.setAppBadge?.(ops.length).catch(() => {});
  const trouble = waiting.length && words[house] ? ` · ${words[house]}` : "";
  const told = waiting.length ? `↑ ${counted("waitingCount", waiting.length)}${trouble}` : "";
  if (needs.length) tellBar("needs", [`! ${counted("needsCount", needs.length)}`, told].filter(Boolean).join(" · "));
  else if (told) tellBar("waiting", told);
  else if (ops.length) tellBar("waiting", othersIn(ops));
  else tellBar(copied && "waiting", dated(isBack ? "renew" : "asOf"));
  for (const date of document.querySelectorAll("[data-dated]")) Object.assign(date, { hidden: !copied || !ops.length, textContent: dated("dated") });
  bar?.toggleAttribute("data-renews", isBack && !ops.length);
}

/** Paint once for all that happens in one go. */
function repaint() {
  painting ??= setTimeout(() => { painting = null; paint().catch(() => {}); }, 30);
}

listen((message) => {
  if (message.kind === "offline" || message.kind === "later") house = message.house;
  if (message.kind === "auth" && message.person === personHere()) house = "auth";
  if (message.kind === "sent") house = "here";
  if (message.kind === "idle" && house !== "auth") house = message.house;
  if (message.kind === "stored") for (const form of formsOf(message.item)) mark(form, "waiting");
  if (message.kind === "sent") for (const form of formsOf(message.item)) mark(form, "sent");
  repaint();
});
document.addEventListener("outbox:shown", ({ detail: { op, answer } }) => {
  if (answer.status < 400) for (const form of formsOf(op.item)) mark(form, "sent");
  repaint();
});
document.addEventListener("outbox:not-stored", ({ target }) => mark(target, "needs", words.full));
document.addEventListener("htmx:after:process", repaint);

async function look(now = false) {
  if ((await list()).some((op) => op.state === "waiting")) return drain({ now });
  if (!copied || document.hidden) return undefined;
  isBack = (await hello()) === "here";
  return repaint();
}

bar?.addEventListener("click", (event) => {
  if (!("renews" in bar.dataset)) return;
  event.preventDefault();
  location.reload();
});
setInterval(look, CHECK);
addEventListener("online", () => look(true));
addEventListener("visibilitychange", () => {
  if (!document.hidden) return look();
  // Whoever leaves in the middle leaves it to the worker.
  navigator.serviceWorker?.controller?.postMessage("drain");
});
repaint();
look(true);
