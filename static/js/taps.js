// Every tap is kept at once and shows how it fares: waiting ↑, sent ✓, needs you !.
// htmx sends; this marks [data-keep] forms and tries again, with the same key, when the network failed.
const SIGNS = { waiting: "↑", sent: "✓", needs: "!" };
const TONES = { waiting: "wait", sent: "good", needs: "bad" };
const LONGEST = 30_000;
const kept = new Map(); // form → { state, tries, timer, submitter }
let leaving = false;

const words = (state) => document.body.dataset[state] ?? "";
const keeps = (element) => element?.closest?.("form[data-keep]");

function mark(form, state) {
  const place = form.closest(".item") ?? form;
  place.querySelector(":scope > .mark")?.remove();
  const sign = document.createElement(state === "needs" ? "button" : "span");
  if (state === "needs") Object.assign(sign, { type: "button", onclick: () => again(form) });
  sign.className = `mark wide ${TONES[state]}`;
  sign.textContent = `${SIGNS[state]} ${words(state)}`;
  place.append(sign);
}

function tell() {
  const chip = document.querySelector("[data-sync]");
  if (!chip) return;
  const states = [...kept.values()].map((one) => one.state);
  const count = (state) => states.filter((one) => one === state).length;
  const state = count("needs") ? "needs" : count("waiting") ? "waiting" : "sent";
  chip.className = `chip ${TONES[state]}`;
  chip.hidden = states.length === 0;
  chip.textContent = `${SIGNS[state]} ${state === "sent" ? "" : count(state)} ${words(state)}`;
}

function turn(form, state) {
  const one = kept.get(form) ?? { tries: 0 };
  clearTimeout(one.timer);
  if (state === "sent") one.tries = 0;
  kept.set(form, Object.assign(one, { state }));
  mark(form, state);
  tell();
  return one;
}

function again(form) {
  if (!form.isConnected) return kept.delete(form);
  const { submitter } = kept.get(form);
  form.requestSubmit(submitter?.isConnected ? submitter : undefined);
}

function later(form) {
  const one = turn(form, "waiting");
  one.timer = setTimeout(again, Math.min(LONGEST, 1000 * 2 ** one.tries++), form);
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (!keeps(ctx.sourceElement)) return;
  // A small answer outlives the page, so that "next" may be tapped while it is on its way.
  const told = [...ctx.request.body.values()];
  ctx.request.keepalive = told.every((value) => typeof value === "string") && told.join("").length < 5000;
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const form = keeps(ctx.sourceElement);
  if (form) turn(form, "waiting").submitter = ctx.request.submitter;
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const form = keeps(ctx.sourceElement);
  if (!form || leaving) return;
  const status = ctx.response?.status;
  if (!status || [502, 503, 504].includes(status)) return later(form);
  turn(form, status < 400 ? "sent" : "needs");
});

addEventListener("online", () => {
  for (const [form, one] of kept) if (one.state === "waiting" && one.tries) again(form);
});

addEventListener("beforeunload", (event) => {
  const unsafe = ([form, one]) => one.state === "needs" || (one.state === "waiting" && (one.tries || "photo" in form.dataset));
  if ([...kept].some((entry) => entry[0].isConnected && unsafe(entry))) event.preventDefault();
});
addEventListener("pagehide", () => { leaving = true; });
addEventListener("pageshow", () => { leaving = false; });
