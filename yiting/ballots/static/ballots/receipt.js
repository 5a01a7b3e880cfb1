// Recomputes a receipt in the voter's own browser. Nothing that is typed here is sent anywhere.
(() => {
  "use strict";
  const look = document.querySelector("[data-look]");
  // what stands behind the mark is never sent; it goes along to the next page
  if (look) look.addEventListener("submit", () => {
    const receipt = look.querySelector("[name=receipt]");
    const [address, secret] = receipt.value.trim().split("#");
    receipt.value = address.split("receipt=").pop();
    const kept = secret || location.hash.slice(1);
    if (kept) look.action = `${look.action.split("#")[0]}#${kept}`;
  });
  const form = document.querySelector("[data-recompute]");
  if (!form || !window.crypto || !crypto.subtle) return;
  const { domain, code, same, differs } = form.dataset;
  const [marks, salt] = form.querySelectorAll("input");
  // a Chinese keyboard types other brackets and commas
  const levelled = (text) => text.normalize("NFKC").replace(/[【〔]/g, "[").replace(/[】〕]/g, "]").replace(/[、]/g, ",").replace(/\s/g, "");
  const answer = form.querySelector("[role=status]");
  form.closest("[hidden]").hidden = false;
  salt.value = decodeURIComponent(location.hash.slice(1));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const entry = new TextEncoder().encode(`${domain}\n${code}\n${levelled(marks.value)}\n${levelled(salt.value).toLowerCase()}\n`);
    const bytes = new Uint8Array(entry.length + 1);
    bytes.set(entry, 1);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const leaf = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    answer.textContent = leaf === form.dataset.leaf ? same : differs;
  });
})();
