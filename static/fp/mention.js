// @ i en anteckning föreslår dem som får läsa den; de står redan på sidan som rutor att kryssa i.
(() => {
  "use strict";
  document.querySelectorAll("[data-mention]").forEach((root) => {
    const area = root.querySelector("textarea");
    const boxes = [...root.querySelectorAll("input[type=checkbox][name=mentions]")];
    if (!area || !boxes.length) return;
    const people = boxes.map((box) => ({ box, name: box.closest("label, .ds-field")?.textContent.trim() || "" }));
    const list = document.createElement("ul");
    list.className = "fp-mention";
    list.id = "namn";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Nämn");
    area.after(list);
    area.setAttribute("aria-controls", list.id);
    let found = [], at = 0;
    const typed = () => /@([\p{L}\- ]{0,40})$/u.exec(area.value.slice(0, area.selectionStart));
    const close = () => { list.hidden = true; area.removeAttribute("aria-activedescendant"); };
    const choose = (person) => {
      const match = typed();
      if (!match) return;
      area.setRangeText(`@${person.name} `, area.selectionStart - match[0].length, area.selectionStart, "end");
      person.box.checked = true;
      close();
      area.focus();
    };
    const draw = () => {
      list.replaceChildren(...found.map((person, index) => {
        const item = document.createElement("li");
        item.id = `namn-${index}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(index === at));
        item.textContent = person.name;
        item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(person); });
        return item;
      }));
      list.hidden = !found.length;
      if (found.length) area.setAttribute("aria-activedescendant", `namn-${at}`);
      else close();
    };
    area.addEventListener("input", () => {
      const match = typed();
      const word = match?.[1].toLowerCase();
      found = match ? people.filter((it) => it.name.toLowerCase().includes(word)).slice(0, 8) : [];
      at = 0;
      draw();
    });
    area.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
        draw();
      } else if (event.key === "Enter" || event.key === "Tab") choose(found[at]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    area.addEventListener("blur", close);
  });
})();
