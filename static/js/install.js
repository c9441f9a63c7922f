// The page that tells how Huanche gets onto the home screen: a button where the browser installs by itself.
import { attach } from "./attach.js";

const ASKED_FOR = "beforeinstallprompt";
const standing = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

attach("[data-install]", (place) => {
  const find = (mark) => place.querySelector(`[data-install-${mark}]`);
  const [button, done, insecure] = ["now", "done", "insecure"].map(find);
  const show = (installed) => {
    done.hidden = !installed;
    if (installed) button.hidden = true;
  };
  insecure.hidden = isSecureContext;
  show(standing);

  let offer;
  addEventListener(ASKED_FOR, (event) => {
    event.preventDefault(); // the offer is made by our button, not by a bar of the browser's
    offer = event;
    button.hidden = standing;
  });
  button.addEventListener("click", async () => {
    button.hidden = true; // an offer is good for one answer
    await offer.prompt();
  });
  addEventListener("appinstalled", () => {
    show(true);
    navigator.storage?.persist?.(); // what waits here shall not make room for anything else
  });
});
