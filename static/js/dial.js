// One tap dials and writes down that it was begun; whether a customer may be called is looked at here again, on the
// store's clock: a page may have lain on the device for hours.
const LOOK = 30_000;

/** `data-dials`: the link leads to the telephone by itself, and its form is kept. */
export const dials = (link) => link.addEventListener("click", () => link.closest("form").requestSubmit());

/** `data-hours`: the hours of one customer; outside of them there is no link, and why not is told. */
export function hours(place) {
  const { opens, closes, weekdays, zone } = place.dataset;
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", weekday: "short", hourCycle: "h23" });
  const look = () => {
    const now = Object.fromEntries(clock.formatToParts(new Date()).map(({ type, value }) => [type, value]));
    const minute = Number(now.hour) * 60 + Number(now.minute);
    const day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(now.weekday);
    const open = weekdays.includes(String(day)) && Number(opens) <= minute && minute < Number(closes);
    place.querySelector("[data-callable]").hidden = !open;
    place.querySelector("[data-closed]").hidden = open;
    if (place.isConnected) setTimeout(look, LOOK);
  };
  look();
}
