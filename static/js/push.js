// Notices on this device: says how it stands with them, and asks the browser only after the person has asked.
import { attach } from "./attach.js";

const PATIENCE = 12_000;
const worker = navigator.serviceWorker;
const byApple = /iP(hone|ad|od)/.test(navigator.userAgent) || (/Mac/.test(navigator.platform) && navigator.maxTouchPoints > 1);
const onHomeScreen = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
const isAble = () => isSecureContext && worker && "PushManager" in window && "Notification" in window;

const bytesOf = (key) => Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const isSame = (one, other) => one.length === other.length && one.every((byte, place) => byte === other[place]);

/** Whether a subscription was made for this house; one for another key reaches nobody. */
function isOurs(subscription, card) {
  const key = subscription.options.applicationServerKey;
  return Boolean(key) && isSame(new Uint8Array(key), bytesOf(card.dataset.key));
}

async function stateOf(card) {
  if (byApple && !onHomeScreen) return "install";
  if (!isAble()) return "unsupported";
  if (Notification.permission === "denied") return "blocked";
  const registration = await worker.getRegistration();
  const subscription = await registration?.pushManager.getSubscription();
  const isKnown = subscription && isOurs(subscription, card) && subscription.endpoint === card.dataset.endpoint;
  return isKnown && Notification.permission === "granted" ? "on" : "off";
}

function show(card, state) {
  card.dataset.state = state;
  for (const part of card.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(state);
}

/** A browser whose push service cannot be reached may try for ever. */
function inTime(promise) {
  const tooLate = new Promise((_, fail) => { setTimeout(() => fail(new Error("nobody answers")), PATIENCE); });
  return Promise.race([promise, tooLate]);
}

async function subscribed(card) {
  const { pushManager } = await worker.ready;
  const before = await pushManager.getSubscription();
  if (before && isOurs(before, card)) return before;
  await before?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(card.dataset.key) });
}

async function switchOn(card, form) {
  if (await Notification.requestPermission() !== "granted") return show(card, await stateOf(card));
  try {
    const { endpoint, keys } = (await inTime(subscribed(card))).toJSON();
    for (const [name, value] of Object.entries({ endpoint, ...keys })) form.elements[name].value = value;
  } catch {
    return show(card, Notification.permission === "denied" ? "blocked" : "failed");
  }
  return form.requestSubmit();
}

attach("[data-push]", async (card) => {
  const form = card.querySelector("form[action='/me/push']");
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    if (form.elements.endpoint.value) return; // the browser has said where: now the house is told
    event.preventDefault();
    button.disabled = true;
    await switchOn(card, form).finally(() => { button.disabled = false; });
  });
  show(card, await stateOf(card));
});
