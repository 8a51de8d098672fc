// A scenario in the page: `given` holds its fields, `data` the tables behind what is left open. `formulas` is
// generated from the package's functions; here are only look-ups, and how far the ranges of the inputs reach.
const scenarioModel = (data) => {
  const field = (given, name) => given[name] ?? data.fields[name].default;
  const chip = (given) => data.names[field(given, "accelerator")] ?? field(given, "accelerator");
  const market = (given) => data.markets[["date", "vendor", "commitment"].map((name) => field(given, name) ?? "").join("|")];
  const grid = (given) => market(given).grids[field(given, "grid")] ?? field(given, "grid");
  const solveFor = (given) => field(given, "solve_for");

  // What is not given is looked up, or has a default: a number, or a range as [low, high] or [low, middle, high].
  const looked = {
    active_params: (given) => spread(given, "params"),
    peak_flop_per_s: (given) => data.accelerators[chip(given)].peak,
    memory_bytes: (given) => data.accelerators[chip(given)].memory,
    utilisation: (given) => moved(given),
    device_power_w: (given) => data.accelerators[chip(given)].power,
    power_factor: (given) => data.accelerators[chip(given)].power_factor,
    price_per_chip_hour_usd: (given) => market(given).rent[chip(given)],
    purchase_price_usd: (given) => market(given).purchase[chip(given)],
    carbon_kg_per_kwh: (given) => data.grids[grid(given)],
  };
  // What a like model reaches of its peak on an accelerator in a precision, by the time model; else what published runs did.
  const kind = (given) => (given.experts !== undefined || given.active_params < middle(given.params ?? NaN) ? "mixture" : "dense");
  const formats = (given) => Object.keys(data.shares[kind(given)][chip(given)] ?? {bf16: 1});
  const like = (given, of = given) => data.shares[kind(of)][chip(given)]?.[field(given, "precision")] ?? middle(data.accelerators[chip(given)].utilisation);
  let from = {}; // the scenario that was loaded
  const startFrom = (given) => (from = given);
  // The share of the scenario that was loaded, moved to where it runs now; wider, since a like model is not the same.
  const moved = (given) => {
    const known = from.utilisation ?? data.accelerators[chip(given)].utilisation;
    const factor = like(given) / like(from.utilisation === undefined ? {...given, precision: "bf16"} : from, given);
    if (factor === 1 || !Number.isFinite(factor)) return known;
    const ends = [].concat(known);
    const off = Math.exp(Math.hypot(Math.log(ends.at(-1) / ends[0]) / 2, data.moved_width));
    const most = field(given, "precision") === "bf16" ? 0.999 : Infinity; // no share beyond the whole
    return [-1, 1].map((side) => Math.min(most, factor * middle(known) * off ** side));
  };
  const spread = (given, name) => given[name] ?? looked[name]?.(given) ?? data.fields[name].default ?? NaN;
  const centre = (value) => (Array.isArray(value) ? Math.sqrt(value[0] * value.at(-1)) : value);
  const middle = (value) => (value.length === 3 ? value[1] : centre(value));
  const number = (given, name) => middle(spread(given, name));

  // Which quantities decide the unknown; a second way counts where its own quantity is given and the usual is not.
  const way = (given) => {
    const [usual, other] = data.ways[solveFor(given)];
    return other && given[other.rival] !== undefined && given[other.instead] === undefined ? other : usual;
  };

  const work = (given, numbers) => {
    const figures = formulas.figures({...numbers, ...formulas.ways[way(given).key](numbers)});
    const params = solveFor(given) === "params" ? figures.active_params : number(given, "params");
    return {...figures, ...formulas.beside({...figures, params, memory_bytes: number(given, "memory_bytes")})};
  };

  // Each figure as [low, middle, high]. Figures are products of powers of the inputs, so that independent lognormal
  // ranges add up in squares.
  const estimate = (given) => {
    const names = [...way(given).names, ...data.circumstances.filter((name) => name !== "peak_flop_per_s")];
    const spreads = Object.fromEntries(names.map((name) => [name, spread(given, name)]));
    const peak_flop_per_s = number(given, "peak_flop_per_s");
    const at = (take) => ({...Object.fromEntries(names.map((n) => [n, take(spreads[n])])), peak_flop_per_s});
    const [figures, about] = [work(given, at(middle)), work(given, at(centre))];
    const squares = Object.fromEntries(Object.keys(figures).map((name) => [name, 0]));
    for (const name of names.filter((n) => Array.isArray(spreads[n]))) {
      const [low, high] = [spreads[name][0], spreads[name].at(-1)].map((end) => work(given, {...at(centre), [name]: end}));
      for (const figure in squares) squares[figure] += (Math.log(high[figure] / low[figure]) / 2) ** 2;
    }
    const reach = ([name, value]) => {
      const off = Math.exp(Math.sqrt(squares[name]));
      return [name, off > 1 ? [about[name] / off, value, about[name] * off] : [value, value, value]];
    };
    return Object.fromEntries(Object.entries(figures).map(reach));
  };

  // What was given and does not decide the unknown is a limit: [figure, value, limit] where it is passed.
  const passed = (given, found) =>
    Object.entries({days: "days", count: "count", budget_usd: "cost_usd"})
      .filter(([name]) => given[name] !== undefined && !way(given).names.includes(name))
      .map(([name, figure]) => [figure, found[figure][1], middle(given[name])])
      .filter(([, value, limit]) => value > limit);

  const accepted = (given, name, value) => {
    const {low, high, whole} = data.fields[name];
    const most = name === "active_params" ? Math.min(high, number(given, "params")) : high;
    return value >= low && value <= most && (!whole || Number.isInteger(value));
  };

  // A file that `python -m helpers scenario` reads to the same numbers.
  const asToml = (value) => {
    if (Array.isArray(value)) return `[${value.map(asToml).join(", ")}]`;
    return typeof value === "number" ? String(value) : JSON.stringify(value).replaceAll("\u007f", "\\u007F");
  };
  const file = (given) => {
    const [, other] = data.ways[solveFor(given)];
    const rival = other?.rival === "budget_usd" && given.days !== undefined ? ["budget_usd"] : [];
    const out = [...data.left_out[solveFor(given)], ...rival];
    const used = given.active_params !== undefined && !out.includes("active_params");
    const left = given.layers === undefined && !used ? [...out, ...data.mixture] : out; // experts alone say nothing
    const names = Object.keys(data.fields).filter((name) => given[name] !== undefined && !left.includes(name));
    return names.map((name) => `${name} = ${asToml(given[name])}\n`).join("");
  };

  return {chip, formats, startFrom, field, grid, market, solveFor, spread, middle, number, way, estimate, passed, accepted, file};
};
