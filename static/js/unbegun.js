// Work that was taken along and has yet to begin, which needs the house: said before its person leaves.

/** `loads` are what is on board; `takes` makes a button that begins and takes along. What has been begun is on board by itself. */
export function tellUnbegun(root, loads, takes) {
  const place = root.querySelector("[data-unbegun]");
  const left = loads.flatMap((load) => load.unbegun ?? []).filter(({ address }) => !loads.some((one) => one.address === address));
  place.hidden = !left.length;
  place.querySelector("ul").replaceChildren(...left.map(({ title, address }) => {
    const item = root.querySelector("[data-unbegun-row]").content.cloneNode(true).querySelector("li");
    Object.assign(item.querySelector("a"), { href: address, textContent: title });
    item.querySelector("button").dataset.take = `${address}/aboard`;
    takes(item.querySelector("button"));
    return item;
  }));
}
