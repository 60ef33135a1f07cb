// DuckDB on the jobs of the benchmark; common.mjs tells the arguments.
import { job, input, output, threads, models, mgPerMmol, sampleRows, constant, load, measure } from './common.mjs';

const { DuckDBInstance } = load('@duckdb/node-api');
const database = await DuckDBInstance.create(':memory:', { threads });
const connection = await database.connect();
const sql = (text) => connection.run(text);
const version = (await connection.runAndReadAll('SELECT version()')).getRows()[0][0];

const types = {
  person_id: 'INTEGER', group_id: 'VARCHAR', sex: 'VARCHAR', smoking_status: 'VARCHAR', diabetes: 'TINYINT',
  bp_treated: 'TINYINT', exam_date: 'DATE', birth_date: 'DATE', age: 'SMALLINT', sbp: 'SMALLINT', dbp: 'SMALLINT', heart_rate: 'SMALLINT',
};
const header = async () => (await connection.runAndReadAll(
  `SELECT * FROM read_csv('${input}', header = true, all_varchar = true) LIMIT 0`)).columnNames();
const csv = async () => {
  const columns = (await header()).map((name) => `'${name}': '${types[name] ?? 'DOUBLE'}'`);
  return `read_csv('${input}', header = true, auto_detect = false, columns = {${columns.join(', ')}})`;
};

// Of the words only what the models need: numbers compare faster.
const coded = `* REPLACE (sex = 'male' AS sex, smoking_status = 'current' AS smoking_status,
  CAST(substr(group_id, 2) AS SMALLINT) AS group_id)`;
const male = job === 'csv' ? "sex = 'male'" : 'sex';
const smoker = job === 'csv' ? "smoking_status = 'current'" : 'smoking_status';

const risk = (c) => `1 - exp(-exp(${c.age} * ln_age + ${c.tc} * ln_tc + ${c.hdl} * ln_hdl
  + CASE WHEN treated THEN ${c.sbp_treated} ELSE ${c.sbp_untreated} END * ln_sbp
  + ${c.smoker} * smoker + ${c.diabetes} * diabetes + ${constant(c)}))`;
const risks = (from, keep) => `SELECT ${keep}, ${models.map((m) =>
  `CAST(CASE WHEN male THEN ${risk(m.men)} ELSE ${risk(m.women)} END AS FLOAT) AS risk_${m.id}`).join(', ')}
  FROM (SELECT ${keep}, ${male} AS male, ln(age) AS ln_age, ln(tc / ${mgPerMmol}) AS ln_tc,
    ln(hdl / ${mgPerMmol}) AS ln_hdl, CASE WHEN bp_treated IS NULL THEN NULL ELSE ln(sbp) END AS ln_sbp,
    bp_treated = 1 AS treated, CAST(${smoker} AS DOUBLE) AS smoker, CAST(diabetes AS DOUBLE) AS diabetes FROM ${from})`;
const means = models.map((m) => `avg(risk_${m.id}) AS risk_${m.id}`).join(', ');
const byGroup = (from) => `COPY (SELECT group_id, count(*) AS people, count(risk_0) AS valued, ${means}
  FROM ${from} GROUP BY group_id ORDER BY group_id) TO '${output}.groups.csv' (HEADER)`;

const jobs = {
  prepare: async () => sql(`COPY (SELECT ${coded} FROM ${await csv()}) TO '${output}' (FORMAT parquet)`),
  ingest: async () => sql(`CREATE OR REPLACE TABLE people AS SELECT * FROM ${await csv()}`),
  groups: async () => sql(byGroup(`(${risks(`'${input}'`, 'group_id')})`)),
  risks: async () => {
    await sql(`CREATE OR REPLACE TEMP TABLE risks AS ${risks(`'${input}'`, 'group_id')}`);
    await sql(`COPY (SELECT * EXCLUDE group_id FROM risks) TO '${output}' (FORMAT parquet)`);
    await sql(byGroup('risks'));
  },
  csv: async () => sql(`COPY (${risks(await csv(), 'person_id')}) TO '${output}' (HEADER)`),
};
await measure('DuckDB', version, jobs[job]);
if (job === 'risks')
  await sql(`COPY (SELECT * FROM '${output}' LIMIT ${sampleRows}) TO '${output}.sample.csv' (HEADER)`);
