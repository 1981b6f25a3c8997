// What several regions cost, from the kept results of the bench (`pnpm bench --only regions`).
import { finderOf, keptResults, percentOf, shown } from './results.mjs';
import { table } from './tables.mjs';

const WORK = [
  ['regionAlone', 'one region alone'],
  ['regionOfThree', 'one of three, the others take its rows'],
  ['regionsThree', 'three of three'],
];
const MEMBERS = [3, 7];

export const regionCosts = () => regionCostsOf(keptResults());

/** @param {object[]} results newest first, each with its file's `name` */
export function regionCostsOf(results) {
  const { find, sources } = finderOf(results);
  const parts = [throughput(find), perStep(find), submissions(find), decisions(find), check(find)];
  const from = sources();
  const end = from === null ? 'Nothing was measured yet.' : `${from}. All regions, executors and whoever submits shared those cores.`;
  return [...parts, end].join('\n\n');
}

function throughput(find) {
  const of = (key, metric) => shown(find('regionsThroughput', key, metric), 0);
  return table(
    ['3-step chains, on one machine', 'steps a second at home', 'until all have them', 'the last is everywhere after, ms'],
    WORK.map(([key, what]) => {
      const alone = key === 'regionAlone';
      return [what, of(key, 'stepsPerSecond'), alone ? '' : of(key, 'everywherePerSecond'), alone ? '' : of(key, 'caughtUpMs')];
    }),
  );
}

function perStep(find) {
  const of = (key, metric, digits) => shown(find('regionsThroughput', key, metric), digits);
  const one = 'regionOfThree';
  return table(
    ['a step of a 3-step chain costs', 'CPU of the database, ms', 'WAL, bytes'],
    [
      ['a region alone', of('regionAlone', 'databaseCpuMsPerStep', 3), of('regionAlone', 'walBytesPerStep', 0)],
      ['its home, with two peers', of(one, 'homeCpuMsPerStep', 3), of(one, 'homeWalBytesPerStep', 0)],
      ['each peer', of(one, 'peerCpuMsPerStep', 3), of(one, 'peerWalBytesPerStep', 0)],
      [`sent to each peer: ${of(one, 'sentRowsPerStep', 1)} rows`, '', `${of(one, 'sentBytesPerStep', 0)} on the wire`],
      ['one link applies, steps a second', of('regionLink', 'appliedStepsPerSecond', 0), ''],
      ['the same, rows a second', of('regionLink', 'appliedRowsPerSecond', 0), ''],
    ],
  );
}

function submissions(find) {
  const of = (clients, metric) => shown(find('regionsSubmission', `clients${clients}`, metric), 1);
  const row = (clients) => [
    clients === 1 ? '1 client' : `${clients} clients at once`,
    ...['localP50Ms', 'localP99Ms', 'quorumP50Ms', 'quorumP99Ms'].map((metric) => of(clients, metric)),
  ];
  return table(['a submission, ms', '`local` p50', 'p99', '`quorum` p50', 'p99'], [row(1), row(50)]);
}

function decisions(find) {
  const of = (members, metric, digits) => shown(find('regionsDecisions', `members${members}`, metric), digits);
  const row = (members) => [
    `${members} regions`,
    ...['decisionP50Ms', 'decisionP99Ms', 'grantP50Ms', 'grantP99Ms'].map((metric) => of(members, metric, 1)),
    of(members, 'restDatabaseMsPerSecond', 0),
    of(members, 'restNodeMsPerSecond', 0),
  ];
  const heading = ['deciding', 'a decision, ms: p50', 'p99', 'a round of grants, ms: p50', 'p99'];
  return table([...heading, 'at rest, ms of CPU a second: databases', 'monitors'], MEMBERS.map(row));
}

function check(find) {
  const row = (key, what) => [
    what,
    percentOf(find('regionsCheck', key, 'cpuMore'), 1),
    percentOf(find('regionsCheck', key, 'throughputLost'), 1),
  ];
  return table(
    ['the check of homes in claims and reports', 'more CPU of the database', 'less throughput'],
    [row('checkAlone', 'one region alone'), row('checkInMesh', 'a member with a live lease')],
  );
}
