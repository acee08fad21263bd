/* The server's clock, kept going from what the server said when it answered. Without script the time of the answer stands. */
(() => {
  "use strict";
  const clock = document.querySelector("[data-clock]");
  if (!clock) return;
  const ahead = new Date(clock.dateTime).getTime() - Date.now();
  const say = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Europe/Stockholm", day: "numeric", month: "long", year: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  const part = (parts, name) => parts.find((it) => it.type === name).value;
  const show = () => {
    const parts = say.formatToParts(new Date(Date.now() + ahead));
    const [d, m, y] = ["day", "month", "year"].map((name) => part(parts, name));
    const time = ["hour", "minute", "second"].map((name) => part(parts, name)).join(".");
    clock.textContent = `${d}\u00a0${m} ${y} kl.\u00a0${time}`;
  };
  show();
  setInterval(show, 1000);
})();
