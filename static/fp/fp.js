// Pages work without this.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const number = (n) => n.toLocaleString("sv-SE");
  const clock = () => new Date().toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");

  const aimed = document.getElementById(location.hash.slice(1));
  const told = aimed?.form ? aimed : one(".fp-errors, [data-focus]");
  if (told) told.focus();

  // Characters left, said when typing pauses.
  all("textarea[data-max]").forEach((area) => {
    const line = document.getElementById(`${area.id}_counter`);
    const most = Number(area.dataset.max);
    let pause;
    const show = () => {
      const left = most - area.value.replace(/\r\n/g, "\n").length;
      line.textContent = left < 0 ? `${number(-left)} tecken för mycket` : `${number(left)} tecken kvar av ${number(most)}`;
      line.toggleAttribute("data-over", left < 0);
      clearTimeout(pause);
      pause = setTimeout(() => line.setAttribute("role", "status"), 1000);
    };
    if (!line) return;
    if (area.value) show();
    area.addEventListener("input", show);
  });

  all("input[type=file]").forEach((input) => {
    const list = document.createElement("ul");
    list.className = "fp-chosen";
    list.setAttribute("role", "status");
    input.closest(".fp-upload, .ds-field").after(list);
    input.addEventListener("change", () => {
      list.replaceChildren(...[...input.files].map((file) => {
        const item = document.createElement("li");
        item.textContent = `${file.name}, ${number(Math.max(1, Math.round(file.size / 1000)))} kB`;
        return item;
      }));
    });
  });

  // Drafts save themselves; long forms warn before they are left.
  const token = (form) => one("[name=csrfmiddlewaretoken]", form)?.value || "";
  all("form[method=post]").forEach((form) => {
    if (!one("textarea, input:not([type=hidden])", form) || form.closest("header, dialog")) return;
    const auto = form.dataset.autosave;
    const line = one(".fp-autosave", form);
    let dirty = false, pause, busy = false, again = false;
    const say = (text, state = "") => {
      if (!line) return;
      line.textContent = text;
      line.dataset.state = state;
    };
    const save = async () => {
      if (busy) { again = true; return; }
      busy = true; again = false; dirty = false;
      say("Sparar …");
      const data = new FormData(form);
      all("input[type=file]", form).forEach((input) => data.delete(input.name));
      try {
        const answer = await fetch(auto, {
          method: "POST", body: data, credentials: "same-origin",
          headers: { "X-Requested-With": "fetch", "X-CSRFToken": token(form), Accept: "application/json" },
        });
        const json = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
        if (!answer.ok || answer.redirected) throw new Error(json.message || `servern svarade ${answer.status}.`);
        const seen = one("[name=_version]", form);
        if (seen && json.version) seen.value = json.version;
        say(`Sparat kl. ${clock()}`);
      } catch (error) {
        dirty = true;
        say(`Kunde inte spara: ${error instanceof TypeError ? "ingen kontakt med servern." : error.message}`, "failed");
      }
      busy = false;
      if (again) save();
    };
    form.addEventListener("input", () => {
      dirty = true;
      if (!auto) return;
      clearTimeout(pause);
      pause = setTimeout(save, 1500);
    });
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      clearTimeout(pause);
      dirty = false;
      form.dataset.sent = "1";
      setTimeout(() => delete form.dataset.sent, 4000);
    });
    if (auto || one("textarea", form)) {
      addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
    }
  });

  all("dialog [data-close]").forEach((button) => button.addEventListener("click", () => button.closest("dialog").close()));

  // A warning five minutes before the session ends.
  const url = document.body.dataset.sessionUrl, dialog = document.getElementById("session");
  if (url && dialog?.showModal) {
    const line = one(".fp-session__left", dialog), form = one("[data-extend]", dialog);
    let ends, timer;
    const watch = (left) => {
      clearTimeout(timer);
      ends = Date.now() + left * 1000;
      timer = setTimeout(check, Math.min(Math.max(left - 300, 0) * 1000, 2 ** 31 - 1));
    };
    const tick = () => {
      const left = Math.round((ends - Date.now()) / 1000);
      if (!dialog.open) return;
      const minutes = Math.ceil(left / 60);
      line.textContent = left <= 0 ? "Du är utloggad. Skicka formuläret: då får du logga in, och texten finns kvar."
        : minutes === 1 ? "Mindre än en minut återstår." : `${minutes} minuter återstår.`;
      if (left > 0) timer = setTimeout(tick, Math.min(left, 30) * 1000);
      else form.hidden = true;
    };
    const check = async () => {
      let left = (ends - Date.now()) / 1000;
      try { left = (await (await fetch(url, { credentials: "same-origin" })).json()).left; } catch { /* kept */ }
      if (left > 300) { watch(left); return; }
      ends = Date.now() + left * 1000;
      dialog.showModal();
      tick();
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const answer = await fetch(url, { method: "POST", body: new FormData(form), credentials: "same-origin" });
        if (!answer.ok) throw new Error();
        watch((await answer.json()).left);
        dialog.close();
      } catch { line.textContent = "Det gick inte. Försök igen."; }
    });
    watch(Number(document.body.dataset.session));
  }
})();
