// One entry: each module is one behaviour, fetched for the pages that carry its mark and silent elsewhere.
import { attach } from "./attach.js";
import "./keys.js";
import "./keepsake.js";

const BEHAVIOURS = {
  "form[data-keep]": () => import("./taps.js"),
  "[data-note]": () => import("./notes.js"),
  "form[data-photo]": () => import("./photo.js"),
  "[data-vin]": () => import("./vin.js"),
  "[data-scan]": () => import("./scan.js"),
};

for (const [mark, load] of Object.entries(BEHAVIOURS)) attach(mark, () => load());
attach("[data-ink]", async (form) => (await import("./ink.js")).ink(form));
attach("[data-focus]", (element) => element.focus());
