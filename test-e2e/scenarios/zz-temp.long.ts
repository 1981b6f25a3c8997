import { say } from '../harness/load.js';
import { runChains } from '../harness/chains.js';
import { inRegion } from '../harness/region.js';
import { peakMemory } from '../harness/memory.js';
const RUNS = Number(process.env['RUNS'] ?? 20000);
const env: Record<string, string> = process.env['NODE_X'] ? { NODE_OPTIONS: process.env['NODE_X'] } : {};
it(
  'x',
  inRegion({ executors: 2, record: false, server: { fsync: process.env['FSYNC'] ?? 'on', session_preload_libraries: 'auto_explain', 'auto_explain.log_min_duration': 1500, 'auto_explain.log_nested_statements': 'on', 'auto_explain.log_analyze': 'on', 'auto_explain.log_timing': 'off' }, executorEnv: env }, async (region) => {
    const seen: string[] = [];
    const t = setInterval(
      () =>
        void Promise.all(
          region.of('executor').map(async (e) => {
            const { memory: m, details } = (await (await fetch((await e.address()) + '/health')).json()) as any;
            return `${m.rss_bytes >> 20}/${m.heap_used_bytes >> 20} b${details.executor.busy} u${details.executor.unreported} ab${details.executor.abandoned}`;
          }),
        ).then(
          (x) => seen.push(x.join(' , ')),
          () => seen.push('?'),
        ),
      2000,
    );
    const t2 = setInterval(() => void region.db.sql<any>(`select pid, application_name a, state, wait_event_type||':'||wait_event w, extract(epoch from clock_timestamp()-query_start)::numeric(6,1) age, left(query,60) q from pg_stat_activity where backend_type='client backend' and state<>'idle' and pid<>pg_backend_pid() and clock_timestamp()-query_start > '0.7 s'`).then((r) => { if (r.length) say(new Date().toISOString().slice(17,23)+' '+r.map((x)=>`${x.a} ${x.state} ${x.w} ${x.age} ${x.q}`).join('\n       ')); }), 1000);
    const { right, tookMs, shares } = await runChains(region, RUNS);
    clearInterval(t);clearInterval(t2);
    say(seen.join('\n'));
    say(`${RUNS} in ${(tookMs / 1_000).toFixed(1)} s: ${Math.round((RUNS * 3 * 1_000) / tookMs)} steps/s; right ${right} shares ${shares}`);
    (await import('node:child_process')).execSync('cp /tmp/workflow-crash-*/server.log /tmp/server.log');
    for (const s of region.services) say(`peak memory of ${s.name}: ${Math.round(peakMemory(s.pid) / 1024 / 1024)} MB`);
    for (const s of region.services) say(s.complaints(30).join('\n'));
  }),
);
