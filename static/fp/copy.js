// Kopierar en text eller en tabell till urklipp. Utan skript, eller utan urklipp, markerar man den som vanligt.
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const from = document.getElementById(button.dataset.copy);
    const told = document.querySelector("[data-copied]");
    if (!from) return;
    const rows = () => [...from.rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim()).join("\t"));
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(from.rows ? rows().join("\n") : from.innerText);
        told.textContent = "Kopierat.";
      } catch {
        getSelection().selectAllChildren(from);
        told.textContent = "Markerat. Kopiera med Ctrl+C.";
      }
    });
  });
})();
