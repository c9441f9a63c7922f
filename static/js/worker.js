// The page's side of working without a network: who is here, the ticket for sending, the worker, the pages always at hand.
import { fresh } from "./identity.js";
import { personHere } from "./deeds.js";
import { drain, listen, tidy } from "./outbox.js";
import { copyOf, fetchPage, keepWay } from "./pages.js";
import { signOutFirst } from "./presence.js";
import { forget, recall, remember } from "./store.js";

const ALWAYS = ["/", "/outbox", "/aboard", ...(document.querySelector('meta[name="at-hand"]')?.content.split(" ") ?? [])];
const OLD = 12 * 3_600_000;
const isCopy = Boolean(document.querySelector('meta[name="as-of"]'));
const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** A ticket lets this device deliver this person's work after the session has ended. Each new one ends the one before:
 *  of two tabs one asks and the other finds it there. */
const ticketFor = (person) => navigator.locks
  ? navigator.locks.request("ticket", async () => (await recall(`ticket:${person}`)) || askForTicket(person))
  : askForTicket(person);

async function askForTicket(person) {
  const reply = await fetch("/outbox/ticket", { method: "POST", headers: { "X-CSRF-Token": csrf(), "Idempotency-Key": fresh() }, redirect: "manual" });
  if (!reply.ok || !reply.headers.has("X-Request-Id")) return;
  const given = await reply.json();
  if (given.person !== person) return;
  await remember("device", given.device);
  await remember(`ticket:${person}`, given.ticket);
  drain({ now: true });
}

async function arrive() {
  const person = personHere();
  if (!person || isCopy) return;
  if (await recall("leaving")) return await signOutFirst() && location.replace("/sign-in"); // no worker stood before it
  const gone = (await recall("gone")) ?? [];
  const before = await recall("person");
  await remember("gone", [...new Set([...gone, before])].filter((one) => one && one !== person));
  await remember("person", person);
  if (!(await recall(`ticket:${person}`))) await ticketFor(person);
  await tidy();
}

// What a form on this page may bring to life here: its blank is wanted before the network is gone.
const blanks = (page = document) => [...page.querySelectorAll("[data-blank]")].map(({ dataset }) => dataset.blank);
// What goes on from this page is put by with it, and where an address leads that is no page itself.
const putBy = () => [...document.querySelectorAll("[data-put-by]")].flatMap(({ dataset }) => dataset.putBy.split(" "));
const keepWays = () => Promise.all([...document.querySelectorAll("a[data-way]")].map((link) => keepWay(personHere(), link.dataset.way, link.getAttribute("href"))));
const readAs = (text) => new DOMParser().parseFromString(text, "text/html");

/** Remember the language of this page; whether what is always at hand was fetched in the other one. */
async function speak() {
  const [language, before] = [document.documentElement.lang.startsWith("zh") ? "zh" : "en", await recall("language")];
  await remember("language", language);
  return Boolean(before) && before !== language;
}

async function stockUp(speaksAnew) {
  await keepWays();
  const wanted = new Set([...ALWAYS, ...putBy(), ...blanks()]);
  for (const page of wanted) { // what a blank leads to on its part joins behind it
    const copy = await copyOf(page);
    if (!copy || speaksAnew || Number(copy.headers.get("Kept-At")) < Date.now() - OLD) await fetchPage(page, personHere());
    if (!ALWAYS.includes(page)) for (const further of blanks(readAs(await (await copyOf(page))?.text() ?? ""))) wanted.add(further);
  }
}

let asked = false;
listen(async ({ kind, person }) => {
  if (kind === "stored") return (await navigator.serviceWorker?.ready)?.sync?.register("outbox").catch(() => {});
  if (kind !== "auth" || person !== personHere() || asked) return undefined;
  asked = true; // once per page: whoever was locked out has to sign in
  await forget(`ticket:${person}`);
  return ticketFor(person).catch(() => {});
});

addEventListener("online", signOutFirst);
arrive().catch(() => {}).then(async () => {
  const speaksAnew = await speak();
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register("/sw.js", { type: "module", updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  // A page that was opening while the worker took up work was not seen by it.
  if (!navigator.serviceWorker.controller) active.postMessage("claim");
  if (personHere() && !isCopy) await stockUp(speaksAnew);
}).catch(() => {});
