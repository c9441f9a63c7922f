// A customer's own page: no worker, no outbox, nothing kept on their telephone.
import { attach } from "./attach.js";

attach("[data-ink]", async (form) => (await import("./ink.js")).ink(form));
attach("[data-sum]", async (form) => (await import("./chosen.js")).sum(form));
attach("[data-focus]", (element) => element.focus());
