/* The workbench by keyboard: j k move, Enter opens, m n c a act, / searches, ? lists the keys.
   An item of the list is any [data-item] holding one link; an act is any control with data-key="m".
   Single keys can be switched off in the list of keys and are silent while someone types. */
(() => {
  "use strict";
  const SWITCH = "yiting:keys";
  const WIDE = matchMedia("(min-width: 1080px)");
  const $ = (selector) => document.querySelector(selector);
  const list = () => $(".bench-list") || document;
  const links = () => [...list().querySelectorAll(".item h3 a, .item h2 a")];
  const current = () => links().find((link) => link.hasAttribute("aria-current"));
  const help = $("#keys");
  const live = $("#live");
  let last = 0;
  let opening;
  let arriving = false;

  const read = () => { try { return localStorage.getItem(SWITCH) !== "off"; } catch { return true; } };
  const apply = (on) => document.body.classList.toggle("keys-off", !on);
  const toggle = $("[data-keys-switch]");
  apply(read());
  if (toggle) {
    toggle.checked = read();
    toggle.addEventListener("change", () => {
      try { localStorage.setItem(SWITCH, toggle.checked ? "on" : "off"); } catch { /* this visit only */ }
      apply(toggle.checked);
    });
  }
  const showHelp = () => { if (help && !help.open) help.showModal(); };
  const helpButton = $("[data-keys-help]");
  if (helpButton) {
    helpButton.hidden = false;
    helpButton.addEventListener("click", showHelp);
  }

  function mark(link) {
    links().forEach((other) => other.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    last = links().indexOf(link);
  }
  /* Moving opens the message beside the list when there is room for both and htmx is there to fetch it. */
  function go(link) {
    if (!link) return;
    mark(link);
    link.focus();
    link.scrollIntoView({ block: "nearest" });
    clearTimeout(opening);
    if (WIDE.matches && link.hasAttribute("hx-get")) opening = setTimeout(() => link.click(), 140);
  }
  function move(step) {
    const items = links();
    if (!items.length) return;
    const focused = items.indexOf(document.activeElement);
    const at = focused >= 0 ? focused : items.indexOf(current());
    go(items[at < 0 ? (step > 0 ? 0 : items.length - 1) : Math.min(items.length - 1, Math.max(0, at + step))]);
  }
  function act(key) {
    const control = [...document.querySelectorAll(`[data-key="${key}"]`)]
      .find((node) => !node.disabled && node.getClientRects().length);
    if (!control) return false;
    if (control.matches("summary, button, a, input[type=submit]")) {
      control.focus();
      control.click();
      /* an opened form is typed into at once */
      if (control.matches("summary") && control.parentElement.open) control.parentElement.querySelector("select, input:not([type=hidden]), textarea")?.focus();
    } else {
      control.scrollIntoView({ block: "nearest" });
      control.focus();
    }
    return true;
  }
  const typing = (node) => node.matches?.("input:not([type=checkbox],[type=radio],[type=submit],[type=button]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); current()?.focus(); return; }
    if (typing(event.target) || help?.open || !read()) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    let done = true;
    if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "?") showHelp();
    else if (key === "/") done = Boolean($("[type=search]")) && ($("[type=search]").focus(), $("[type=search]").select(), true);
    else if ("mnca".includes(key) && !event.repeat) done = act(key);
    else done = false;
    if (done) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".bench-list .item a");
    if (link && links().includes(link)) mark(link);
  });

  /* Where there is room for both, the first message is opened; the list does not wait for it. */
  document.addEventListener("DOMContentLoaded", () => {
    const first = links()[0];
    if (!WIDE.matches || !first?.hasAttribute("hx-get") || $("#detail h2")) return;
    arriving = true;
    first.click();
  });

  /* After a part of the page is exchanged nobody may be left without a place to stand. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const detail = $("#detail");
    if (event.target === detail || detail?.contains(event.target)) {
      const title = detail.querySelector("h2");
      if (live && title) live.textContent = title.textContent.trim();
      detail.scrollTop = 0;
      if (!WIDE.matches) detail.scrollIntoView({ block: "start" });
    }
    /* who has only just arrived begins at the top of the page */
    if (arriving) { arriving = false; return; }
    if (document.activeElement && document.activeElement !== document.body) return;
    const items = links();
    const here = current() || items[Math.min(last, items.length - 1)];
    if (here && here.hasAttribute("aria-current")) here.focus();
    else if (here) go(here);
    else detail?.focus();
  });
})();
