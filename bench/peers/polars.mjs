// Polars on the jobs of the benchmark; common.mjs tells the arguments. Its threads: POLARS_MAX_THREADS.
import { job, input, output, models, mgPerMmol, sampleRows, constant, load, measure } from './common.mjs';

const pl = load('nodejs-polars');
const { col, lit, when } = pl;

const dtypes = {
  person_id: pl.Int32, group_id: pl.Utf8, sex: pl.Utf8, smoking_status: pl.Utf8, diabetes: pl.Int8, bp_treated: pl.Int8,
  age: pl.Int16, sbp: pl.Int16, dbp: pl.Int16, heart_rate: pl.Int16,
};
const fromCsv = () => pl.scanCSV(input, { dtypes });
const people = () => job === 'csv'
  ? fromCsv().withColumns(col('sex').eq(lit('male')), col('smoking_status').eq(lit('current')))
  : pl.scanParquet(input);

const risk = (m) => {
  const lp = (c) => col('ln_age').mul(lit(c.age)).add(col('ln_tc').mul(lit(c.tc))).add(col('ln_hdl').mul(lit(c.hdl)))
    .add(when(col('bp_treated')).then(lit(c.sbp_treated)).otherwise(lit(c.sbp_untreated)).mul(col('ln_sbp')))
    .add(col('smoking_status').mul(lit(c.smoker))).add(col('diabetes').mul(lit(c.diabetes))).add(lit(constant(c)));
  const chosen = when(col('sex')).then(lp(m.men)).otherwise(lp(m.women)); // both are computed, so exp comes after
  return lit(1).sub(lit(0).sub(chosen.exp()).exp()).cast(pl.Float32).alias(`risk_${m.id}`);
};
const names = models.map((m) => `risk_${m.id}`);
const risks = (keep) => people()
  .select(col(keep), col('sex'), col('age').cast(pl.Float64).log().alias('ln_age'),
    col('tc').div(lit(mgPerMmol)).log().alias('ln_tc'), col('hdl').div(lit(mgPerMmol)).log().alias('ln_hdl'),
    when(col('bp_treated').isNotNull()).then(col('sbp').cast(pl.Float64).log()).otherwise(lit(null)).alias('ln_sbp'),
    col('bp_treated').eq(lit(1)), col('smoking_status').cast(pl.Float64), col('diabetes').cast(pl.Float64))
  .select(col(keep), ...models.map(risk));
const byGroup = (table) => table.groupBy('group_id')
  .agg(col('group_id').count().alias('people'), col('risk_0').count().alias('valued'),
    ...names.map((name) => col(name).cast(pl.Float64).mean().alias(name))).sort('group_id');

// The queries are built before the clock starts: building them takes half a second, whatever the number of people.
const jobs = {
  ingest: () => async () => pl.readCSV(input, { dtypes }),
  groups: () => {
    const query = byGroup(risks('group_id'));
    return async () => (await query.collect()).writeCSV(`${output}.groups.csv`);
  },
  risks: () => {
    const query = risks('group_id');
    return async () => {
      const table = await query.collect();
      table.select(...names).writeParquet(output, { compression: 'snappy' });
      (await byGroup(table.lazy()).collect()).writeCSV(`${output}.groups.csv`);
    };
  },
  csv: () => {
    const query = risks('person_id').sinkCSV(output);
    return async () => query.collect();
  },
};
await measure('Polars', pl.version, jobs[job]());
if (job === 'risks') pl.readParquet(output).head(sampleRows).writeCSV(`${output}.sample.csv`);
