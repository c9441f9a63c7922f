// A new version of the house waits until the person says so. Then it takes over, the page is loaded once more,
// and what was typed is there again; what no draft can hold, such as a signature just drawn, is finished first.
import { attach } from "./attach.js";
import { keepAll } from "./drafts.js";

const NO_DRAFT = "[data-ink] :is([name=ink], [name=typed_name]), main form :is([type=file], [type=password]:not(:autofill))";
const begun = () => [...document.querySelectorAll(NO_DRAFT)].some((field) => field.value);
const worker = navigator.serviceWorker;

async function load(bar, registration) {
  const first = bar.querySelector("[data-first]");
  first.hidden = !begun() && (await keepAll().then(() => true, () => false));
  if (!first.hidden) return;
  if (!registration.waiting) return location.reload(); // another tab has let it in
  worker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting.postMessage("skip");
}

function watch(bar, registration) {
  const show = () => { if (registration.waiting && worker.controller) bar.hidden = false; };
  const follow = () => registration.installing?.addEventListener("statechange", show);
  show();
  follow();
  registration.addEventListener("updatefound", follow);
  bar.querySelector("button").addEventListener("click", () => load(bar, registration));
}

attach("[data-update]", (bar) => worker?.ready.then((registration) => watch(bar, registration)));
