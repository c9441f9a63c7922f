// Reads barcodes: by the browser where it can, else by our own copy of ZXing, loaded when first needed.
const NATIVE = ["code_39", "code_128", "qr_code", "data_matrix"];
const ZXING = ["Code39", "Code128", "QRCode", "DataMatrix"];
const LONGEST_SIDE = 1600;
const VENDOR = "../vendor/zxing-wasm/dist";

function pixels(picture) {
  const width = picture.videoWidth || picture.width;
  const height = picture.videoHeight || picture.height;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  const canvas = Object.assign(document.createElement("canvas"), { width: width * scale, height: height * scale });
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return brush.getImageData(0, 0, canvas.width, canvas.height);
}

async function native() {
  const known = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []);
  if (!known || !NATIVE.every((format) => known.includes(format))) return null;
  const detector = new BarcodeDetector({ formats: NATIVE });
  return async (picture) => (await detector.detect(picture)).map((code) => code.rawValue);
}

async function zxing() {
  const { prepareZXingModule, readBarcodes } = await import(`${VENDOR}/es/reader/index.js`);
  const locateFile = (name) => new URL(`${VENDOR}/reader/${name}`, import.meta.url).href;
  prepareZXingModule({ overrides: { locateFile } });
  return async (picture) => {
    const found = await readBarcodes(pixels(picture), { formats: ZXING, tryHarder: true });
    return found.map((code) => code.text);
  };
}

let reader;

/** What the barcodes in a video or a photo say. */
export async function texts(picture) {
  const look = await (reader ??= native().then((found) => found ?? zxing()));
  const upright = picture instanceof Blob ? await createImageBitmap(picture) : picture;
  return look(upright);
}
