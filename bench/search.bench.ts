import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { emptyApplication } from '../src/core/features/application/draft.ts';
import { searchTermsOf } from '../src/core/features/application/search-terms.ts';
import type { Tx } from '../src/core/storage/database.ts';
import { insertApplication } from '../src/core/storage/repositories/application-repository.ts';
import { applicationDataSchema, type ApplicationData } from '../src/shared/rules/application-data.ts';
import { atMost, quantile, type Figure } from './bench.ts';
import { benchActor } from './support/bench-actor.ts';
import { openBenchCore, type BenchCore } from './support/bench-core.ts';

/** A million cases take minutes to write: asked for by `QEYD_BENCH_LARGE=1`. */
const sizes = process.env['QEYD_BENCH_LARGE'] === '1' ? [100_000, 1_000_000] : [100_000];
const limitsMs: Readonly<Record<number, number>> = { 100_000: 5, 1_000_000: 10 };
const searches = 400;
/** A page of the index is written once a transaction, however many terms fell into it. */
const perTransaction = 100_000;
const fillCacheKib = 4 * 1024 * 1024;

const surnames =
  'MƏMMƏDOV ƏLİYEV HÜSEYNOV QULİYEV HƏSƏNOV İSMAYILOV ABBASOV CƏFƏROV RZAYEV KÖÇƏRLİ ŞIXLI BAĞIROV NƏBİYEV ORUCOV ZEYNALOV'.split(' ');
const givenNames = 'ELVİN NURAY ÇİNGİZ GÜNEL TOĞRUL LALƏ YUSİF XƏYALƏ FƏRİD ANAR AYGÜN RƏŞAD SEVDA KAMRAN NİGAR ORXAN ZİYA LEYLA'.split(
  ' ',
);

/** What a person types into the search box until the case is on the screen, through the dispatcher, on an encrypted file. */
export async function bench(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-bench-search-'));
  const core = await openBenchCore(folder);
  const figures: Figure[] = [];
  try {
    let filled = 0;
    for (const size of sizes) {
      fill(core, filled, size);
      filled = size;
      const samples = await measure(core, size);
      figures.push(
        atMost(
          `search p95, ${size / 1000} thousand cases`,
          quantile(samples.wallMs, 0.95),
          'ms',
          limitsMs[size] ?? 10,
          `processor time p95 ${quantile(samples.processorMs, 0.95).toFixed(2)} ms, slowest ${quantile(samples.wallMs, 1).toFixed(1)} ms`,
        ),
      );
    }
  } finally {
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return figures;
}

/** In the order cases come, so that the index looks as it would after years; only the cache is larger while it is filled. */
function fill(core: BenchCore, from: number, until: number): void {
  const cacheBefore = Number(core.db.get('PRAGMA cache_size')?.['cache_size']);
  setCache(core, -fillCacheKib);
  for (let start = from; start < until; start += perTransaction) {
    core.db.transact((tx) => {
      for (let index = start; index < Math.min(until, start + perTransaction); index += 1) insertCase(tx, index);
    });
  }
  setCache(core, cacheBefore);
}

function setCache(core: BenchCore, pages: number): void {
  core.db.transact((tx) => tx.run(`PRAGMA cache_size = ${pages}`));
}

const filedAtMs = Date.UTC(2026, 5, 22, 6);
const template = emptyApplication('desk-bench', filedAtMs);
const blank = applicationDataSchema.parse({});

function insertCase(tx: Tx, index: number): void {
  const applicationId = idOf(index);
  const data = dataOf(index);
  insertApplication(tx, {
    ...template,
    applicationId,
    data,
    state: 'ARCHIVED',
    operatorId: benchActor.operatorId,
    operatorLogin: benchActor.login,
    operatorName: benchActor.fullName,
  });
  const contractNumber = `BEN1-01-2026/${pad(index, 7)}`;
  const terms = searchTermsOf(data, { contractNumber, serials: [serialOf(index), serialOf(index + 0x8000000)] });
  for (const term of new Set(terms)) {
    tx.run('INSERT INTO application_search (term, application_id) VALUES (@term, @applicationId)', { term, applicationId });
  }
}

function dataOf(index: number): ApplicationData {
  const surname = `${pick(surnames, index)}${pick(['', 'A', 'LI', 'ZADƏ'], Math.floor(index / 7))}`;
  const person = {
    ...blank.person,
    fin: finOf(index),
    surname,
    givenName: pick(givenNames, Math.floor(index / 15)),
    fatherName: pick(givenNames, Math.floor(index / 271)),
    citizenship: 'AZE',
  };
  return { ...blank, person, carrier: { ...blank.carrier, phone: phoneOf(index), iccid: `8999401${pad(index, 12)}` } };
}

/** Wall time is what a person waits; processor time says what it would be on a machine that does nothing else. */
interface Samples {
  readonly wallMs: number[];
  readonly processorMs: number[];
}

async function measure(core: BenchCore, size: number): Promise<Samples> {
  const samples: Samples = { wallMs: [], processorMs: [] };
  const { client } = core;
  for (let round = -50; round < searches; round += 1) {
    const text = queryOf(Math.floor(Math.abs(Math.sin(round + 1)) * size), Math.abs(round));
    const processorBefore = process.cpuUsage();
    const startedMs = performance.now();
    await client.application.search({ text });
    // The first ones warm the code and the pages up.
    if (round < 0) continue;
    samples.wallMs.push(performance.now() - startedMs);
    const { user, system } = process.cpuUsage(processorBefore);
    samples.processorMs.push((user + system) / 1000);
  }
  return samples;
}

/** What people type, in turn: codes in full and in part, names in either order, the commonest surname alone. */
function queryOf(index: number, round: number): string {
  const { person, carrier } = dataOf(index);
  const surname = person.surname.toLowerCase();
  switch (round % 8) {
    case 0:
      return person.fin;
    case 1:
      return person.fin.slice(0, 5);
    case 2:
      return carrier.phone;
    case 3:
      return `0${carrier.phone.slice(4, 10)}`;
    case 4:
      return `${surname} ${person.givenName.slice(0, 3)}`;
    case 5:
      return `${person.givenName} ${surname}`;
    case 6:
      return 'məmmədov';
    default:
      return serialOf(index);
  }
}

function pick<T>(from: readonly T[], index: number): T {
  return from[index % from.length] as T;
}
function pad(index: number, length: number): string {
  return String(index).padStart(length, '0');
}
function finOf(index: number): string {
  return `Q${index.toString(36).toUpperCase().replaceAll('O', 'Y').replaceAll('I', 'Z').padStart(6, '0')}`;
}
function phoneOf(index: number): string {
  return `+99450${pad(index % 10_000_000, 7)}`;
}
function serialOf(index: number): string {
  return (index * 2_654_435_761).toString(16).toUpperCase().padStart(16, '0');
}
function idOf(index: number): string {
  return `0197a000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
}
