// A button says what it will do: its words follow the choice that stands above. Without script it says "Spara".
(() => {
  for (const words of document.querySelectorAll("[data-follows]")) {
    const form = words.closest("form");
    if (!form) continue;
    const neutral = words.textContent;
    const tell = () => {
      const chosen = form.querySelector(`[name="${words.dataset.follows}"]:checked`);
      words.textContent = (chosen && words.dataset[chosen.value]) || neutral;
    };
    form.addEventListener("change", tell);
    tell();
  }
})();
