// One entry: each module is one behaviour, attached by data-* and silent where its mark is absent.
import { attach } from "./attach.js";
import "./keys.js";
import "./taps.js";
import "./notes.js";
import "./photo.js";
import "./vin.js";
import "./scan.js";
import "./keepsake.js";
import { ink } from "./ink.js";

attach("[data-ink]", ink);
attach("[data-focus]", (element) => element.focus());
