// The queue works without this.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // How many are ticked, beside the choice of them; ticking the first box of a page is one click.
  const count = () => {
    const line = document.querySelector("[data-picked]");
    if (!line) return;
    line.dataset.words ||= line.textContent;
    const n = all("input[name=arende]:checked").length;
    line.textContent = n ? `${line.dataset.words} (${n})` : line.dataset.words;
  };
  const tickAll = () => {
    const head = document.querySelector("thead .fp-pick");
    if (!head || head.querySelector("input")) return;
    const box = document.createElement("input");
    box.type = "checkbox";
    box.setAttribute("aria-label", "Markera alla på sidan");
    box.addEventListener("change", () => {
      all("input[name=arende]").forEach((it) => { it.checked = box.checked; });
      count();
    });
    head.replaceChildren(box);
  };
  document.addEventListener("change", (event) => { if (event.target.name === "arende") count(); });

  // Leaving the search field asks nothing new: what was typed has been asked for.
  document.addEventListener("change", (event) => {
    if (event.target.id === "filter_q") event.stopImmediatePropagation();
  }, true);

  // A heading's button stands outside the form: what it sorts by goes along in a field of the form's.
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.target.id !== "filter" || button?.name !== "sort") return;
    let field = event.target.querySelector("input[name=sort]");
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = "sort";
      event.target.append(field);
    }
    field.value = button.value;
  }, true);

  // An answer that is no list (one has been logged out) is shown as the page it is.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const wanted = event.detail.target?.id;
    if (!wanted || event.detail.xhr.responseText.includes(`id="${wanted}"`)) return;
    event.detail.shouldSwap = false;
    location.reload();
  });
  document.addEventListener("htmx:afterSettle", () => { tickAll(); count(); });
  tickAll();
  count();
})();
