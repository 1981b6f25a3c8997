// A cluster of infra/patroni for patroni.ts.
import { startCluster } from '../../infra/patroni/cluster.mjs';
import { host } from './hosted.mjs';

await host({
  async start() {
    const cluster = await startCluster(JSON.parse(process.argv[2]));
    return {
      answer: { url: cluster.url(), members: cluster.members.map(({ name }) => name) },
      commands: {
        primary: () => cluster.primary(),
        status: () => cluster.status(),
        kill: (name, how) => cluster.member(name).kill(how ?? {}),
        start: async (name) => cluster.member(name).start(),
        follows: (name) => cluster.follows(name),
        switchover: (to) => cluster.switchover(to),
        holdBack: (name) => cluster.holdBack(name),
        logs: async () => cluster.logs(),
      },
      close: () => cluster.stop(),
    };
  },
});
