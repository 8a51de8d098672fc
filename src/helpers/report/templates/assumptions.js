// Assumptions: a slider looks up the grades that were worked out when the page was built, here and at the claims.
// One is moved at a time, since each was worked out with the others as they are.
whenShown((part) => {
  const root = part.querySelector("#assumptions");
  if (!root || root.dataset.started) return;
  root.dataset.started = "yes";
  const {assumptions, grades, texts, numbers, digits} = JSON.parse(root.dataset.assumptions);
  const {readable} = numberWords(numbers);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const KEY = "assume";
  const STEPS = 1000;
  const blocks = new Map(
    [...root.querySelectorAll(".assumption")].map((block) => {
      const [mover, slider] = [block.querySelector(".mover"), block.querySelector("input")];
      const badges = new Map([...block.querySelectorAll("li")].map((li) => [li.dataset.claim, li.querySelector(".badge")]));
      return [block.dataset.evidence, {block, mover, slider, badges}];
    }),
  );
  let moved = null; // [evidence, value], or nothing

  const place = ({low, high}, value) => Math.round((STEPS * Math.log(value / low)) / Math.log(high / low));
  const valueAt = (assumption, step) => {
    const {low, high, value} = assumption;
    if (step === place(assumption, value)) return value;
    return Math.min(high, Math.max(low, Number((low * (high / low) ** (step / STEPS)).toPrecision(3))));
  };
  const gradeAt = ({turns, grades: names}, value) => names[turns.filter((turn) => turn <= value).length];

  const paint = (badge, name) => {
    const {tone, shape, anchor, word, title} = grades[name];
    const mark = document.createElement("span");
    mark.ariaHidden = "true";
    mark.textContent = shape;
    badge.className = `badge ${tone}`;
    badge.replaceChildren(mark, ` ${word}`);
    badge.title = title;
    if (badge.matches("a")) badge.setAttribute("href", anchor);
  };

  // The badge at the claim itself says that it is not the verdict of record.
  const paintClaim = (claim, name, turned) => {
    const block = document.getElementById(`claim-${claim}`);
    const badge = block?.querySelector("h5 .badge");
    if (!badge) return;
    paint(badge, name);
    block.querySelector(".assumed")?.remove();
    if (!turned) return;
    const note = document.createElement("a");
    note.setAttribute("href", "#assumptions"); // as it stands, so that it holds when the address changes
    [note.className, note.textContent] = ["assumed", texts.under];
    badge.after(" ", note);
  };

  let speaking = 0;
  const show = (held) => {
    clearTimeout(speaking);
    for (const [evidence, {block, mover, slider, badges}] of blocks) {
      const assumption = assumptions[evidence];
      const mine = moved?.[0] === evidence;
      const value = mine ? moved[1] : assumption.value;
      const [say, now] = [value, assumption.value].map((x) => readable(x, assumption.unit, digits));
      if (slider !== held) slider.value = place(assumption, value); // rounding must not push it back under the hand
      slider.setAttribute("aria-valuetext", say);
      mover.querySelector("output").value = say;
      mover.querySelector("button").hidden = !mine;
      const outcomes = Object.entries(assumption.claims).map(([claim, dependence]) => {
        const [grade, was] = [value, assumption.value].map((x) => gradeAt(dependence, x));
        paint(badges.get(claim), grade);
        const [next, before] = [grade, was].map((one) => grades[one].word);
        return fill(grade === was ? texts.stays : texts.turned, {claim, grade: next, was: before});
      });
      const outcome = block.querySelector(".outcome");
      if (!mine) outcome.textContent = "";
      else speaking = setTimeout(() => (outcome.textContent = fill(texts.moved, {value: say, now, outcomes: outcomes.join(texts.and)})), 300);
    }
    for (const claim of new Set(Object.values(assumptions).flatMap(({claims}) => Object.keys(claims)))) {
      const [at] = Object.entries(assumptions).filter(([evidence, {claims}]) => claims[claim] && moved?.[0] === evidence);
      const [, {claims, value}] = at ?? Object.entries(assumptions).find(([, one]) => one.claims[claim]);
      const was = gradeAt(claims[claim], value);
      const grade = at ? gradeAt(claims[claim], moved[1]) : was;
      paintClaim(claim, grade, grade !== was);
    }
  };

  // The address keeps what was moved; keys of others are left alone.
  const address = () => {
    const query = new URLSearchParams(location.search);
    query.delete(KEY);
    if (moved) query.set(KEY, moved.join(":"));
    return (query.size ? `?${query}` : location.pathname) + location.hash;
  };
  let waiting = 0;
  const remember = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const there = new URL(address(), location.href);
      if (there.href !== location.href) history.pushState(null, "", there);
    }, 250);
  };
  const restore = () => {
    const words = new URLSearchParams(location.search).get(KEY) ?? "";
    const [evidence, value] = [words.slice(0, words.lastIndexOf(":")), Number(words.slice(words.lastIndexOf(":") + 1))];
    const {low, high} = Object.hasOwn(assumptions, evidence) ? assumptions[evidence] : {};
    moved = value >= low && value <= high ? [evidence, value] : null;
    show();
  };

  for (const [evidence, {mover, slider}] of blocks) {
    mover.hidden = false;
    slider.addEventListener("input", () => {
      const value = valueAt(assumptions[evidence], Number(slider.value));
      moved = value === assumptions[evidence].value ? null : [evidence, value];
      show(slider);
    });
    slider.addEventListener("change", remember);
    mover.querySelector("button").addEventListener("click", () => {
      moved = null;
      show();
      remember();
      slider.focus();
    });
  }
  addEventListener("popstate", () => restore());
  restore();
});
