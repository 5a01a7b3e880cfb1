// Recomputes a receipt in the voter's own browser. Nothing that is typed here is sent anywhere.
(() => {
  "use strict";
  const form = document.querySelector("[data-recompute]");
  if (!form || !window.crypto || !crypto.subtle) return;
  const { domain, code, same, differs } = form.dataset;
  const [marks, salt] = form.querySelectorAll("input");
  const answer = form.querySelector("[role=status]");
  form.closest("[hidden]").hidden = false;
  salt.value = decodeURIComponent(location.hash.slice(1));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const entry = new TextEncoder().encode(`${domain}\n${code}\n${marks.value.replace(/\s/g, "")}\n${salt.value.trim()}\n`);
    const bytes = new Uint8Array(entry.length + 1);
    bytes.set(entry, 1);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const leaf = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    answer.textContent = leaf === form.dataset.leaf ? same : differs;
  });
})();
