/* Comfort for residents' pages; each of them works without it.
   Read aloud, text size at once, drafts kept on this phone, hold to speak, a word when the line is broken. */
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* private mode: nothing is kept */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* as above */ } },
    keys() { try { return Object.keys(localStorage); } catch { return []; } },
  };
  const announce = (text) => {
    const live = document.getElementById("live");
    if (!live) return;
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 60);
  };
  const word = (button) => button.querySelector("span") || button;

  /* --- Read aloud: paragraph by paragraph, since some browsers fall silent in long texts ------------------- */
  const UNSPOKEN = "[hidden],[aria-hidden=true],[data-silent],.hide,button,input,select,textarea,script,svg,.noprint";
  const SPOKEN = "h1,h2,h3,h4,p,li,dt,dd,legend,label,caption,th,td,summary,figcaption,blockquote,a.btn";
  const passages = (area) => all(SPOKEN, area).filter((part) =>
    !part.closest(UNSPOKEN) && !part.querySelector(SPOKEN) && part.getClientRects().length);
  const sayable = (part) => {
    const copy = part.cloneNode(true);
    all(UNSPOKEN, copy).forEach((node) => node.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  };

  function readAloud(button) {
    const speech = window.speechSynthesis;
    const start = word(button).textContent;
    let turn = 0;
    let lit = null;
    const light = (part) => {
      lit?.classList.remove("aloud-now");
      (lit = part)?.classList.add("aloud-now");
    };
    const stop = () => {
      turn += 1;
      speech.cancel();
      light(null);
      button.setAttribute("aria-pressed", "false");
      word(button).textContent = start;
    };
    const next = (parts, mine) => {
      if (mine !== turn) return;
      const part = parts.shift();
      if (!part) return stop();
      const text = sayable(part);
      if (!text) return next(parts, mine);
      const said = new SpeechSynthesisUtterance(text);
      const tag = part.closest("[lang]")?.lang || root.lang;
      said.lang = tag.startsWith("zh") ? "zh-CN" : tag;
      said.voice = speech.getVoices().find((v) => v.lang.replace("_", "-").startsWith(said.lang)) || null;
      said.rate = root.dataset.size === "normal" ? 1 : 0.88;
      said.onend = () => next(parts, mine);
      said.onerror = () => { if (mine === turn) stop(); };
      light(part);
      speech.speak(said);
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-pressed") === "true") return stop();
      stop();
      button.setAttribute("aria-pressed", "true");
      word(button).textContent = button.dataset.stop;
      next(passages(document.querySelector(button.dataset.aloud)), turn);
    });
    addEventListener("pagehide", stop);
  }
  if ("speechSynthesis" in window) all("[data-aloud]").forEach(readAloud);

  /* --- Text size: shown at once; the form then tells the server, which answers with the same page --------- */
  const PLACE = "yiting:size-place";
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-size-form]");
    if (!form || !event.submitter) return;
    root.dataset.size = event.submitter.value;
    store.set(PLACE, "1");
  });
  if (store.get(PLACE)) {
    store.drop(PLACE);
    const button = document.querySelector("[data-size-form] button");
    button?.focus();
    if (button) announce(button.closest(".tools").querySelector("[data-size-form]").textContent.trim().replace(/\s+/g, ", "));
  }

  /* --- Language: say so when it has changed --------------------------------------------------------------- */
  if (store.get("yiting:lang") && store.get("yiting:lang") !== root.lang) announce(root.dataset.langSaid);
  store.set("yiting:lang", root.lang);

  /* --- Drafts: what was begun stays on this phone for a week, is shown to be there, and can be cleared ----- */
  const WEEK = 7 * 24 * 3600 * 1000;
  const shown = new Set();
  all("[data-draft-note]").forEach((note) => {
    const area = document.getElementById(note.dataset.draftNote);
    if (!area) return;
    const key = "yiting:draft:" + note.dataset.draftKey;
    shown.add(key);
    let kept = null;
    try { kept = JSON.parse(store.get(key)); } catch { store.drop(key); }
    if (kept && Date.now() - kept.at > WEEK) { store.drop(key); kept = null; }
    /* Once htmx knows the page, so that what comes back counts as typed and asks again for what is similar. */
    document.addEventListener("DOMContentLoaded", () => {
      if (!kept || area.value.trim()) return;
      area.value = kept.text;
      note.hidden = false;
      area.dispatchEvent(new Event("input", { bubbles: true }));
    });
    const keep = (sent) => {
      if (!area.value.trim()) { store.drop(key); note.hidden = true; return; }
      store.set(key, JSON.stringify({ text: area.value, at: Date.now(), sent }));
    };
    let later;
    area.addEventListener("input", () => { clearTimeout(later); later = setTimeout(keep, 300, false); });
    let sent = false;
    area.form?.addEventListener("submit", () => { clearTimeout(later); sent = true; keep(sent); });
    addEventListener("pagehide", () => { if (later && !sent) { clearTimeout(later); keep(sent); } });
    note.querySelector("button").addEventListener("click", () => {
      area.value = "";
      store.drop(key);
      note.hidden = true;
      area.dispatchEvent(new Event("input", { bubbles: true }));
      area.focus();
    });
  });
  /* A draft that was sent is dropped on the next page that does not ask for it again: then it has arrived. */
  if (!document.querySelector("[data-fault]")) {
    store.keys().filter((key) => key.startsWith("yiting:draft:") && !shown.has(key)).forEach((key) => {
      try { if (JSON.parse(store.get(key)).sent) store.drop(key); } catch { store.drop(key); }
    });
  }

  /* --- Hold to speak: only where the browser can listen; a short tap starts, a second one stops ------------ */
  const Listener = window.SpeechRecognition || window.webkitSpeechRecognition;
  function holdToSpeak(button) {
    const area = document.getElementById(button.dataset.speakFor);
    if (!area) return;
    const idle = word(button).textContent;
    const ear = new Listener();
    ear.lang = root.lang.startsWith("zh") ? "zh-CN" : root.lang;
    ear.continuous = ear.interimResults = true;
    let before = "";
    let on = false;
    let pressed = 0;
    let heard = false;
    const start = () => {
      if (on) return;
      on = true;
      heard = false;
      before = area.value;
      window.speechSynthesis?.cancel();
      try { ear.start(); } catch { on = false; return; }
      button.classList.add("listening");
      word(button).textContent = button.dataset.listening;
      announce(button.dataset.listening);
    };
    const stop = () => { if (on) ear.stop(); };
    ear.onresult = (event) => {
      heard = true;
      area.value = before + [...event.results].map((result) => result[0].transcript).join("");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    };
    ear.onerror = (event) => {
      announceBeside(button, event.error === "not-allowed" || event.error === "service-not-allowed"
        ? button.dataset.refused : button.dataset.silent);
    };
    ear.onend = () => {
      on = false;
      button.classList.remove("listening");
      word(button).textContent = idle;
      if (heard) announce(area.value);
    };
    const down = () => { if (on) { stop(); pressed = 0; } else { pressed = Date.now(); start(); } };
    const up = () => { if (pressed && Date.now() - pressed > 500) stop(); pressed = 0; };
    button.addEventListener("pointerdown", (event) => { if (event.button === 0) down(); });
    ["pointerup", "pointercancel", "pointerleave"].forEach((kind) => button.addEventListener(kind, up));
    button.addEventListener("keydown", (event) => {
      if ((event.key === " " || event.key === "Enter") && !event.repeat) { event.preventDefault(); down(); }
    });
    button.addEventListener("keyup", (event) => { if (event.key === " " || event.key === "Enter") up(); });
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    button.closest("[data-speak-part]").hidden = false;
  }
  function announceBeside(button, text) {
    const help = button.closest("[data-speak-part]").querySelector(".help");
    if (help) help.textContent = text;
    announce(text);
  }
  if (Listener) all("[data-speak-for]").forEach(holdToSpeak);

  /* --- A double tap sends once ---------------------------------------------------------------------------- */
  const TAP = 1500;
  const sentAt = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    if (Date.now() - (sentAt.get(form) ?? 0) < TAP) event.preventDefault();
    else sentAt.set(form, Date.now());
  });

  /* --- Printing (the slip) and a broken line --------------------------------------------------------------- */
  all("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
  const lost = () => {
    const flash = document.getElementById("flash");
    if (!flash?.dataset.lost) return;
    const note = document.createElement("p");
    note.className = "error";
    note.textContent = flash.dataset.lost;
    flash.replaceChildren(note);
  };
  ["htmx:sendError", "htmx:timeout"].forEach((kind) => document.addEventListener(kind, lost));
  document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status >= 500) lost(); });
})();
