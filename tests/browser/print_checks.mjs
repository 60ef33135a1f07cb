// The page as a printer gets it: sheets, text, and boxes that stay whole.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const options = { preferCSSPageSize: true, printBackground: true };
const letters = text => text.normalize('NFKC').replace(/\s+/g, '');

function sheets(file) {
  const pages = execFileSync('pdftotext', ['-q', '-raw', file, '-'], { maxBuffer: 1 << 26 }).toString().split('\f');
  return pages.slice(0, -1);
}

// expected: {pages: [least, most], says: [sentences], language}
export async function printed(page, file, expected) {
  const found = [];
  writeFileSync(file, await page.pdf(options));
  const text = sheets(file), whole = letters(text.join(''));
  const [least, most] = expected.pages;
  if (text.length < least || text.length > most) found.push(`${text.length} sheets instead of ${least} to ${most}`);
  text.forEach((t, i) => { if (letters(t).length < 60) found.push(`sheet ${i + 1} is nearly empty`); });
  const size = /Page size: +([\d.]+) x ([\d.]+)/.exec(execFileSync('pdfinfo', [file]).toString());
  const sides = [Number(size[1]), Number(size[2])].sort((a, b) => a - b);
  if (Math.abs(sides[0] - 595) > 2 || Math.abs(sides[1] - 842) > 2) found.push(`the paper is ${size[1]} x ${size[2]} points, not A4`);
  for (const sentence of expected.says) if (!whole.includes(letters(sentence))) found.push(`the print does not say '${sentence}'`);
  await page.emulateMedia({ media: 'print' });
  const headings = await page.$$eval('h1,h2,h3', all => all.filter(h => h.getClientRects().length > 0).map(h => h.textContent));
  await page.emulateMedia({ media: null });
  for (const heading of headings) if (!whole.includes(letters(heading))) found.push(`the heading '${heading}' is not in the print`);
  if (expected.language === 'en') {
    const chinese = text.join('').match(/[\u3400-\u9fff].{0,20}/u);
    if (chinese) found.push(`Chinese in the English print: '${chinese[0]}'`);
  }
  return found;
}

// Whatever its style says, nobody wants these cut.
const WHOLE = 'li, tr, figure, .disease, .note, .tile';

// Paints every box that must stay whole, and every heading with what follows it, in a colour of its own, and hides all
// else. Painting moves nothing, so the sheets on which a colour is seen are the sheets on which the box lies.
function paint(WHOLE) {
  const boxes = [], headings = [];
  const painted = new Map();
  const visible = e => e.getClientRects().length > 0 && e.getBoundingClientRect().height > 1;
  const colour = e => {
    if (!painted.has(e)) painted.set(e, painted.size + 1);
    return painted.get(e);
  };
  const label = e => (e.textContent || e.outerHTML).trim().replace(/\s+/g, ' ').slice(0, 40);
  const all = [...document.body.querySelectorAll('*')].filter(e => !(e instanceof SVGElement) && visible(e));
  // the head of a table is repeated on every sheet, which is not a cut
  for (const e of all.filter(e => !e.closest('thead')))
    if (getComputedStyle(e).breakInside.startsWith('avoid') || e.matches(WHOLE)) boxes.push({ e, id: colour(e), label: label(e) });
  const own = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  for (const h of all.filter(e => /^H[1-6]$/.test(e.tagName))) {
    const next = all.find(e => h.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING && !h.contains(e) && own(e));
    if (next) headings.push({ id: colour(h), next: colour(next), label: label(h) });
  }
  const style = document.createElement('style');
  style.textContent = '*, *::before, *::after { color: transparent !important; background: none !important; border-color: transparent !important;'
    + ' text-decoration: none !important; -webkit-print-color-adjust: exact !important; print-color-adjust: exact !important }'
    + ' svg { opacity: 0 !important } *::marker { color: transparent !important }';
  document.head.append(style);
  const css = n => `rgb(${(n >> 6) * 4 + 2}, ${(n & 63) * 4 + 1}, 0)`;
  for (const [e, n] of painted) e.style.setProperty('background-color', css(n), 'important');
  return {
    boxes: boxes.map(({ e, id, label }) => ({ id, label, inner: [...painted].filter(([other]) => e.contains(other)).map(([, n]) => n) })),
    headings,
  };
}

// Which painted elements are seen on which sheet: a map from number to sheets, and from sheet to rows of pixels.
function seen(file) {
  const raw = execFileSync('pdftoppm', ['-r', '36', '-aa', 'no', '-aaVector', 'no', file], { maxBuffer: 1 << 28 });
  const where = new Map();
  for (let at = 0, sheet = 1; at < raw.length; sheet++) {
    const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(raw.subarray(at, at + 40).toString('latin1'));
    const from = at + head[0].length, size = head[1] * head[2] * 3;
    for (let i = from; i < from + size; i += 3) {
      const [r, g, b] = [raw[i], raw[i + 1], raw[i + 2]];
      if (b !== 0 || r % 4 !== 2 || g % 4 !== 1) continue;
      const n = (r >> 2) * 64 + (g >> 2);
      if (!where.has(n)) where.set(n, new Map());
      const rows = where.get(n);
      if (!rows.has(sheet)) rows.set(sheet, new Set());
      rows.get(sheet).add(Math.floor((i - from) / 3 / head[1]));
    }
    at = from + size;
  }
  return where;
}

const SLIVER = 2; // rows of pixels: padding that a browser leaves behind carries no text

// Spoils the page: print it last.
export async function unbroken(page, file) {
  await page.emulateMedia({ media: 'print' });
  const marks = await page.evaluate(paint, WHOLE);
  await page.emulateMedia({ media: null });
  writeFileSync(file, await page.pdf(options));
  const where = seen(file), found = [];
  const on = ids => {
    const all = ids.flatMap(id => [...(where.get(id) ?? [])]);
    const large = all.filter(([, rows]) => rows.size > SLIVER);
    return [...new Set((large.length ? large : all).map(([sheet]) => sheet))].sort((a, b) => a - b);
  };
  for (const box of marks.boxes) {
    const sheets = on(box.inner);
    if (sheets.length > 1) found.push(`cut between sheets ${sheets[0]} and ${sheets[1]}: '${box.label}'`);
    if (sheets.length === 0) found.push(`not printed: '${box.label}'`);
  }
  for (const h of marks.headings) {
    const [a, b] = [on([h.id]), on([h.next])];
    if (a.length && b.length && a.at(-1) !== b[0]) found.push(`heading alone at the foot of sheet ${a.at(-1)}: '${h.label}'`);
  }
  return { found: found.slice(0, 8), boxes: marks.boxes.length };
}
