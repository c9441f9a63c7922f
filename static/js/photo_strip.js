// The strip of pictures at an item: what was taken here and is still on its way.
const addresses = new Set();

/** Show a picture that is not at the house; `key` is the deed it belongs to. */
export function thumb(form, file, key) {
  const frame = document.createElement("span");
  frame.dataset.key = key;
  const image = frame.appendChild(document.createElement("img"));
  image.alt = "";
  image.onload = () => { URL.revokeObjectURL(image.src); addresses.delete(image.src); };
  image.src = URL.createObjectURL(file);
  addresses.add(image.src);
  frame.appendChild(document.createElement("span")).className = "mark";
  form.querySelector("label.add, label").before(frame);
  return frame;
}

/** How it fares: on its way, or refused and in need of somebody. */
export function fare(frame, refused) {
  frame.className = `thumb ${refused ? "bad" : "wait"}`;
  frame.querySelector(".mark").textContent = refused ? "!" : "↑";
}
