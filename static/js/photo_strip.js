// The strip of pictures at an item: what was taken here and is still on its way.
const addresses = new Set();

/** Show a picture that is not yet at the house; `key` is the deed it belongs to. */
export function thumb(form, file, key) {
  const frame = document.createElement("span");
  frame.className = "thumb wait";
  if (key) frame.dataset.key = key;
  const image = frame.appendChild(document.createElement("img"));
  image.alt = "";
  image.onload = () => { URL.revokeObjectURL(image.src); addresses.delete(image.src); };
  image.src = URL.createObjectURL(file);
  addresses.add(image.src);
  const sign = frame.appendChild(document.createElement("span"));
  sign.className = "mark";
  sign.textContent = "↑";
  form.querySelector("label.add, label").before(frame);
}
