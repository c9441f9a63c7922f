// Identities are made on the device, so that what is new can be spoken of before the house has heard of it.
function written(bytes, kind) {
  bytes[6] = (bytes[6] & 0x0f) | (kind << 4);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Plain http on the shop's network is no secure context: crypto.randomUUID is missing there.
const random = () => crypto.getRandomValues(new Uint8Array(16));

/** A key for one deed: a random UUID. */
export const fresh = () => written(random(), 4);

/** An identity for something new: a UUIDv7, in the order of its making. */
export function born() {
  const bytes = random();
  let at = Date.now();
  for (let place = 5; place >= 0; place--, at = Math.floor(at / 256)) bytes[place] = at % 256;
  return written(bytes, 7);
}

export const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
