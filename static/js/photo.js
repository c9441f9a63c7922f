// A photo is turned upright and shrunk before it is kept; the hash of what the camera gave goes with it.
// What is no picture is refused here and now; one of a kind that only the house reads goes as it is.
const LONGEST_SIDE = 1600;
const QUALITY = 0.8;
const READ_HERE = /^image\/(jpeg|png|webp|gif)$/;

/** Upright, no larger than is needed, without what the camera wrote beside it. */
export async function shrink(file) {
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
    return READ_HERE.test(file.type) || !file.type.startsWith("image/") ? null : file;
  }
}

/** SHA-256 of what the camera gave, in hex; empty where the browser does not count it. */
export async function hash(file) {
  if (!crypto.subtle) return ""; // plain http
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function put(form, name, value) {
  const field = form.elements[name] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
  field.value = value;
}

// One after the other: three pictures taken in a row are three deeds in that order.
let before = Promise.resolve();

/** Say at the form's pictures that one of them is none, or no more. */
export function refuse(form, isWrong) {
  form.querySelector(".evidence .error")?.remove();
  if (!isWrong) return;
  const error = Object.assign(document.createElement("p"), { className: "error", textContent: form.dataset.unread });
  error.role = "alert";
  form.querySelector(".evidence").append(error);
}

async function take(form, input, files) {
  form.dataset.taking = "";
  for (const file of files) {
    const [small, original] = await Promise.all([shrink(file), hash(file)]);
    refuse(form, !small);
    if (!small) continue;
    const basket = new DataTransfer();
    basket.items.add(small);
    input.files = basket.files;
    put(form, "original", original);
    form.requestSubmit();
  }
  input.value = "";
  delete form.dataset.taking;
}

document.addEventListener("change", ({ target: input }) => {
  if (!input.matches?.("form[data-photo] input[type=file]") || !input.files.length) return;
  const files = [...input.files];
  before = before.then(() => take(input.form, input, files));
});
