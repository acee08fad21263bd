// The long form of an act keeps what is typed in this browser until the act is done; it is offered back on return.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const SENT = "fp-act-sent";
  const user = document.getElementById("logga-in-har")?.dataset.user;
  const form = document.querySelector("main form.fp-form input[name='_seen']")?.form;

  // An act that was sent is done when another page comes after it; its own page again, or a login, says that it is not.
  try {
    const sent = JSON.parse(sessionStorage.getItem(SENT));
    if (user && sent && sent.path !== location.pathname) localStorage.removeItem(sent.key);
    if (user) sessionStorage.removeItem(SENT);
  } catch { /* a browser that keeps nothing */ }
  if (!user || !form?.querySelector("textarea") || "draft" in form.dataset || form.querySelector("[data-draft-state]")) return;

  const key = `fp-draft:${user}:${location.pathname}`;
  const mine = () => all("input, select, textarea", form).filter((it) => it.name && !it.name.startsWith("_")
    && it.name !== "csrfmiddlewaretoken" && !["hidden", "password", "file", "submit"].includes(it.type));
  const pairs = () => mine().flatMap((it) => {
    if (["checkbox", "radio"].includes(it.type)) return it.checked ? [[it.name, it.value]] : [];
    if (it.tagName === "SELECT") return [...it.selectedOptions].map((option) => [it.name, option.value]);
    return [[it.name, it.value]];
  });
  const put = (kept) => {
    all("[data-rows]", form).forEach((table) => {
      const start = `${table.dataset.rows}-`;
      const numbers = kept.filter(([name]) => name.startsWith(start)).map(([name]) => Number(name.slice(start.length).split("-")[0]));
      window.fpRows?.set(table, Math.max(-1, ...numbers.filter(Number.isFinite)) + 1);
    });
    mine().forEach((it) => {
      const values = kept.filter(([name]) => name === it.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(it.type)) it.checked = values.includes(it.value);
      else if (it.multiple) [...it.options].forEach((option) => { option.selected = values.includes(option.value); });
      else if (values.length) [it.value] = values;
      it.dispatchEvent(new Event("change", { bubbles: true }));
    });
  };
  const drop = () => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } };
  const store = () => {
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), pairs: pairs() })); } catch { /* full or closed */ }
  };

  const offer = (kept) => {
    const box = document.createElement("div");
    box.className = "ds-alert fp-alert fp-kept";
    box.dataset.color = "info";
    box.setAttribute("role", "status");
    const said = document.createElement("p");
    const clock = new Date(kept.at).toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
    said.textContent = `Du började skriva här kl. ${clock} men skickade inte. Det du skrev finns kvar i den här webbläsaren.`;
    const actions = document.createElement("div");
    actions.className = "fp-actions";
    [["Ta tillbaka det", () => { put(kept.pairs); store(); }], ["Ta bort det", drop]].forEach(([words, does]) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "ds-button", textContent: words });
      button.dataset.variant = "secondary";
      button.addEventListener("click", () => {
        does();
        box.remove();
        mine()[0]?.focus();
      });
      actions.append(button);
    });
    box.append(said, actions);
    form.before(box);
  };

  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(key)); } catch { /* not ours */ }
  if (kept?.pairs && JSON.stringify(kept.pairs) !== JSON.stringify(pairs())) offer(kept);
  form.addEventListener("input", store);
  form.addEventListener("submit", () => {
    try { sessionStorage.setItem(SENT, JSON.stringify({ key, path: location.pathname })); } catch { /* kept until tomorrow */ }
  });
})();
