// A quick hand: taps one answer after the other, each only once the screen says how the one before it fares.
async ({ taps, patience, pause = 0 }) => {
  const channel = new BroadcastChannel("outbox");
  const soon = (ms) => new Promise((done) => setTimeout(done, ms));

  // The mark that the page sets at an item when something there was written down, or could not be.
  function acknowledged(item) {
    return new Promise((done) => {
      let stored = false;
      const look = () => {
        const mark = item.querySelector(":scope > .mark");
        if (mark?.classList.contains("bad")) finish("refused");
        else if (mark && stored) finish("kept");
      };
      const watch = new MutationObserver(look);
      const heard = ({ data }) => { if (data.kind === "stored" && data.path.includes(item.id.slice(5))) { stored = true; look(); } };
      const failed = () => soon(0).then(() => finish("refused"));
      const timer = setTimeout(() => finish("silent"), patience);
      function finish(word) {
        clearTimeout(timer);
        watch.disconnect();
        channel.removeEventListener("message", heard);
        item.removeEventListener("outbox:not-stored", failed);
        done(word);
      }
      channel.addEventListener("message", heard);
      item.addEventListener("outbox:not-stored", failed);
      watch.observe(item, { childList: true });
    });
  }

  const done = [];
  for (const { item: id, value } of taps) {
    const item = document.getElementById(`item-${id}`);
    const radio = item?.querySelector(`input[name=answer][value=${value}]`);
    if (!radio || radio.checked) { done.push({ item: id, value, state: radio ? "same" : "missing", ms: 0 }); continue; }
    const answer = acknowledged(item);
    const began = performance.now();
    radio.click();
    const state = await answer;
    done.push({ item: id, value, state, ms: performance.now() - began });
    if (pause) await soon(pause);
  }
  channel.close();
  return done;
}
