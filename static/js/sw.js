// The service worker: opens pages without a network, and goes on sending when no page is left to do it.
import { comfortOf, fromShell, withPolicy, without } from "./copies.js";
import { hello } from "./house.js";
import { drain, list } from "./outbox.js";
import { clear, copyOf, keepPage, trim } from "./pages.js";
import { listen as listenForPushes } from "./push_worker.js";
import { signOutFirst, stepBack } from "./presence.js";
import { recall, remember } from "./store.js";

const PATIENCE = 4_000; // ms before a copy is shown instead of a page that does not come
const HANDS_OVER = /^\/(switch|sign-in|sign-out)$/;

async function asset(request, build) {
  const path = new URL(request.url).pathname;
  const ours = path.replace(/^\/static\/[^/]+\//, `/static/${build}/`);
  const found = path === ours && await fromShell(build, ours);
  // A page may be older or newer than this worker; without a network, ours is the best there is.
  return found || fetch(request).catch(async () => (await fromShell(build, ours)) ?? Response.error());
}

// What is missing is said truthfully: whether anything was typed, and whether the house is there by now.
async function failed(path, body, build) {
  if (path === "/language") return comfortOf("language", build);
  if (await hello(true) === "here") return comfortOf("unsure", build);
  const isTyped = [...((await body) ?? [])].some(([name, value]) => !/^(_.*|next)$/.test(name) && value !== "");
  return comfortOf(isTyped ? "form" : "act", build);
}

// A deed done in a page of its own. Who takes the device over is not known until their first page is here:
// meanwhile no copy is anybody's.
async function hand(request, build) {
  const path = new URL(request.url).pathname;
  // Back to where a deed was answered: it is not done once more, and the page before it is read anew.
  if (request.isHistoryNavigation) return Response.redirect(request.referrer || "/");
  const before = HANDS_OVER.test(path) && await stepBack();
  const body = request.clone().formData().catch(() => null);
  try {
    const reply = await fetch(request);
    if (path === "/sign-out" && before) await clear(before); // what was still under way when they left
    return reply;
  } catch {
    if (before) await remember("person", before);
    return failed(path, body, build);
  }
}

async function open(event, build) {
  const { request } = event;
  if (!(await signOutFirst())) return comfortOf("leaving", build);
  if (request.method !== "GET") return hand(request, build);
  const [known, asked] = [await copyOf(request.url), Date.now()];
  try {
    const reply = await fetch(request, { signal: known && AbortSignal.timeout(PATIENCE) });
    const foreign = reply.type === "basic" && !reply.headers.has("X-Request-Id");
    if (known && (foreign || reply.status === 502 || reply.status === 504)) return withPolicy(known);
    const kept = reply.clone();
    event.waitUntil(keepPage(request.url, kept, asked).then(async (size) => size && trim(await recall("person"))).catch(() => {}));
    return reply;
  } catch {
    return without(request.url, build);
  }
}

async function picture(request) {
  return (await copyOf(request.url)) ?? fetch(request);
}

function answer(event, build) {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || /^\/(admin|outbox\/|sw\.js|health)/.test(pathname)) return undefined;
  if (request.mode === "navigate") return event.respondWith(open(event, build));
  if (request.method !== "GET") return undefined;
  if (pathname.startsWith("/static/")) return event.respondWith(asset(request, build));
  if (/^\/(files|signatures)\//.test(pathname)) return event.respondWith(picture(request));
  return undefined;
}

async function sendWhileNobodyLooks() {
  const end = await drain();
  if ((await list()).some((op) => op.state === "waiting")) throw new Error(end); // the browser calls again
}

/** Take up work; `build` names this version of the house, `shell` lists what every page needs. */
export function begin(build, shell) {
  addEventListener("install", (event) => event.waitUntil(caches.open(`shell-${build}`).then((all) => all.addAll(shell))));
  addEventListener("activate", (event) => event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("shell-") && name !== `shell-${build}`) await caches.delete(name);
    await clients.claim();
  })()));
  addEventListener("message", (event) => {
    if (event.data === "skip") skipWaiting();
    if (event.data === "claim") event.waitUntil(clients.claim());
    if (event.data === "drain") event.waitUntil(drain());
  });
  addEventListener("sync", (event) => { if (event.tag === "outbox") event.waitUntil(sendWhileNobodyLooks()); });
  addEventListener("fetch", (event) => answer(event, build));
  listenForPushes(self);
}
