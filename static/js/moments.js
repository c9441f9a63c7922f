// Times as the house writes them: 24 hours, in the store's own zone, whatever this device thinks of either.
const page = document.documentElement;
const written = (parts) => new Intl.DateTimeFormat(page.lang.startsWith("zh") ? "zh-CN" : "en-GB", {
  ...parts, hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: page.dataset.zone,
});

/** 14:30 */
export const clock = written({});

/** 11月22日 14:30 · 22 Nov, 14:30 */
export const moment = written({ month: "short", day: "numeric" });
