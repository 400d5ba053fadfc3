// Gives a prepared page other texts and another state: what is checked, chosen, active and open. Called with the
// options; returns nothing.
((options) => {
  const random = window.__random, pick = (some) => some[Math.floor(random() * some.length)];
  for (const [place, text] of options.texts) {
    const [node, key] = window.__nodes[place];
    if (key === "data") {
      const cased = node.parentElement?.dataset.cased;
      const said = cased === "uppercase" ? text.toUpperCase() : cased === "lowercase" ? text.toLowerCase() : text;
      const before = node.data.trim().replace(/\s+/g, " ");
      if (before !== said) node.data = node.data.match(/^\s*/)[0] + said + node.data.match(/\s*$/)[0];
    } else if (node[key] !== text) node[key] = text;
  }
  const flips = options.flips;
  for (const box of document.querySelectorAll("input[type=checkbox],input[type=radio]")) {
    if (random() < (box.type === "radio" ? 0.3 : 0.4) * flips) box.checked = box.type === "radio" ? true : !box.checked;
  }
  for (const select of document.querySelectorAll("select:not([multiple])")) {
    if (random() < 0.8 * flips && select.options.length > 1) {
      const usable = [...select.options].filter((one) => !one.disabled && one.text.trim());
      if (usable.length) pick(usable).selected = true;
    }
  }
  for (const field of document.querySelectorAll("input[type=text],textarea")) {
    if (!field.value && field.placeholder && random() < 0.5) field.placeholder = "";
    const size = parseFloat(getComputedStyle(field).fontSize), wide = field.clientWidth;
    if (!wide) continue;
    if (field.placeholder.length * size * 0.6 > wide) field.placeholder = "";
    while (field.tagName === "INPUT" && field.value && field.scrollWidth > wide) field.value = field.value.slice(0, -1);
  }
  for (const area of document.querySelectorAll("textarea")) {  // as text in the document, to tell where its characters are
    const style = getComputedStyle(area), plain = document.createElement("div");
    if (!area.offsetWidth || style.display === "none") continue;
    for (const name of ["boxSizing", "width", "height", "padding", "border", "margin", "background", "color", "font", "borderRadius",
      "lineHeight", "textAlign", "position", "top", "left", "boxShadow", "letterSpacing"]) plain.style[name] = style[name];
    plain.style.display = style.display === "inline" || style.display === "inline-block" ? "inline-block" : style.display;
    plain.style.cssText += ";overflow:hidden;white-space:pre-wrap";
    plain.dataset.area = area.id; plain.textContent = area.value;
    area.replaceWith(plain);
  }
  const swap = (one, other, name) => {
    const a = one.getAttribute(name), b = other.getAttribute(name);
    if (b === null) one.removeAttribute(name); else one.setAttribute(name, b);
    if (a === null) other.removeAttribute(name); else other.setAttribute(name, a);
  };
  const pane = (item) => {
    const link = item.matches("a,button") ? item : item.querySelector("a,button");
    const id = link && (link.dataset.bsTarget || link.dataset.target || link.getAttribute("href") || "");
    try { return id && id.length > 1 && id.startsWith("#") ? document.querySelector(id) : null; } catch { return null; }
  };
  const sleek = (item) => item.className.replace(/\b(active|current|is-active|uk-active|selected|show|disabled|treeview|dropdown|has-treeview|menu-open)\b/g, "").trim();
  for (const active of document.querySelectorAll(".active,.is-active,.uk-active,[aria-current=page],.current")) {
    const parent = active.closest("li") ?? active;
    if (random() > 0.6 * flips || !parent.parentElement) continue;
    const alike = [...parent.parentElement.children].filter((one) => one !== parent && one.tagName === parent.tagName && sleek(one) === sleek(parent)
      && !one.matches(".disabled") && one.querySelectorAll("ul").length === parent.querySelectorAll("ul").length && one.textContent.trim());
    if (!alike.length || parent.querySelector("ul")) continue;
    const other = pick(alike), from = parent.querySelector("a,button"), to = other.querySelector("a,button");
    const panes = [pane(parent), pane(other)];
    if (panes[0] && panes[1] && panes[0] !== panes[1] && panes[0].parentElement === panes[1].parentElement) swap(panes[0], panes[1], "class");
    else if (panes[0] && panes[1]) continue;
    swap(parent, other, "class");
    for (const name of ["aria-current", "aria-selected"]) swap(parent, other, name);
    if (from && to && from !== parent) for (const name of ["class", "aria-current", "aria-selected"]) swap(from, to, name);
  }
  if (random() < 0.15 * flips) {
    const menus = [...document.querySelectorAll(".dropdown > .dropdown-menu, .btn-group > .dropdown-menu")].filter((one) => {
      const box = one.parentElement.getBoundingClientRect();
      return box.width && box.top > 0 && box.top < innerHeight * 0.6;
    });
    if (menus.length) {
      const menu = pick(menus); menu.classList.add("show"); menu.parentElement.classList.add("show", "open"); menu.style.cssText += ";display:block!important;opacity:1!important;pointer-events:auto!important;visibility:visible!important;transform:none!important";
    }
  }
  if (options.modal) {
    const modals = [...document.querySelectorAll(".modal")].filter((one) => one.querySelector(".modal-dialog"));
    if (modals.length) {
      const modal = pick(modals), shade = document.createElement("div");
      shade.style.cssText = "position:fixed;inset:0;background:rgba(0,0,0,.5);z-index:9998";
      document.body.append(shade, modal); modal.classList.remove("fade"); modal.classList.add("show", "in");
      modal.style.cssText += ";display:block!important;opacity:1!important;visibility:visible!important;z-index:9999!important;overflow:hidden;position:fixed;inset:0";
    }
  }
  window.scrollTo(0, 0);
  document.activeElement?.blur?.();
  const most = Math.max(0, Math.max(document.documentElement.scrollHeight, document.body.scrollHeight) - innerHeight);
  if (options.scroll > 0) window.scrollTo(0, Math.round(most * options.scroll));
})
