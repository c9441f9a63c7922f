// What is shown for a page while there is no network: its copy, the blank of something made here, or a word of comfort.
import { list } from "./outbox.js";
import { copyOf, keptAt } from "./pages.js";
import { recall } from "./store.js";

const NOBODY = "00000000-0000-0000-0000-000000000000"; // stands in blank pages for what is born on this device

const html = (text, status = 200) => new Response(text, { status, headers: { "Content-Type": "text/html; charset=utf-8" } });

/** A file that every page needs, from this version's shelf. */
export async function fromShell(build, path) {
  return (await caches.open(`shell-${build}`)).match(path, { ignoreVary: true });
}

const dated = async (copy) => html((await copy.text()).replace("<head>", `<head>\n<meta name="as-of" content="${keptAt(copy)}">`));

/** A copy as a page: dated, under the policy it came with. */
export async function withPolicy(copy) {
  if (copy.status === 302) return Response.redirect(copy.headers.get("Location"), 302);
  if (!copy.headers.get("Content-Type")?.startsWith("text/html")) return copy;
  const page = await dated(copy.clone());
  page.headers.set("Content-Security-Policy", copy.headers.get("Content-Security-Policy"));
  return page;
}

// A page about something made here and not yet sent: its blank, with the new identity written in.
async function ofTheUnborn(address) {
  const op = (await list()).find(({ born }) => born && address.includes(born));
  const blank = op && await copyOf(address.replaceAll(op.born, NOBODY));
  if (!blank) return null;
  const text = (await blank.clone().text()).replaceAll(NOBODY, op.born);
  return withPolicy(new Response(text, { headers: blank.headers }));
}

const comfort = async (build) => fromShell(build, `/offline?language=${(await recall("language")) ?? "zh"}`);

/** The best there is for an address; it never fails. */
export async function without(address, build) {
  const copy = await copyOf(address);
  return copy ? withPolicy(copy) : (await ofTheUnborn(address)) ?? (await comfort(build)) ?? Response.error();
}

/** What is said instead of a page: of a `form` that only works with the house, of the `language`, of `leaving`. */
export async function comfortOf(part, build) {
  const page = await comfort(build);
  if (!page) return Response.error();
  const ops = await list().catch(() => []);
  const needing = ops.filter(({ state }) => state === "attention").length;
  const waiting = ops.length - needing;
  const shown = (text, name) => text.replace(`hidden data-of-${name}`, `data-of-${name}`);
  const text = shown((await page.text()).replace("data-of-page", "hidden"), part).replace("{count}", waiting).replace("{needing}", needing);
  const told = waiting ? shown(text, "waiting") : text;
  return html(needing ? shown(told, "needing") : told);
}
