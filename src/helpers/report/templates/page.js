"use strict";
// The other edition opens at the same place, with the same filter.
for (const link of document.querySelectorAll("a.edition"))
  link.addEventListener("click", () => {
    link.search = location.search;
    link.hash = location.hash;
  });
// Filter of the claims: the choice is kept in the address, so that it can be shared.
(() => {
  const form = document.getElementById("claim-filter");
  if (!form) return;
  const claims = [...document.querySelectorAll("article.claim")];
  const names = ["article", "system", "kind", "grade", "text"];
  const words = new Map(claims.map((claim) => [claim, claim.textContent.toLowerCase()]));

  const matches = (claim, wanted) =>
    names.slice(0, 4).every((name) => !wanted[name] || claim.dataset[name] === wanted[name]) &&
    words.get(claim).includes(wanted.text.toLowerCase());

  const apply = () => {
    const wanted = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
    let shown = 0;
    for (const claim of claims) {
      claim.hidden = !matches(claim, wanted);
      if (!claim.hidden) shown += 1;
    }
    form.querySelector("output").value = form.dataset.shown.replace("[shown]", shown).replace("[all]", claims.length);
    const kept = new URLSearchParams(location.search); // the explorer keeps its numbers there too
    for (const name of names) if (wanted[name]) kept.set(name, wanted[name]); else kept.delete(name);
    const query = kept.toString();
    history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash);
  };

  const chosen = new URLSearchParams(location.search);
  for (const name of names) if (chosen.has(name)) form.elements[name].value = chosen.get(name);
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();

  // A link to a claim shows it even where the filter hides it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.hidden) {
      form.reset();
      setTimeout(() => target.scrollIntoView());
    }
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
