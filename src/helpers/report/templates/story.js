// The squares: one stop of the keyboard, arrows from claim to claim, a tap or Enter for the card.
(() => {
  const chart = document.getElementById("squares");
  if (!chart) return;
  const all = [...chart.querySelectorAll("i")];
  const said = chart.nextElementSibling;
  let at = -1;
  const tell = (n) => {
    all[at]?.classList.remove("at");
    at = n;
    all[at].classList.add("at");
    said.replaceChildren(fragments.made(fragments.heading(all[at].dataset.n).replace(/<(\/?)a\b/g, "<$1span")));
    chart.setAttribute("aria-valuenow", String(at + 1));
    chart.setAttribute("aria-valuetext", said.textContent.replace(/\s+/g, " ").trim());
  };
  // The square under the pointer; under a finger, the nearest.
  const under = (event) => {
    if (event.target.matches("i")) return all.indexOf(event.target);
    const row = event.target.closest("#squares > div");
    if (!row) return -1;
    const far = (one) => {
      const box = one.getBoundingClientRect();
      return Math.hypot(box.x + box.width / 2 - event.clientX, box.y + box.height / 2 - event.clientY);
    };
    const near = [...row.children].map((one) => [far(one), one]).sort(([a], [b]) => a - b)[0];
    return near && near[0] < 24 ? all.indexOf(near[1]) : -1;
  };
  const open = () => at >= 0 && (location.hash = `claim-${all[at].dataset.n}`);
  chart.addEventListener("pointermove", (event) => {
    const n = under(event);
    if (n >= 0 && n !== at) tell(n);
  });
  chart.addEventListener("click", (event) => {
    const n = under(event);
    if (n < 0) return;
    tell(n);
    open();
  });
  const rows = [...chart.querySelectorAll("div")].map((row) => all.indexOf(row.firstElementChild));
  chart.addEventListener("keydown", (event) => {
    const row = rows.findLastIndex((first) => first <= Math.max(at, 0));
    const to = {
      ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: rows[row + 1] ?? at, ArrowUp: rows[row] < at ? rows[row] : (rows[row - 1] ?? 0),
      Home: 0, End: all.length - 1,
    }[event.key];
    if (event.key === "Enter" || event.key === " ") open();
    else if (to === undefined) return;
    else tell(Math.min(all.length - 1, Math.max(0, to)));
    event.preventDefault();
  });
})();

// The steps, one at a time; the last has a dial.
(() => {
  const root = document.getElementById("steps");
  if (!root) return;
  const told = JSON.parse(root.dataset.words);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const steps = [...root.querySelectorAll(".step")];
  const bar = document.createElement("p");
  bar.className = "stepping";
  const button = (label, by) => {
    const one = document.createElement("button");
    [one.type, one.textContent] = ["button", label];
    one.addEventListener("click", () => show(now + by));
    return one;
  };
  const [back, next, count] = [button(told.back, -1), button(told.next, 1), document.createElement("span")];
  count.setAttribute("role", "status");
  bar.append(back, count, next);
  root.prepend(bar); // above the step, whose height changes under it
  let now = 0;
  const show = (n) => {
    now = Math.min(steps.length - 1, Math.max(0, n));
    steps.forEach((step, i) => (step.hidden = i !== now));
    count.textContent = fill(told.count, {n: now + 1, all: steps.length});
    back.disabled = now === 0;
    next.disabled = now === steps.length - 1;
  };
  root.classList.add("driven");
  show(0);

  const dial = document.getElementById("dial");
  const {positions, values} = JSON.parse(dial.dataset.dial);
  const slider = document.createElement("input");
  Object.assign(slider, {type: "range", min: 0, max: positions.length - 1, value: 0});
  slider.setAttribute("aria-label", fill(told.dial, values));
  const label = document.createElement("p");
  label.textContent = fill(told.dial, values);
  const line = document.createElement("p");
  line.className = "outcome";
  line.setAttribute("role", "status");
  const turn = () => {
    const n = Number(slider.value);
    const [tokens, k, pfday] = positions[n];
    const end = n === positions.length - 1;
    line.textContent = [fill(told.at, {...values, tokens, k, pfday}), n === 0 && told.printed, end && fill(told.stop, values)].filter(Boolean).join(" ");
    slider.setAttribute("aria-valuetext", tokens);
  };
  slider.addEventListener("input", turn);
  dial.append(label, slider, line);
  turn();
})();
