import { type ReplicationPeerSeen, replicationProblems } from '../../src/domain/index.js';

const peer = (rest: Partial<ReplicationPeerSeen>): ReplicationPeerSeen => ({
  peer: 'p',
  connected: true,
  lagBytes: 0,
  retainedBytes: 0,
  lost: false,
  ...rest,
});

it.each([
  ['a peer that follows', peer({ lagBytes: 1_000 }), []],
  ['a peer that is behind', peer({ lagBytes: 1_001 }), ['replica p is 1001 bytes behind']],
  ['a peer that is away for a moment', peer({ connected: false, lagBytes: 5_000, retainedBytes: 1_000 }), []],
  [
    'a peer that is away for long',
    peer({ connected: false, lagBytes: 900, retainedBytes: 1_001 }),
    ['replication slot p keeps 1001 bytes of log for a replica that is not connected'],
  ],
  ['a slot that nobody ever used', peer({ connected: false, lagBytes: null, retainedBytes: null }), []],
  [
    'a slot that is lost',
    peer({ connected: false, lagBytes: null, retainedBytes: null, lost: true }),
    ['replication slot p is lost: the log that its replica needs is gone, it must be made anew'],
  ],
])('of %s', (_what, seen, problems) => {
  expect(replicationProblems([seen], 1_000)).toEqual(problems);
});
