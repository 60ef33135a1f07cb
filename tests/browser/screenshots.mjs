// Screenshots held against goldens. They are taken small, with one font and without what changes with every edit of
// the definitions, and compared with a tolerance: they are about the look; words and numbers are checked elsewhere.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FAINT = 32;      // of 255: edges of letters differ between versions of a browser
const SHARE = 0.002;   // of all pixels may differ by more

function settle() {
  const style = document.createElement('style');
  style.textContent = '* { font-family: "Noto Sans CJK SC" !important; transition: none !important; caret-color: transparent !important }';
  document.head.append(style);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());)
    node.data = node.data.replace(/[0-9a-f]{64}/g, '0'.repeat(64)).replace(/hra \d+\.\d+\.\d+\S*/g, 'hra');
}

// Runs in a page of its own with scripts on: sizes and share of pixels that differ, and a picture of where.
async function differ([golden, actual, faint]) {
  const load = async bytes => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + bytes;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height), at = canvas.getContext('2d');
    at.drawImage(image, 0, 0);
    return at.getImageData(0, 0, image.width, image.height);
  };
  const [a, b] = [await load(golden), await load(actual)];
  if (a.width !== b.width || a.height !== b.height) return { sizes: `${b.width} x ${b.height} instead of ${a.width} x ${a.height}` };
  let count = 0;
  for (let i = 0; i < a.data.length; i += 4)
    if (Math.max(...[0, 1, 2].map(c => Math.abs(a.data[i + c] - b.data[i + c]))) > faint) count++;
  return { share: count / (a.width * a.height) };
}

export async function looks(browser, judge, url, name, width, folders, renew) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, deviceScaleFactor: 0.4, javaScriptEnabled: false, offline: true });
  const page = await context.newPage();
  await page.goto(url);
  await page.evaluate(settle);
  const bytes = await page.screenshot({ fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(2400, await page.evaluate(() => document.documentElement.scrollHeight)) } });
  await context.close();
  const golden = join(folders.goldens, name + '.png');
  if (renew) {
    writeFileSync(golden, bytes);
    return [];
  }
  const keep = why => {
    mkdirSync(folders.failed, { recursive: true });
    writeFileSync(join(folders.failed, name + '.png'), bytes);
    return [`${why}; see ${join(folders.failed, name + '.png')}; if it is meant to look so: tests/browser/run.sh HRA --renew`];
  };
  if (!existsSync(golden)) return keep('no golden');
  const { sizes, share } = await judge.evaluate(differ, [readFileSync(golden).toString('base64'), bytes.toString('base64'), FAINT]);
  if (sizes) return keep(`the screenshot has ${sizes}`);
  return share > SHARE ? keep(`${(100 * share).toFixed(2)} % of the pixels differ from the golden`) : [];
}
