// Drafts save themselves, one field at a time. Without this they are saved by the button.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const form = one("form[data-draft]");
  if (!form) return;

  const PAUSE = 800, LONGEST = 60_000;
  const line = one(".fp-autosave", form);
  const writer = form.elements._writer.value;
  const units = all("[data-unit]", form).map((box) => ({ box, name: box.dataset.unit, dirty: false, turn: 0 }));
  const unitOf = (it) => units.find((unit) => unit.box === it.closest("[data-unit]"));
  const seenOf = (unit) => one(`[name="_seen-${unit.name}"]`, unit.box);
  let timer, failures = 0, sending = null, stopped = false, passed = false;

  const say = (text, state) => {
    line.textContent = text;
    line.dataset.state = state;
  };
  const note = (unit, text = "") => {
    const state = one(".fp-unit__state", unit.box);
    state.textContent = text;
    state.hidden = !text;
  };

  // What stands in a field now, as the browser would send it.
  const pairs = (unit) => all("input, select, textarea", unit.box).flatMap((it) => {
    if (!it.name || it.disabled || it.type === "file" || it.name.startsWith("_seen-")) return [];
    if (["checkbox", "radio"].includes(it.type)) return it.checked ? [[it.name, it.value]] : [];
    if (it.tagName === "SELECT") return [...it.selectedOptions].map((option) => [it.name, option.value]);
    return [[it.name, it.value]];
  });
  const answers = (unit) => pairs(unit).filter(([name]) => !name.startsWith("_choose-"));

  // What is not saved yet is kept in this browser, so that a closed tab loses nothing.
  const key = (unit) => `fp-draft:${writer}:${location.pathname}${form.dataset.draft}:${unit.name}`;
  const store = (unit) => {
    try {
      localStorage.setItem(key(unit), JSON.stringify({ at: Date.now(), seen: seenOf(unit).value, pairs: answers(unit) }));
    } catch { /* full or closed: the page itself still has it */ }
  };
  const drop = (unit) => { try { localStorage.removeItem(key(unit)); } catch { /* nothing was kept */ } };
  const put = (unit, kept) => {
    const table = one("[data-rows]", unit.box);
    if (table) {
      const numbers = kept.map(([name]) => Number(name.slice(table.dataset.rows.length + 1).split("-")[0]));
      window.fpRows.set(table, Math.max(-1, ...numbers.filter(Number.isFinite)) + 1);
    }
    all("input, select, textarea", unit.box).forEach((it) => {
      if (!it.name || it.name.startsWith("_")) return;
      const values = kept.filter(([name]) => name === it.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(it.type)) it.checked = values.includes(it.value);
      else if (it.multiple) [...it.options].forEach((option) => { option.selected = values.includes(option.value); });
      else if (values.length) [it.value] = values;
    });
    window.fpRows?.meet(unit.box);
  };
  const restore = (unit) => {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key(unit))); } catch { /* not ours */ }
    if (!kept) return;
    if (JSON.stringify(kept.pairs) === JSON.stringify(answers(unit))) { drop(unit); return; }
    put(unit, kept.pairs);
    seenOf(unit).value = kept.seen;
    unit.dirty = true;
    note(unit, "Det som inte hann sparas är tillbaka.");
  };

  const clashes = (unit) => one("[data-clash] fieldset", unit.box);
  const chosen = (unit) => one("[data-clash] input:checked", unit.box);
  const ready = () => units.filter((unit) => unit.dirty && (!clashes(unit) || chosen(unit)));
  const unsaved = () => units.some((unit) => unit.dirty);

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(flush, wait);
  };
  const fail = (text, retry) => {
    failures += 1;
    const wait = Math.min(LONGEST, 1000 * 2 ** failures);
    say(`Kunde inte spara: ${text}`, "failed");
    units.filter((unit) => unit.dirty).forEach((unit) => note(unit, "Inte sparat ännu. Texten finns kvar här."));
    if (retry) later(wait);
    return false;
  };

  const told = (json, sent) => {
    for (const [name, mark] of Object.entries(json.marks || {})) {
      const unit = units.find((it) => it.name === name);
      seenOf(unit).value = mark;
      if (json.fields?.[name] !== undefined) {
        one("[data-group]", unit.box).innerHTML = json.fields[name];
        window.fpRows?.meet(unit.box);
      }
      if (clashes(unit)) {
        one("[data-clash]", unit.box).replaceChildren();
        one("[data-group] :is(input, select, textarea, button)", unit.box)?.focus();
      }
      unit.dirty = unit.turn !== sent.get(name) && json.fields?.[name] === undefined;
      if (unit.dirty) store(unit); else drop(unit);
      note(unit);
    }
    for (const [name, text] of Object.entries(json.warnings || {})) {
      const warning = one(".fp-unit__warning", units.find((it) => it.name === name).box);
      if (warning.textContent !== text) warning.textContent = text;
      warning.hidden = !text;
    }
    if (json.computed !== undefined) one("[data-computed]", form).innerHTML = json.computed;
  };

  const clash = (json) => {
    const first = !units.some(clashes);
    for (const [name, html] of Object.entries(json.clashes)) {
      const unit = units.find((it) => it.name === name);
      one("[data-clash]", unit.box).innerHTML = html;
      note(unit, "Inte sparat: välj nedan vad som ska gälla.");
    }
    say(json.message, "failed");
    const typing = document.activeElement?.closest("[data-unit]");
    if (first && !typing) clashes(units.find(clashes)).focus();
    return false;
  };

  const send = async (again = true) => {
    const mine = ready(), body = new FormData(), sent = new Map();
    if (!mine.length) return !unsaved();
    all("input[type=hidden]", form).filter((it) => it.name && !it.closest("[data-unit]")).forEach((it) => body.append(it.name, it.value));
    mine.forEach((unit) => {
      sent.set(unit.name, unit.turn);
      body.append("_field", unit.name);
      body.append(`_seen-${unit.name}`, seenOf(unit).value);
      pairs(unit).forEach(([name, value]) => body.append(name, value));
    });
    const slow = setTimeout(() => say("Sparar …", "saving"), 400);
    let answer, json = {};
    try {
      answer = await fetch(form.action, {
        method: "POST", body, credentials: "same-origin", keepalive: document.visibilityState === "hidden",
        headers: { "X-Requested-With": "fetch", Accept: "application/json" },
      });
      if ((answer.headers.get("Content-Type") || "").includes("json")) json = await answer.json();
    } catch {
      return fail("ingen kontakt med servern. Texten finns kvar här och sparas när kontakten är tillbaka.", true);
    } finally { clearTimeout(slow); }
    if (answer.status === 401) return login();
    if (answer.status === 403 && again && window.fpSession) {
      const state = await window.fpSession.ask();
      return state.left > 0 ? send(false) : login();
    }
    if (answer.status >= 500) return fail("servern svarar inte som den ska. Nytt försök görs strax.", true);
    told(json, sent);
    if (json.clashes) return clash(json);
    if (!answer.ok || json.saved !== true) {
      stopped = true;
      return fail(json.message || "sidan kan ha stängts för dig. Kopiera texten och ladda om sidan.", false);
    }
    failures = 0;
    say(`Sparat ${json.clock}`, "saved");
    return unsaved() ? send() : true;
  };
  const login = async () => {
    say("Du är utloggad. Logga in så sparas det du har skrivit.", "failed");
    if (!window.fpSession) return false;
    if (await window.fpSession.enter()) return send();
    return fail("någon annan eller ingen är inloggad. Logga in som dig själv och spara igen.", false);
  };
  /** Send what is unsaved; answers whether all is saved. One request at a time. */
  const flush = () => {
    clearTimeout(timer);
    sending = (sending || Promise.resolve()).then(() => send()).finally(() => { sending = null; });
    return sending;
  };

  form.addEventListener("input", (event) => {
    const unit = unitOf(event.target);
    if (!unit) return;
    unit.turn += 1;
    unit.dirty = true;
    store(unit);
    if (event.target.name?.startsWith("_choose-")) { flush(); return; }
    if (!failures || stopped) later(PAUSE);
    stopped = false;
  });
  addEventListener("online", () => { if (unsaved()) { failures = 0; flush(); } });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && ready().length && !failures) flush();
  });
  addEventListener("beforeunload", (event) => { if (unsaved() && !passed) event.preventDefault(); });

  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!unsaved() && !sending) passed = true;  // a form cannot be sent anew from within its own submit
    if (passed) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    button?.setAttribute("aria-disabled", "true");
    const saved = await flush();
    delete form.dataset.sent;
    button?.removeAttribute("aria-disabled");
    if (!saved && unsaved()) {
      (clashes(units.find(clashes) || units[0]) || line).scrollIntoView({ block: "center" });
      return;
    }
    passed = true;
    form.requestSubmit(button);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) passed = false; });

  units.forEach(restore);
  if (unsaved()) flush();
})();
