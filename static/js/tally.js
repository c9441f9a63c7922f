// How much is on this device, in the words of the bar.
const bar = document.querySelector("[data-sync]");
export const words = JSON.parse(bar?.dataset.words ?? "{}");

export const counted = (word, count) => (words[word] ?? "").replace("{count}", count);

// What was refused of a colleague's does not go by itself: they have to look.
export function othersIn(ops) {
  const refused = ops.filter(({ state }) => state === "attention").length;
  return [["othersCount", "↑", ops.length - refused], ["othersNeeds", "!", refused]].filter(([, , count]) => count)
    .map(([word, sign, count]) => `${sign} ${counted(word, count)}`).join(" · ");
}
