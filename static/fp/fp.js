// Pages work without this.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const number = (n) => n.toLocaleString("sv-SE");

  const aimed = document.getElementById(location.hash.slice(1));
  const told = aimed?.form ? aimed : one(".fp-errors, [data-focus]");
  if (told) told.focus();
  // Forgotten once it is aimed at: a form sends its page's address along, and the answer's own faults come first.
  if (aimed?.form) history.replaceState(history.state, "", location.pathname + location.search);

  // On a phone the parts scroll sideways: the open one is in view.
  all(".fp-tabs [aria-current]").forEach((tab) => {
    const list = tab.closest(".fp-tabs");
    list.scrollLeft = tab.offsetLeft - list.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
  });

  // Characters left, said when typing pauses.
  let pause;
  const count = (area) => {
    const line = document.getElementById(`${area.id}_counter`);
    const most = Number(area.dataset.max);
    if (!line) return;
    const left = most - area.value.replace(/\r\n/g, "\n").length;
    line.textContent = left < 0 ? `${number(-left)} tecken för mycket` : `${number(left)} tecken kvar av ${number(most)}`;
    line.toggleAttribute("data-over", left < 0);
    clearTimeout(pause);
    pause = setTimeout(() => line.setAttribute("role", "status"), 1000);
  };
  all("textarea[data-max]").forEach((area) => { if (area.value) count(area); });
  document.addEventListener("input", ({ target }) => { if (target.matches("textarea[data-max]")) count(target); });

  // A form is sent once; long ones warn before they are left. Drafts see to themselves (draft.js).
  all("form[method=post]").forEach((form) => {
    if (!one("textarea, input:not([type=hidden])", form) || form.closest("header, dialog") || "draft" in form.dataset) return;
    let dirty = false;
    form.addEventListener("input", () => { dirty = true; });
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      dirty = false;
      form.dataset.sent = "1";
      const button = event.submitter;
      button?.setAttribute("aria-disabled", "true");
      const open = () => { delete form.dataset.sent; button?.removeAttribute("aria-disabled"); };
      setTimeout(open, 4000);
      addEventListener("pageshow", (shown) => { if (shown.persisted) open(); }, { once: true });
    });
    if (one("textarea", form)) addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  });

  all("dialog [data-close]").forEach((button) => button.addEventListener("click", () => button.closest("dialog").close()));
})();
