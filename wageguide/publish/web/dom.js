// Small helpers that make elements. Text is only ever set as text.
"use strict";
window.Dom = (function () {
  function put(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "on") {
        for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
      } else if (value !== false && value !== null && value !== undefined) {
        element.setAttribute(name, value === true ? "" : String(value));
      }
    }
    for (const child of [].concat(children === undefined ? [] : children)) {
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
    return element;
  }
  return {
    make: (tag, attributes, children) => put(document.createElement(tag), attributes, children),
    draw: (tag, attributes, children) =>
      put(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children),
    by: (id) => document.getElementById(id),
    text: (id, value) => { document.getElementById(id).textContent = value; },
    fill: (element, children) => { element.replaceChildren(...[].concat(children)); },
    options: (select, pairs, chosen) => {
      select.replaceChildren(...pairs.map(([value, label]) => {
        const option = document.createElement("option");
        option.value = value;
        option.textContent = label;
        option.selected = value === chosen;
        return option;
      }));
    },
    number: (value) => value.toLocaleString("en-US"),
    percent: (tenths) => (tenths > 0 ? "+" : tenths < 0 ? "−" : "") + (Math.abs(tenths) / 10).toFixed(1) + "%"
  };
})();
