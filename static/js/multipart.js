// A form with files as bytes, written by hand: WebKit cannot read back the body that it makes of one itself.
import { fresh } from "./identity.js";

const encoder = new TextEncoder();
const quoted = (name) => name.replaceAll("\r\n", "%0D%0A").replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");

async function part(boundary, name, value) {
  const isFile = value instanceof File;
  const named = isFile ? `; filename="${quoted(value.name)}"\r\nContent-Type: ${value.type || "application/octet-stream"}` : "";
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"${named}\r\n\r\n`;
  const content = isFile ? new Uint8Array(await value.arrayBuffer()) : encoder.encode(value.replace(/\r?\n|\r/g, "\r\n"));
  return [encoder.encode(head), content, encoder.encode("\r\n")];
}

/** The bytes of a form and the content type that tells how to read them. */
export async function multipart(body) {
  const boundary = `huanche-${fresh()}`;
  const parts = await Promise.all([...body].map(([name, value]) => part(boundary, name, value)));
  const all = [...parts.flat(), encoder.encode(`--${boundary}--\r\n`)];
  const bytes = new Uint8Array(all.reduce((size, one) => size + one.byteLength, 0));
  all.reduce((place, one) => (bytes.set(one, place), place + one.byteLength), 0);
  return { type: `multipart/form-data; boundary=${boundary}`, bytes: bytes.buffer };
}
