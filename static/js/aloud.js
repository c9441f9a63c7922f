// Reads what stands on the page aloud, one thing after the other: on the road nobody looks at a screen.
const spoken = (place) => [...place.childNodes].filter((node) => !node.classList?.contains("unseen") && node.nodeName !== "SMALL")
  .map((node) => node.textContent.trim()).filter(Boolean).join(" ");

/** `data-aloud`: what to read; the button starts it and stops it. A device without a voice has no button. */
export function aloud(button) {
  const voice = globalThis.speechSynthesis;
  if (!voice) return;
  const words = button.querySelector("span");
  const start = words.textContent;
  const rest = () => {
    words.textContent = start;
    button.ariaPressed = "false";
    for (const place of document.querySelectorAll(".item.spoken")) place.classList.remove("spoken");
  };
  button.hidden = false;
  rest();
  document.documentElement.classList.add("aloud");
  button.addEventListener("click", () => {
    const speaking = button.ariaPressed === "true";
    voice.cancel();
    if (speaking) return rest();
    const places = [...document.querySelectorAll(button.dataset.aloud)];
    words.textContent = button.dataset.stop;
    button.ariaPressed = "true";
    for (const [number, place] of places.entries()) {
      const said = new SpeechSynthesisUtterance(spoken(place));
      said.lang = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-GB";
      said.onstart = () => {
        for (const one of places) one.closest(".item").classList.toggle("spoken", one === place);
        place.scrollIntoView({ block: "center" });
      };
      if (number === places.length - 1) said.onend = rest;
      voice.speak(said);
    }
    return undefined;
  });
  addEventListener("pagehide", () => voice.cancel());
}
