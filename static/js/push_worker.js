// The worker's part in push notices: shows what has arrived, if it is for whoever holds the device, and opens its page.
import { recall } from "./store.js";

const PATIENCE = 8_000;
const ICON = new URL("../icons/huanche-192.png", import.meta.url).href;

/** The house knows in whose hands the device is; when it cannot be asked, the device remembers who was here last. */
async function isForWhoIsHere({ id, person }) {
  try {
    const reply = await fetch(`/notices/${id}/holder`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (reply.ok && reply.headers.has("X-Request-Id")) return (await reply.json()).here;
  } catch {
    // no network, or a portal that answers in the house's place
  }
  return (await recall("person")) === person;
}

async function show(registration, notice) {
  if (!(await isForWhoIsHere(notice))) return;
  const { title, body, lang, tag, at, address } = notice;
  await registration.showNotification(title, { body, lang, tag, renotify: true, timestamp: at, icon: ICON, data: { address } });
}

/** A tab that shows the page comes to the front; no tab is led away from what is being typed there. */
async function open(clients, address) {
  const page = new URL(address, location.origin);
  if (page.origin !== location.origin) return;
  const tabs = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = tabs.find((tab) => new URL(tab.url).pathname === page.pathname);
  await (there ? there.focus() : clients.openWindow(page.href));
}

/** Let the worker take up push notices. */
export function listen(worker) {
  worker.addEventListener("push", (event) => {
    if (event.data) event.waitUntil(show(worker.registration, event.data.json()));
  });
  worker.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open(worker.clients, event.notification.data.address));
  });
}
