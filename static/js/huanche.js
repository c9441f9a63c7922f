// One entry: each module is one behaviour, fetched for the pages that carry its mark and silent elsewhere.
import { attach } from "./attach.js";
import "./keys.js";
import "./hold.js";
import "./drafts.js";
import "./keep.js";
import "./overlay.js";
import "./marks.js";
import "./worker.js";

const BEHAVIOURS = {
  'form[action="/sign-out"]': () => import("./leave.js"),
  "[data-all-good]": () => import("./all_good.js"),
  "[data-note]": () => import("./notes.js"),
  "form[data-photo]": () => import("./photo.js"),
  "[data-vin]": () => import("./vin.js"),
  "[data-scan]": () => import("./scan.js"),
  "[data-push]": () => import("./push.js"),
  "[data-update]": () => import("./update.js"),
  "meta[name=person]": () => import("./report.js"),
};

for (const [mark, load] of Object.entries(BEHAVIOURS)) attach(mark, () => load());
attach("[data-ink]", async (form) => (await import("./ink.js")).ink(form));
attach("[data-take]", async (button) => (await import("./aboard.js")).takeButton(button));
attach("[data-aboard]", async (root) => (await import("./aboard.js")).aboardPage(root));
attach("[data-outbox]", async (root) => (await import("./outbox_page.js")).outboxPage(root));
attach("[data-elapsed]", async (place) => (await import("./elapsed.js")).tick(place));
attach("[data-narrow]", async (select) => (await import("./narrow.js")).narrow(select));
attach("[data-unsent-visits]", async (root) => (await import("./unsent.js")).unsent(root));
attach("[data-aloud]", async (button) => (await import("./aloud.js")).aloud(button));
attach("[data-board]", async (board) => (await import("./board.js")).liveBoard(board));
attach("[data-clock]", async () => (await import("./clock.js")).clock());
attach("[data-encloses]", async (form) => (await import("./enclose.js")).encloses(form));
attach("[data-drawing]", async () => (await import("./damage.js")).drawing());
attach("form[data-place]", async (form) => (await import("./place.js")).place(form));
attach("[data-hour]", async (chip) => (await import("./hour.js")).hour(chip));
attach("[data-dials]", async (link) => (await import("./dial.js")).dials(link));
attach("[data-hours]", async (place) => (await import("./dial.js")).hours(place));
attach("[data-copy]", async (place) => (await import("./copy.js")).copy(place));
attach("form[data-near]", async (form) => (await import("./near.js")).nearTheHouse(form));
attach("form[role=search]", async (form) => (await import("./near.js")).searching(form));
attach("[data-kept-here]", async (place) => (await import("./near.js")).keptHere(place));
attach("[data-waiting]", async (place) => (await import("./waiting.js")).waiting(place));
attach("[data-another-day]", async (place) => (await import("./another_day.js")).anotherDay(place));
attach("[data-focus]", (element) => element.focus());
attach("[data-back]", (link) => link.addEventListener("click", (event) => { event.preventDefault(); history.back(); }));
