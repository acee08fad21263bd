// Keeps an assessment that is being written, by itself, a few seconds after the last key. Without script: "Spara utkast".
(() => {
  const state = document.querySelector("[data-draft-state]");
  const form = state && state.closest("form");
  if (!form) return;
  const failed = "Utkastet kunde inte sparas. Texten finns kvar på sidan; försök med Spara utkast.";
  let timer = 0;
  let busy = Promise.resolve();
  const save = async () => {
    const body = new FormData(form);
    body.append("_draft", "auto");
    try {
      const answer = await fetch(form.action || location.href, { method: "POST", body });
      if (!answer.ok || !(answer.headers.get("content-type") || "").includes("json")) throw new Error(answer.status);
      state.textContent = `${(await answer.json()).saved}. Bara du ser det.`;
    } catch {
      state.textContent = failed;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => { busy = busy.then(save); }, 2000);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
})();
