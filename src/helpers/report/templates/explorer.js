// The explorer's controls, its table and its address.
const startExplorer = () => {
  const root = document.getElementById("explorer");
  if (!root) return;
  const data = JSON.parse(root.dataset.explorer);
  const model = scenarioModel(data);
  const {words, plain, amount, between, span, behind} = numberWords(data.numbers);
  const {texts} = data;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const ranged = (value, ends) => (ends ? fill(texts.with_range, {value, ends: behind(value, ends)}) : value);
  const [form, table, file] = [root.querySelector("form"), root.querySelector("table"), root.querySelector("textarea")];
  const [status, notice] = [root.querySelector(".status"), root.querySelector(".notice")];
  const {scenario, solve_for: unknown, way: wayBox, accelerator, grid, link, toml} = form.elements;
  const knobs = new Map(
    [...form.querySelectorAll(".knob")].map((knob) => {
      const [box, slider] = knob.querySelectorAll("input");
      const [read, problem] = knob.querySelectorAll(".says > span");
      return [knob.dataset.field, {knob, box, slider, read, problem, back: knob.querySelector("button")}];
    }),
  );
  const rows = [...table.tBodies[0].rows].map((row) => [row, [...row.cells].map((cell) => cell.textContent)]);
  const printed = table.caption.textContent;
  const said = new Map([...form.querySelectorAll("[data-said]")].map((box) => [box.dataset.said, box]));
  const [headline, trouble] = [form.querySelector(".headline"), form.querySelector(".said-problem")];
  const own = document.querySelector("#run-strip .own");
  // 70B, 15T, 700亿, 1e10: what a reader writes, as a number.
  const numberOf = (text) => {
    const match = text.normalize("NFKC").toLowerCase().replace(/[,\s_]/g, "").match(/^(\d*\.?\d+(?:e[+-]?\d+)?)(.*)$/);
    return match && Object.hasOwn(data.counts, match[2]) ? Number(match[1]) * data.counts[match[2]] : NaN;
  };
  const opening = root.closest("[data-opens]")?.dataset.opens;
  const opens = Object.hasOwn(data.scenarios, opening ?? "") ? opening ?? "" : ""; // what stands there at first
  let start = ""; // the scenario that was loaded
  let given = {}; // its fields, and what was moved since

  // Showing: the base case as it was printed until something is loaded or moved. ------------------------------------
  const show = () => {
    const [now, before, moved] = [model.estimate(given), model.estimate(data.scenarios[start].given), changed()];
    const solved = data.solved[model.solveFor(given)];
    const title = moved ? fill(texts.changed, data.scenarios[start]) : start ? data.scenarios[start].title : printed;
    for (const [row, [label, ...base]] of rows) {
      const {figure} = row.dataset;
      const [low, value, high] = now[figure];
      const ratio = moved ? value / before[figure][1] : NaN;
      const range = figure === "state_share" && value > 1 ? texts.no_room : span(figure, low, high);
      const cells = start || moved ? [amount(figure, value), range] : base;
      [row.cells[1].textContent, row.cells[2].textContent] = cells;
      row.cells[3].textContent = Number.isFinite(ratio) ? `× ${plain(ratio, 3)}` : "";
      row.classList.toggle("solved", figure === solved);
      row.classList.toggle("changed", Number.isFinite(ratio) && ratio !== 1);
      if (figure === solved) announce(fill(texts.labelled, {label, value: ranged(cells[0], range)}));
    }
    const over = model.passed(given, now).map(([figure, value, limit]) =>
      fill(texts.over, {value: amount(figure, value), limit: amount(figure, limit)}),
    );
    notice.textContent = over.join(" ");
    notice.hidden = !over.length;
    table.caption.textContent = title;
    root.classList.toggle("moved", moved);
    file.value = model.file(moved ? {...given, utilisation: share(), title, note: undefined} : given);
    showControls();
    tell(now);
  };

  // The answer in a line, at once, impossible things first; and its place on the strip.
  const tell = (now) => {
    const solved = data.solved[model.solveFor(given)];
    const [low, value, high] = now[solved];
    const label = rows.find(([row]) => row.dataset.figure === solved)[1][0];
    const full = now.state_share[1] > 1;
    const rent = now.cost_usd;
    headline.classList.toggle("impossible", full);
    headline.textContent = full
      ? fill(texts.impossible, {share: amount("state_share", now.state_share[1])})
      : fill(texts.answer, {label, value: ranged(amount(solved, value), span(solved, low, high)), rent: ranged(amount("cost_usd", rent[1]), span("cost_usd", rent[0], rent[2]))});
    for (const [name, box] of said) {
      if (document.activeElement === box && box.matches("input")) continue;
      const number = model.number(given, name);
      if (name === "active_params" && given.active_params === undefined) box.value = texts.all_active;
      else if (box.matches("input")) box.value = Number.isFinite(number) ? words(number, 4) : "";
    }
    const dates = Object.keys(data.markets).filter((key) => key.endsWith(`|${given.vendor ?? ""}|${given.commitment ?? data.fields.commitment.default ?? ""}`)).map((key) => key.split("|")[0]);
    said.get("date").replaceChildren(...[...new Set([...dates, given.date ?? ""])].sort().reverse().map((day) => new Option(day || texts.newest, day, false, day === (given.date ?? ""))));
    const precision = model.field(given, "precision");
    said.get("precision").replaceChildren(...[...new Set([...model.formats(given), precision])].map((one) => new Option(one.toUpperCase(), one, false, one === precision)));
    if (!own) return;
    const {least, most} = own.parentElement.dataset;
    const at = (days) => 500 * Math.min(1, Math.max(0, Math.log(days / least) / Math.log(most / least)));
    const [from, middle, to] = now.days;
    own.hidden = full || !Number.isFinite(middle);
    if (own.hidden) return;
    const [reach, tick] = own.querySelectorAll("rect");
    reach.setAttribute("x", at(from));
    reach.setAttribute("width", Math.max(0, at(to) - at(from)));
    tick.setAttribute("x", at(middle));
    tick.setAttribute("width", 3);
    own.querySelector("span").textContent = ranged(amount("days", middle), span("days", from, to));
  };

  // What the command line would look for anew is written down, so that the file comes to the figures of the page.
  const share = () => {
    const found = model.spread(given, "utilisation");
    return Array.isArray(found) ? [found[0], found.at(-1)] : found;
  };

  const showControls = () => {
    const [way, solved] = [model.way(given), model.solveFor(given)];
    for (const [name, {knob, box, slider, read, back}] of knobs) {
      const used = way.names.includes(name) || data.circumstances.includes(name);
      knob.hidden = !(used || (name === "params" && solved !== "params"));
      const [ends, value] = [model.spread(given, name), model.number(given, name)];
      if (document.activeElement !== box) {
        box.value = boxed(given[name] === value ? value : Number(value.toPrecision(4)));
        complain(name, "");
      }
      if (slider !== held) slider.value = place(name, value);
      const range = Array.isArray(ends) ? between(words(ends[0]), words(ends.at(-1))) : "";
      read.textContent = Number.isFinite(value) ? ranged(words(value, 4), range) : texts.unknown;
      slider.setAttribute("aria-valuetext", read.textContent);
      if (back) back.hidden = given[name] === undefined;
    }
    [scenario.value, unknown.value, accelerator.value, grid.value] = [start, solved, model.chip(given), model.grid(given)];
    wayBox.closest("label").hidden = data.ways[solved].length < 2;
    wayBox.replaceChildren(...data.ways[solved].map((one) => new Option(data.labels[one.given], one.key, false, one === way)));
  };
  const boxed = (value) =>
    !Number.isFinite(value) ? "" : value < 1e6 ? String(value) : value.toExponential().replace("+", "");

  let speaking = 0;
  const announce = (line) => {
    clearTimeout(speaking);
    speaking = setTimeout(() => {
      status.classList.add("aside"); // eyes have the headline
      status.textContent = start !== opens || changed() ? line : "";
    }, 400);
  };

  let held = null; // the slider that is being moved

  // Moving -----------------------------------------------------------------------------------------------------------
  const STEPS = 1000;
  const place = (name, value) => {
    const {from, to, log} = data.fields[name].slider;
    const share = log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
    return Math.round(STEPS * Math.min(1, Math.max(0, share || 0)));
  };
  const valueAt = (name, step) => {
    const {slider: {from, to, log}, whole} = data.fields[name];
    const value = Number((log ? from * (to / from) ** (step / STEPS) : from + ((to - from) * step) / STEPS).toPrecision(3));
    return whole ? Math.round(value) : value;
  };
  const complain = (name, line) => {
    const {box, problem} = knobs.get(name);
    if (line) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
    problem.textContent = line;
  };
  const set = (name, value) => {
    given = {...given, [name]: value};
    if (value === undefined) delete given[name];
    if (name === "params") for (const part of data.architecture) delete given[part];
    if (name === "params" && given.active_params && model.middle(given.active_params) > value) delete given.active_params;
    if (name === "accelerator") for (const own of data.own) delete given[own];
    if (name === "precision") delete given.utilisation; // found for another
    if (name === "accelerator" && !model.formats(given).includes(model.field(given, "precision"))) delete given.precision;
    // No price of it near that day: today's counts, and the sentence says so.
    if (name === "accelerator" && given.date && model.market(given)?.rent[model.chip(given)] === undefined) delete given.date;
    if (!model.market(given)) for (const own of ["date", "vendor"]) delete given[own];
    if (name === "grid") delete given.carbon_kg_per_kwh;
    show();
  };

  for (const [name, {box, slider, back}] of knobs) {
    slider.addEventListener("input", () => {
      const value = valueAt(name, Number(slider.value));
      held = slider; // rounding must not push it back under the hand
      set(name, name === "active_params" ? Math.min(value, model.number(given, "params")) : value);
      held = null;
    });
    box.addEventListener("input", () => {
      const value = numberOf(box.value);
      const good = model.accepted(given, name, value);
      complain(name, good ? "" : fill(texts.not_accepted, data.fields[name]));
      if (good) set(name, value);
    });
    box.addEventListener("blur", () => show());
    back?.addEventListener("click", () => {
      set(name, undefined);
      remember();
      box.focus();
    });
  }
  for (const [name, box] of said) {
    if (name === "accelerator") continue;
    box.addEventListener("input", () => {
      const text = box.value.trim();
      if (name === "date" || name === "precision" || (name === "active_params" && [texts.all_active, ""].includes(text.toLowerCase()))) return set(name, text === texts.all_active || !text ? undefined : text);
      const value = numberOf(text);
      const good = model.accepted(given, name, value);
      trouble.textContent = good || !text ? "" : Number.isFinite(value) ? fill(texts.not_accepted, data.fields[name]) : fill(texts.not_number, {text});
      good ? box.removeAttribute("aria-invalid") : box.setAttribute("aria-invalid", "true");
      if (good) set(name, value);
    });
    box.addEventListener("blur", () => {
      trouble.textContent = "";
      box.removeAttribute("aria-invalid");
      show();
    });
  }
  for (const one of form.querySelectorAll("[data-preset]"))
    one.addEventListener("click", () => {
      load(one.dataset.preset);
      remember();
    });
  for (const select of [accelerator, grid]) select.addEventListener("input", () => set(select.name, select.value));

  // A figure that came out, as a field: three digits, and whole where it must be.
  const taken = (name) => {
    const value = Number(model.estimate(given)[data.solved[name]][1].toPrecision(3));
    const fine = Number.isFinite(value) ? value : data.fields[name].slider.from;
    return data.fields[name].whole ? Math.ceil(fine) : fine;
  };
  // What was the unknown is given from now on, as it came out.
  unknown.addEventListener("input", () => {
    const [was, now] = [model.solveFor(given), unknown.value];
    const fields = {...given, solve_for: now};
    if (was !== "budget_usd") fields[was] = taken(was);
    if (was === "params") delete fields.active_params;
    if (now === "budget_usd" || was === "budget_usd") delete fields.days;
    delete fields[["params", "tokens"].includes(now) ? "budget_usd" : now];
    given = fields;
    show();
  });
  wayBox.addEventListener("input", () => {
    const [usual, {rival, instead}] = data.ways[model.solveFor(given)];
    const [wanted, dropped] = wayBox.value === usual.key ? [instead, rival] : [rival, instead];
    given = {...given, [wanted]: taken(wanted)};
    delete given[dropped];
    show();
  });
  const load = (name) => {
    [start, given] = [name, {...model.startFrom(data.scenarios[name].given)}];
    show();
  };
  scenario.addEventListener("input", () => load(scenario.value));
  form.addEventListener("change", () => remember());
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    load(opens);
    remember();
  });

  // The address: the scenario that was loaded and what was moved since. Keys of others are left alone. ----------------
  const keys = Object.keys(data.fields).filter((name) => !data.unshared.includes(name));
  const written = (value) => (value === undefined ? "auto" : Array.isArray(value) ? value.join("..") : String(value));
  const moves = () => {
    const before = data.scenarios[start].given;
    const found = keys.map((name) => [name, written(given[name])]).filter(([name, value]) => value !== written(before[name]));
    const resized = found.some(([name]) => name === "params"); // the architecture is then no longer that of the model
    return found.filter(([name, value]) => !(resized && data.architecture.includes(name) && value === "auto"));
  };
  const changed = () => moves().length > 0;
  const address = () => {
    const query = new URLSearchParams(location.search);
    for (const name of ["scenario", ...keys]) query.delete(name);
    const moved = moves(); // what the page opens with needs no words, the base case does where it is not that
    const told = start === opens ? start && moved.length : start || !moved.length;
    for (const [name, value] of [...(told ? [["scenario", start]] : []), ...moved]) query.set(name, value);
    return new URL((query.size ? `?${query}` : location.pathname) + location.hash, location.href);
  };
  let waiting = 0;
  const remember = () => {
    clearTimeout(waiting);
    waiting = setTimeout(write, 250);
  };
  const write = () => {
    clearTimeout(waiting);
    if (address().href !== location.href) history.pushState(null, "", address());
  };
  const parsed = (fields, name, text) => {
    const options = {accelerator: Object.keys(data.accelerators), grid: Object.keys(data.grids)}[name];
    const {low, choices = options} = data.fields[name];
    if (low === undefined) return !choices || choices.includes(text) ? text : undefined;
    const values = text.split("..").map((word) => (word.trim() ? Number(word) : NaN));
    if (!values.every((value) => model.accepted(fields, name, value)) || values.length > 2) return undefined;
    return values.length === 1 ? values[0] : values[0] < values[1] ? values : undefined;
  };
  const restore = () => {
    const query = new URLSearchParams(location.search);
    const asked = query.get("scenario") ?? (keys.some((name) => query.has(name)) ? "" : opens);
    start = Object.hasOwn(data.scenarios, asked) ? asked : "";
    const fields = {...model.startFrom(data.scenarios[start].given)};
    for (const name of keys.filter((key) => query.has(key))) {
      const value = query.get(name) === "auto" ? undefined : parsed(fields, name, query.get(name));
      if (value !== undefined) fields[name] = value;
      if (value !== undefined && name === "params") for (const part of data.architecture) delete fields[part];
      else if (query.get(name) === "auto") delete fields[name];
    }
    const {date, vendor, commitment} = data.scenarios[start].given;
    given = model.market(fields) ? fields : {...fields, date, vendor, commitment};
    show();
  };
  addEventListener("popstate", restore);

  // To take away -----------------------------------------------------------------------------------------------------
  const take = async (text, done) => {
    clearTimeout(speaking);
    status.classList.remove("aside");
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = done;
    } catch {
      file.closest("details").open = true;
      file.value = text;
      file.select();
      status.textContent = texts.select;
    }
  };
  link.addEventListener("click", () => {
    write();
    take(`${location.href.split("#")[0]}#explorer`, texts.link_copied);
  });
  toml.addEventListener("click", () => take(file.value, texts.toml_copied));

  form.hidden = file.closest("details").hidden = false;
  restore();
};
if (location.search) startExplorer();
else later.add(startExplorer);
