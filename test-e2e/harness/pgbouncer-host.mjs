// A PgBouncer of infra/patroni for pgbouncer.ts.
import { startPooler } from '../../infra/patroni/pooler.mjs';
import { host } from './hosted.mjs';

await host({
  async start() {
    const pooler = await startPooler(JSON.parse(process.argv[2]));
    return { answer: { port: pooler.port }, commands: {}, close: () => pooler.stop() };
  },
});
