// Ends what a suite started and did not end: told pids over Node's channel, it kills those that still live when the channel closes, be it because
// the suite is done or because it was killed itself. A process is known by its pid and the moment it began, for pids are given anew.
import { identityOf, isAlive } from '../../scripts/lib/processes.mjs';

const watched = new Map();

process.on('message', ({ watch, forget }) => {
  for (const pid of watch ?? []) watched.set(pid, { pid, identity: identityOf(pid) });
  for (const pid of forget ?? []) watched.delete(pid);
});
process.once('disconnect', () => {
  for (const note of watched.values()) if (isAlive(note)) process.kill(note.pid, 'SIGKILL');
  process.exit(0);
});
// Ctrl-C goes to the whole group: the suite ends by it, and with the suite the channel.
process.on('SIGINT', () => {});
