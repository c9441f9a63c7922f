// A photo is turned upright, shrunk and sent as soon as it is taken. What cannot be read here goes as it is.
const LONGEST_SIDE = 1600;
const QUALITY = 0.8;
const REFUSED = new Set([409, 413, 415, 422]);
const unsent = new WeakMap(); // input → files that no answer has confirmed

async function shrink(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    const name = `${file.name.replace(/\.\w+$/, "")}.jpg`;
    return blob ? new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified }) : file;
  } catch {
    return file;
  }
}

function preview(input, file) {
  const thumb = document.createElement("span");
  thumb.className = "thumb wait";
  const image = thumb.appendChild(document.createElement("img"));
  image.alt = "";
  image.onload = () => URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(file);
  const sign = thumb.appendChild(document.createElement("span"));
  sign.className = "mark";
  sign.textContent = "↑";
  input.closest("label").before(thumb);
}

document.addEventListener("change", async (event) => {
  const input = event.target;
  if (!input.matches?.("form[data-photo] input[type=file]") || !input.files.length) return;
  const fresh = await Promise.all(Array.from(input.files, shrink));
  const all = [...(unsent.get(input) ?? []), ...fresh];
  const basket = new DataTransfer();
  for (const file of all) basket.items.add(file);
  input.files = basket.files;
  unsent.set(input, all);
  for (const file of fresh) preview(input, file);
  input.form.requestSubmit();
});

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const input = ctx.request.form?.querySelector("input[type=file]");
  if (input && unsent.has(input)) ctx.sending = { input, files: unsent.get(input) };
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const { status } = ctx.response;
  if (!ctx.sending || (status >= 400 && !REFUSED.has(status))) return;
  const { input, files } = ctx.sending;
  unsent.set(input, unsent.get(input).filter((file) => !files.includes(file)));
  const basket = new DataTransfer();
  for (const file of unsent.get(input)) basket.items.add(file);
  input.files = basket.files;
});
