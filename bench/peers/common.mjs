// What the JavaScript peers share: their arguments, the coefficients, the clock, the line they print.
//     node PEER.mjs JOB INPUT OUTPUT THREADS ROUNDS      JOB: prepare, ingest, risks, groups, csv
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';

export const [job, input, output, threads, rounds] = process.argv.slice(2);
export const load = createRequire(`${process.env.HRA_BENCH_CACHE}/peers.js`);
export const mgPerMmol = 0.02586; // mmol/L of cholesterol in one mg/dL, as in datasets/dictionary.csv
export const sampleRows = 1000;

const [names, ...lines] = readFileSync(process.env.HRA_BENCH_COEFFICIENTS, 'utf8').trim().split('\n')
  .map((line) => line.split(','));
const strata = lines.map((line) => Object.fromEntries(names.map((name, i) => [name, Number(line[i])])));
export const models = strata.filter((s) => s.male === 0).map((women) => ({
  id: women.model,
  women,
  men: strata.find((s) => s.male === 1 && s.model === women.model),
}));

// 1 - S0 ^ exp(lp - mean) is 1 - exp(-exp(lp + constant)): two exponentials and no power.
export const constant = (c) => Math.log(-Math.log(c.survival)) - c.mean;

// Runs the job ROUNDS times, each into fresh files, and prints the seconds of each round and the peak memory.
export async function measure(engine, version, work) {
  const seconds = [];
  for (let round = 0; round < Number(rounds); round++) {
    rmSync(output, { force: true });
    const start = performance.now();
    await work();
    seconds.push((performance.now() - start) / 1000);
  }
  console.log(JSON.stringify({ engine, version, seconds: Math.min(...seconds), peak_kib: process.resourceUsage().maxRSS }));
}
