// Rows of inputs without a page reload: add, remove, undo, move, running sums, and "Inte aktuellt". Pages work without it.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const CONTROL = "input:not([type=hidden]), select, textarea";
  const rowsOf = (box) => all("tbody > tr", box);

  const renumber = (box) => {
    const name = box.dataset.rows, rows = rowsOf(box);
    const old = new RegExp(`${name}-(\\d+|__n__)(-|$)`, "g");
    rows.forEach((row, index) => {
      all("*", row).forEach((it) => [...it.attributes].forEach((has) => {
        if (has.value.includes(`${name}-`)) has.value = has.value.replace(old, `${name}-${index}$2`);
      }));
      all("[data-n]", row).forEach((it) => { it.textContent = index + 1; });
      all("button[name=_rows]", row).forEach((button) => {
        const [, what] = button.value.split(":");
        button.value = `${name}:${what}:${index}`;
        if (what === "up") button.hidden = index === 0;
        if (what === "down") button.hidden = index === rows.length - 1;
      });
    });
    one("table", box).hidden = rows.length === 0;
  };

  const tell = (box, text, undo) => {
    const line = one(".fp-rows__told", box);
    line.replaceChildren(text);
    if (!undo) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ds-button";
    button.dataset.variant = "tertiary";
    button.textContent = "Ångra";
    button.addEventListener("click", undo, { once: true });
    line.append(" ", button);
  };

  const changed = (box) => box.dispatchEvent(new Event("input", { bubbles: true }));
  const enter = (row, box) => (row ? one(CONTROL, row) : one(".fp-rows__add", box)).focus();

  const acts = {
    add(box) {
      const row = one("template", box).content.firstElementChild.cloneNode(true);
      one("tbody", box).append(row);
      renumber(box);
      enter(row, box);
      tell(box, `Rad ${rowsOf(box).length} är tillagd.`);
    },
    remove(box, row) {
      const rows = rowsOf(box), index = rows.indexOf(row), next = rows[index + 1] || rows[index - 1];
      row.remove();
      renumber(box);
      enter(next, box);
      tell(box, `Rad ${index + 1} är borttagen.`, () => {
        one("tbody", box).insertBefore(row, rowsOf(box)[index] || null);
        renumber(box);
        enter(row, box);
        tell(box, `Rad ${index + 1} är tillbaka.`);
        changed(box);
      });
    },
    up: (box, row, button) => move(box, row, row.previousElementSibling, button),
    down: (box, row, button) => move(box, row, row.nextElementSibling?.nextElementSibling || null, button),
  };
  const move = (box, row, before, button) => {
    one("tbody", box).insertBefore(row, before);
    renumber(box);
    (button.hidden ? all("button[name=_rows]:not([hidden])", row)[0] : button).focus();
    tell(box, `Raden står nu som rad ${rowsOf(box).indexOf(row) + 1}.`);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rows] button[name=_rows]");
    if (!button) return;
    event.preventDefault();
    const box = button.closest("[data-rows]");
    acts[button.value.split(":")[1]](box, button.closest("tr"), button);
    changed(box);
  });

  // Sums.
  const figure = (typed) => {
    let text = typed.replace(/\s/g, "").replace("\u2212", "-");
    if (/^-?\d{1,3}(\.\d{3})+,\d+$/.test(text)) text = text.replaceAll(".", "");
    text = text.replace(",", ".");
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  };
  const words = (cell) => {
    const it = cell && one(CONTROL, cell);
    if (!it || !it.value) return "";
    return (it.tagName === "SELECT" ? it.selectedOptions[0].textContent : it.value).trim();
  };
  const sum = (box) => all("[data-total]", box).forEach((list) => {
    const groups = new Map();
    let whole = 0;
    rowsOf(box).forEach((row) => {
      const input = one(`[data-column="${list.dataset.total}"] input:not([type=checkbox])`, row);
      const amount = input && !input.disabled ? figure(input.value) : 0;
      const group = list.dataset.by ? words(one(`[data-column="${list.dataset.by}"]`, row)) : "";
      whole += amount;
      if (group) groups.set(group, (groups.get(group) || 0) + amount);
    });
    const unit = list.dataset.unit ? `\u00a0${list.dataset.unit}` : "";
    const last = one(".is-whole", list);
    const line = (group, amount, item = document.createElement("div")) => {
      if (!item.children.length) item.append(document.createElement("dt"), document.createElement("dd"));
      if (group) item.children[0].textContent = group;
      const exact = Math.round(amount * 100) / 100;
      item.children[1].textContent = exact.toLocaleString("sv-SE", { maximumFractionDigits: 2 }) + unit;
      return item;
    };
    const lines = [...groups].sort(([a], [b]) => a.localeCompare(b, "sv")).map(([group, amount]) => line(group, amount));
    list.replaceChildren(...lines, line("", whole, last));
  });

  // "Inte aktuellt" closes the field beside it.
  const close = (box) => {
    const input = document.getElementById(box.dataset.na);
    if (input && !(box.checked && input.value && !input.disabled && !box.dataset.met)) input.disabled = box.checked;
    box.dataset.met = "1";
  };
  const meet = (root) => all("[data-na]", root).forEach(close);
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-na]")) close(event.target);
    const box = event.target.closest("[data-rows]");
    if (box) sum(box);
  });
  meet(document);

  window.fpRows = {
    meet,
    /** Make a table have so many rows, before what was typed in them is put back. */
    set(box, count) {
      while (rowsOf(box).length < count) one("tbody", box).append(one("template", box).content.firstElementChild.cloneNode(true));
      while (rowsOf(box).length > count) rowsOf(box).pop().remove();
      renumber(box);
    },
    sum,
  };
})();
