// Numbers as the other pages of the site write them (reports/formats.py).
const numbers = (() => {
  "use strict";

  function fixed(value, places) {
    const text = value.toFixed(places);
    return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "\u2212");
  }

  // P with its operator: three decimals below 0.1, two above.
  function pValue(value) {
    if (value === null || value === undefined) return "P=NR";
    if (value < 0.001) return "P<0.001";
    if (value > 0.99) return "P>0.99";
    return `P=${fixed(value, value < 0.0995 ? 3 : 2)}`;
  }

  // P without its letter.
  const pNumber = (value) => pValue(value).replace(/^P=?/, "");

  return { fixed, pValue, pNumber };
})();
