// The running sum on a ballot; without it the page works as well and the sum is said when one looks once more.
(() => {
  "use strict";
  const form = document.querySelector("form[data-ballot]");
  const sum = document.querySelector("[data-sum]");
  if (!form || !sum) return;
  const { kind, most, budget, words } = form.dataset;
  const yuan = (fen) => (fen / 100).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 });
  const say = (now, limit, show) => {
    sum.textContent = words.replace("{now}", show(now)).replace("{limit}", show(limit));
    sum.classList.toggle("over", now > limit);
  };
  const count = () => {
    const ticked = [...form.querySelectorAll("input[type=checkbox]:checked")];
    const given = [...form.querySelectorAll("input.mark")].map((one) => Number(one.value) || 0);
    if (kind === "knapsack") say(ticked.reduce((all, one) => all + Number(one.dataset.cost), 0), Number(budget), yuan);
    if (kind === "up_to") say(ticked.length, Number(most), String);
    if (kind === "points") say(given.reduce((all, one) => all + one, 0), Number(most), String);
  };
  form.addEventListener("input", count);
  count();
})();
