// Reads a VIN by camera, or from a photo of its label, into the field that the button names.
import { attach } from "./attach.js";
import { clean, fits } from "./vin.js";

const PAUSE = 150;
const WANTED = { video: { facingMode: "environment", width: { ideal: 1920 } } };

/** The best VIN in a picture: one whose check digit fits goes first; null when there is none. */
async function read(picture) {
  const { texts } = await import("./reader.js");
  const vins = (await texts(picture)).map(clean).filter(Boolean);
  return vins.find(fits) ?? vins[0] ?? null;
}

/** Shows the camera and calls `found` once; stops when `over` is aborted. */
async function watch(video, over, found) {
  const stream = await navigator.mediaDevices.getUserMedia(WANTED);
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  if (over.aborted) return stop();
  over.addEventListener("abort", stop);
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  while (!over.aborted) {
    const vin = video.readyState >= 2 && (await read(video).catch(() => null));
    if (vin && !over.aborted) return found(vin);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

function fill(field, vin) {
  field.value = vin;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
}

function open(field, dialog) {
  const [video, status, file] = ["video", "[role=status]", "input[type=file]"].map((part) => dialog.querySelector(part));
  const over = new AbortController();
  const say = (word) => { if (!over.signal.aborted) status.textContent = status.dataset[word]; };
  const found = (vin) => { dialog.close(); fill(field, vin); };

  video.hidden = true;
  dialog.onclose = () => over.abort();
  file.onchange = async () => {
    const vin = file.files[0] && (await read(file.files[0]).catch(() => null));
    file.value = "";
    if (vin) found(vin); else say("nothing");
  };
  dialog.showModal();
  say("looking");
  watch(video, over.signal, found).catch(() => say("noCamera")); // refused, absent, or the page is not on https
}

attach("[data-scan]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    open(document.querySelector(button.dataset.scan), document.querySelector(button.dataset.dialog));
  });
});
