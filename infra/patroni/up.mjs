// node infra/patroni/up.mjs [members] [etcds]: a cluster to play with, until Ctrl-C. Prints its address and, for `patronictl -c`, each member's
// configuration.
import { startCluster, USUAL_TIMES } from './cluster.mjs';

const [members = '2', etcds = '1'] = process.argv.slice(2);
const cluster = await startCluster({ members: Number(members), etcds: Number(etcds), timing: USUAL_TIMES });
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await cluster.stop();
    process.exit(0);
  });
}
for (const { name, configFile, dataDir, rest } of cluster.members)
  console.log(`${name}: PATRONI=${configFile} data in ${dataDir}, ${rest}/cluster`);
console.log(`DATABASE_ADMIN_URL=${cluster.url()}`);
