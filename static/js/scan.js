// Reads a VIN by camera, or from a photo of its label, into the field that the button names.
import { attach } from "./attach.js";
import { clean, fits } from "./vin.js";

const PAUSE = 150;

/** The best VIN among what was read: one whose check digit fits goes first. */
function best(texts) {
  const vins = texts.map(clean).filter(Boolean);
  return vins.find(fits) ?? vins[0] ?? null;
}

async function read(picture) {
  const { texts } = await import("./reader.js");
  return best(await texts(picture));
}

function open(field, dialog) {
  const video = dialog.querySelector("video");
  const status = dialog.querySelector("[role=status]");
  const file = dialog.querySelector("input[type=file]");
  const say = (word) => { status.textContent = status.dataset[word]; };
  let stream;

  const close = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    video.srcObject = file.onchange = dialog.onclose = null;
  };
  const take = (vin) => {
    field.value = vin;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    say("found");
    dialog.close();
    field.focus();
  };
  const watch = async () => {
    while (dialog.open) {
      const vin = video.readyState >= 2 ? await read(video).catch(() => null) : null;
      if (vin && dialog.open) return take(vin);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  };
  const start = async () => {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 } } });
    if (!dialog.open) return close();
    video.hidden = false;
    video.srcObject = stream;
    await video.play();
    say("looking");
    watch();
  };

  dialog.onclose = close;
  file.onchange = async () => {
    const vin = file.files[0] && (await read(file.files[0]).catch(() => null));
    file.value = "";
    if (vin) take(vin); else say("nothing");
  };
  video.hidden = true;
  dialog.showModal();
  start().catch(() => say("noCamera")); // refused, absent, or the page is not on https
}

attach("[data-scan]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    open(document.querySelector(button.dataset.scan), document.querySelector(button.dataset.dialog));
  });
});
