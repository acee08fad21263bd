// Files: told at once whether they may be sent, dropped or chosen, sent one by one with their progress. Works without.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const MB = 1024 * 1024;
  const size = (bytes) => (bytes < MB ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / MB).toLocaleString("sv-SE", { maximumFractionDigits: 1 })} MB`);

  const wrong = (input, file) => {
    const kinds = (input.accept || "").split(",").filter(Boolean), most = Number(input.dataset.most);
    if (kinds.length && !kinds.some((kind) => file.name.toLowerCase().endsWith(kind))) return "slaget kan inte bifogas.";
    if (most && file.size > most) return `filen är större än ${most / MB} MB.`;
    return file.size ? "" : "filen är tom.";
  };
  const item = (text, state = "") => {
    const it = document.createElement("li");
    it.textContent = text;
    it.dataset.state = state;
    return it;
  };

  // A form that is sent whole: what was chosen is listed under the field.
  all("input[type=file]").forEach((input) => {
    if (input.closest("[data-attach]")) return;
    const list = document.createElement("ul");
    const told = document.createElement("div");
    list.className = "fp-chosen fp-sending";
    told.setAttribute("role", "status");
    told.append(list);
    input.closest(".fp-upload, .ds-field").after(told);
    input.addEventListener("change", () => {
      list.replaceChildren(...[...input.files].map((file) => {
        const why = wrong(input, file);
        return item(why ? `${file.name}: ${why} Välj en annan.` : `${file.name}, ${size(file.size)}`, why && "failed");
      }));
    });
  });

  // Attachments of a draft: sent as soon as they are chosen.
  const form = one("form[data-attach]"), shown = one("[data-attached]");
  if (shown) {
    let turns = 0;
    const look = async () => {
      try {
        const json = await (await fetch(location.pathname, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } })).json();
        if (json.html) show(json);
      } catch { /* asked again when something is sent */ }
    };
    const show = (json) => {
      if (!shown.contains(document.activeElement) || !json.waiting) shown.innerHTML = json.html;
      turns += 1;
      if (json.waiting && turns < 40) setTimeout(look, 3000);
    };
    if (one("[data-state=waiting]", shown)) setTimeout(look, 2000);
    if (!form) return;

    const input = one("input[type=file]", form), list = one(".fp-sending", form), submit = one("[type=submit]", form);
    submit.closest("p").hidden = true;

    const post = (file, bar) => new Promise((done) => {
      const request = new XMLHttpRequest(), body = new FormData();
      body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.append(input.name, file);
      request.open("POST", location.pathname);
      request.setRequestHeader("X-Requested-With", "fetch");
      request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
      request.onloadend = () => {
        let json = {};
        try { json = JSON.parse(request.responseText); } catch { /* no answer of ours */ }
        done({ status: request.status, json });
      };
      request.send(body);
    });
    const send = async (file) => {
      const why = wrong(input, file);
      if (why) { list.append(item(`${file.name}: ${why}`, "failed")); return; }
      const line = item(`${file.name}, ${size(file.size)}: skickas …`, "sending"), bar = document.createElement("progress");
      bar.max = 1;
      bar.setAttribute("aria-label", file.name);
      line.append(bar);
      list.append(line);
      let { status, json } = await post(file, bar);
      if ((status === 401 || status === 403) && window.fpSession && await window.fpSession.enter()) ({ status, json } = await post(file, bar));
      bar.remove();
      if (json.html) { turns = 0; show(json); }
      if (status === 200) { line.remove(); list.append(item(`${file.name} är bifogad.`, "sent")); return; }
      line.dataset.state = "failed";
      const reason = json.reasons?.join(" ") || json.message || (status ? "servern kunde inte ta emot den." : "ingen kontakt med servern.");
      line.textContent = reason.includes(file.name) ? reason : `${file.name}: ${reason} Välj filen igen.`;
    };
    const take = async (files) => {
      list.replaceChildren();
      for (const file of files) await send(file);
      input.value = "";
    };
    input.addEventListener("change", () => take([...input.files]));
    form.classList.add("fp-drop");
    ["dragenter", "dragover"].forEach((what) => form.addEventListener(what, (event) => { event.preventDefault(); form.classList.add("is-over"); }));
    ["dragleave", "drop"].forEach((what) => form.addEventListener(what, (event) => { event.preventDefault(); form.classList.remove("is-over"); }));
    form.addEventListener("drop", (event) => take([...event.dataTransfer.files]));
  }
})();
