(() => {
  const W = innerWidth, H = innerHeight, pen = document.createElement("canvas").getContext("2d");
  const fonts = new Map(), clips = new Map(), range = document.createRange();
  const measure = (style) => {  // what letters like d and p reach above and below the baseline, px
    const font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    if (!fonts.has(font)) {
      pen.font = font;
      const d = pen.measureText("d"), p = pen.measureText("p");
      fonts.set(font, [Math.round(d.fontBoundingBoxAscent), d.actualBoundingBoxAscent, p.actualBoundingBoxDescent]);
    }
    return fonts.get(font);
  };
  const clip = (element) => {  // what ancestors leave to be seen
    if (!element || element === document.documentElement) return [0, 0, W, H];
    if (!clips.has(element)) {
      let box = clip(element.parentElement);
      if (element !== document.body && getComputedStyle(element).overflowX !== "visible") {
        const r = element.getBoundingClientRect();
        box = [Math.max(box[0], r.left), Math.max(box[1], r.top), Math.min(box[2], r.right), Math.min(box[3], r.bottom)];
      }
      clips.set(element, box);
    }
    return clips.get(element);
  };
  const lines = [], texts = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data, parent = node.parentElement, tag = parent.tagName;
    if (!text.trim() || tag === "STYLE" || tag === "SCRIPT") continue;
    const style = getComputedStyle(parent), [ascent, up, down] = measure(style), [cl, ct, cr, cb] = clip(parent);
    const owner = parent.closest("[data-t]"), collapse = !style.whiteSpace.startsWith("pre");
    let line = null, whole = true, seen = "";
    const end = () => {
      if (!line) return;
      const x = (line.x[0] + line.r[line.r.length - 1]) / 2, y = line.y - up / 2;
      const covered = [line.x[0] + 2, x, line.r[line.r.length - 1] - 2].some((at) => {
        const top = document.elementFromPoint(at, y);
        return !top || !(top === parent || top.contains(parent) || parent.contains(top));
      });
      if (covered) whole = false; else lines.push([line.t, line.x.concat(line.r[line.r.length - 1]), line.y - up, line.y + down]);
      line = null;
    };
    for (let i = 0; i < text.length; i++) {
      range.setStart(node, i); range.setEnd(node, i + 1);
      const r = range.getClientRects(), box = r[r.length - 1];
      if (!box || box.width === 0) { if (!collapse && text[i] !== "\n" && text[i].trim()) whole = false; if (text[i].trim()) whole = false; else seen += " "; continue; }
      const base = box.top + ascent;
      if (box.left < cl - 0.5 || box.right > cr + 0.5 || base - up < ct - 0.5 || base + down > cb + 0.5) {
        if (text[i].trim()) whole = false;
        end(); continue;
      }
      const last = line && line.r[line.r.length - 1];
      if (!line || Math.abs(line.y - base) > 0.5 || Math.abs(last - box.left) > 0.6) { end(); line = {t: "", x: [], r: [], y: base}; }
      line.t += /\s/.test(text[i]) ? " " : text[i]; line.x.push(box.left); line.r.push(box.right);
      seen += text[i];
    }
    end();
    if (owner) {
      const r = owner.getBoundingClientRect(), name = owner.dataset.t, old = texts[name];
      if (!old || !old[0]) texts[name] = [whole, seen, [r.left, r.top, r.right, r.bottom, up + down]];
    }
  }
  return {lines, texts, faces: [...fonts.keys()].length, over: document.body.scrollHeight > H + 1};
})()
