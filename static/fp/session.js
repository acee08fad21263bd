// The session: a warning before it ends, and login in place when it has ended. Pages work without this.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const url = document.body.dataset.sessionUrl;
  const warning = document.getElementById("session"), login = document.getElementById("logga-in-har");

  // What was typed and not saved is cleared when one logs out or closes a remiss, and after half a day.
  const OURS = "fp-draft:";
  const forget = (old) => {
    try {
      Object.keys(localStorage).filter((key) => key.startsWith(OURS)).forEach((key) => {
        if (!old || Date.now() - (JSON.parse(localStorage.getItem(key)).at || 0) > 12 * 3600 * 1000) localStorage.removeItem(key);
      });
    } catch { /* a browser that keeps nothing */ }
  };
  forget(true);
  all("form[action='/logga-ut/'], form[data-forget]").forEach((form) => form.addEventListener("submit", () => forget(false)));

  if (!url || !warning?.showModal || !login) return;
  let ends, timer;

  const renew = (state) => {
    all("[name=csrfmiddlewaretoken]").forEach((input) => { input.value = state.csrf; });
    if (state.left > 0) watch(state.left);
    return state;
  };
  const ask = async () => renew(await (await fetch(url, { credentials: "same-origin" })).json());
  const same = (state) => String(state.user) === login.dataset.user;

  // The field that was being typed in gets its caret back: the focus alone does not let one write on.
  const back = (field, [start, end]) => {
    field.blur();
    field.focus();
    try { if (typeof start === "number") field.setSelectionRange(start, end); } catch { /* a field without a caret */ }
  };

  // Login in place: one dialog however many ask for it; answers whether the same person is logged in.
  let waiting = null;
  const enter = () => {
    waiting ||= (async () => {
      if (warning.open) warning.close();
      const state = await ask();
      if (state.left > 0) return same(state);
      const form = one("form", login), told = one("[role=alert]", login);
      told.textContent = "";
      form.elements.password.value = "";
      const field = document.activeElement, caret = [field.selectionStart, field.selectionEnd];
      login.showModal();
      form.elements.password.focus();
      return new Promise((done) => {
        const finish = (answer) => {
          form.onsubmit = null;
          login.onclose = null;
          login.close();
          back(field, caret);
          done(answer);
        };
        login.onclose = () => finish(false);
        form.onsubmit = async (event) => {
          event.preventDefault();
          const button = one("[type=submit]", form);
          button.setAttribute("aria-disabled", "true");
          try {
            const answer = await fetch(form.action, {
              method: "POST", body: new FormData(form), credentials: "same-origin", headers: { "X-Requested-With": "fetch" },
            });
            const json = await answer.json();
            if (answer.ok) { renew(json); finish(same(json)); } else told.textContent = json.message;
          } catch { told.textContent = "Ingen kontakt med servern. Försök igen."; }
          button.removeAttribute("aria-disabled");
          form.elements.password.value = "";
        };
      });
    })().finally(() => { waiting = null; });
    return waiting;
  };
  window.fpSession = { enter, ask };
  all("[data-close]", login).forEach((button) => button.addEventListener("click", () => login.close()));

  // A warning five minutes before the end.
  const line = one(".fp-session__left", warning), extend = one("[data-extend]", warning);
  const watch = (left) => {
    clearTimeout(timer);
    ends = Date.now() + left * 1000;
    timer = setTimeout(check, Math.min(Math.max(left - 300, 0) * 1000, 2 ** 31 - 1));
  };
  const tick = () => {
    const left = Math.round((ends - Date.now()) / 1000);
    if (!warning.open) return;
    if (left <= 0) { enter(); return; }
    const minutes = Math.ceil(left / 60);
    line.textContent = minutes === 1 ? "Mindre än en minut återstår." : `${minutes} minuter återstår.`;
    timer = setTimeout(tick, Math.min(left, 30) * 1000);
  };
  const check = async () => {
    let left = (ends - Date.now()) / 1000;
    try { left = (await (await fetch(url, { credentials: "same-origin" })).json()).left; } catch { /* the clock here is kept */ }
    if (left > 300) { watch(left); return; }
    ends = Date.now() + left * 1000;
    if (left <= 0) { enter(); return; }
    if (login.open) return;
    warning.showModal();
    tick();
  };
  extend.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(url, { method: "POST", body: new FormData(extend), credentials: "same-origin" });
      if (!answer.ok) throw new Error();
      watch((await answer.json()).left);
      warning.close();
    } catch { line.textContent = "Det gick inte. Försök igen."; }
  });
  watch(Number(document.body.dataset.session));
})();
