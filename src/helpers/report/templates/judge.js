// What Python's built-in functions do, where JavaScript's do something else.
const truth = (x) => (Array.isArray(x) ? x.length > 0 : Boolean(x));
const before = (a, b) => {
  const [left, right] = [[].concat(a), [].concat(b)];
  const differ = left.findIndex((x, i) => +x !== +right[i]);
  return differ >= 0 && +left[differ] < +right[differ];
};
const least = (xs, key) => xs.reduce((best, x) => (before(key(x), key(best)) ? x : best));
const most = (xs, key) => xs.reduce((best, x) => (before(key(best), key(x)) ? x : best));
// What only a calendar knows comes with the data of a date.
const date_precision = (x) => x.precision;
const _first_day = (x, length) => x.first[length];
