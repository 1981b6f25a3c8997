import { type LinkSeen, type MeshSeen, type Offer, type PeerSeen, planMesh, positionOf, slotOf } from '../../src/domain/index.js';

const ME = '11111111-1111-4111-8111-111111111111';
const EU = '22222222-2222-4222-8222-222222222222';
const US = '33333333-3333-4333-8333-333333333333';
const SLOT = slotOf({ me: ME, them: EU, generation: 1 });
const SLOT_2 = slotOf({ me: ME, them: EU, generation: 2 });
const TABLES = { runs: ['run_id', 'status'], steps: ['run_id'] };

const own: MeshSeen['own'] = {
  memberId: ME,
  region: 'ap',
  schema: 12,
  columns: new Map(Object.entries(TABLES)),
  commit: 'off',
};
const nothing: LinkSeen = {
  memberId: EU,
  region: 'eu',
  peerSchema: null,
  publishedVersion: null,
  publicationStale: null,
  generation: 0,
  subscribed: false,
  enabled: false,
  slot: null,
  commit: null,
  addressSha256: null,
  tables: [],
  tablesToCopy: null,
  copiedPosition: null,
  appliedPosition: null,
  whole: false,
  sealed: false,
  outdated: false,
};
const published = { publishedVersion: 12, publicationStale: false, peerSchema: 12 };
const made: Partial<LinkSeen> = { ...published, generation: 1, subscribed: true, slot: SLOT, commit: 'off', addressSha256: 'a' };
const copied: Partial<LinkSeen> = { ...made, enabled: true, tables: ['runs', 'steps'], tablesToCopy: 0, copiedPosition: '0/500' };
const complete: Partial<LinkSeen> = { ...copied, whole: true, appliedPosition: '0/600' };
const slotAt = (confirmed: string | null, more: object = {}) => ({ name: SLOT, active: true, confirmed, lost: false, ...more });
const offering: Offer = { schema: 12, flushed: '0/700', publication: TABLES, slots: [] };

const peer = (link: Partial<LinkSeen>, offer: Partial<Offer> | string = {}, addressSha256: string | null = 'a'): PeerSeen => ({
  link: { ...nothing, ...link },
  answer: typeof offer === 'string' ? { silent: offer } : { offer: { ...offering, ...offer } },
  addressSha256,
});
const plan = (...peers: PeerSeen[]) => planMesh({ own, peers, leftovers: [] });
/** What is done about the one peer, without the sentences. */
const doneAbout = (one: PeerSeen) => plan(one).actions.map(({ sentence: _, ...action }) => action);
const waitingFor = (one: PeerSeen) => plan(one).waiting.map(({ sentence }) => sentence);
const to = { memberId: EU, region: 'eu' };
const again = { do: 'drop_link', subscription: SLOT, reachable: true };

describe('the way of a link', () => {
  it('begins with a publication each way; the subscriber waits for the peer’s', () => {
    const start = peer({}, { publication: null });
    expect(doneAbout(start)).toEqual([{ do: 'publish', ...to, version: 12 }]);
    expect(waitingFor(start)).toEqual(['eu has not published to ap yet']);
  });

  it('goes on with a slot at the peer', () => {
    expect(doneAbout(peer(published))).toEqual([{ do: 'make_slot', ...to, slot: SLOT }]);
  });

  it('waits for a slot that is being made: transactions that are open at the peer hold it up', () => {
    const making = peer(published, { slots: [slotAt(null)] });
    expect(doneAbout(making)).toEqual([]);
    expect(waitingFor(making)).toEqual([`slot ${SLOT} is being made at eu: it waits for transactions that are open there`]);
  });

  it('goes on with the subscription once the slot stands', () => {
    expect(doneAbout(peer(published, { slots: [slotAt('0/100', { active: false })] }))).toEqual([
      { do: 'make_link', ...to, slot: SLOT, generation: 1 },
    ]);
  });

  it('is enabled by unseal, then takes the tables, by a copy', () => {
    const slots = [slotAt('0/100')];
    expect(doneAbout(peer(made, { slots }))).toEqual([{ do: 'unseal', ...to }]);
    expect(doneAbout(peer({ ...made, enabled: true }, { slots }))).toEqual([{ do: 'refresh', ...to }]);
    expect(waitingFor(peer({ ...copied, tablesToCopy: 2, copiedPosition: null }, { slots }))).toEqual([
      '2 tables are being copied from eu',
    ]);
    expect(doneAbout(peer({ ...copied, copiedPosition: null }, { slots }))).toEqual([{ do: 'note_copied', ...to }]);
  });

  it('is whole when it has confirmed where the peer’s log was after the copy, not before', () => {
    expect(waitingFor(peer(copied, { slots: [slotAt('0/4FF')] }))).toEqual(['the link from eu has confirmed 0/4FF, and is whole at 0/500']);
    expect(doneAbout(peer(copied, { slots: [slotAt('0/500')] }))).toEqual([{ do: 'note_whole', ...to, slot: SLOT, confirmed: '0/500' }]);
  });

  it('ends in nothing to do', () => {
    expect(plan(peer(complete, { slots: [slotAt('0/600')] }))).toEqual({ actions: [], waiting: [] });
  });
});

describe('a sealed link', () => {
  it('is not enabled, nor refreshed', () => {
    expect(plan(peer({ ...made, sealed: true }, { slots: [slotAt('0/100')] }))).toEqual({ actions: [], waiting: [] });
  });

  it('is made anew all the same when its slot is lost', () => {
    const lost = peer({ ...complete, enabled: false, sealed: true }, { slots: [slotAt('0/600', { lost: true })] });
    expect(doneAbout(lost)).toEqual([again]);
  });
});

describe('a link that cannot go on', () => {
  it.each([
    ['its slot is lost', { slots: [slotAt('0/600', { lost: true })] }, {}],
    ['its slot is gone', { slots: [] }, {}],
    ['this region copies again', { slots: [slotAt('0/600')] }, { outdated: true }],
    ['the peer’s log ends before what was applied of it', { slots: [slotAt('0/600')], flushed: '0/5FF' }, {}],
  ] satisfies [string, Partial<Offer>, Partial<LinkSeen>][])('is dropped where %s', (_, offer, link) => {
    expect(doneAbout(peer({ ...complete, ...link }, offer))).toEqual([again]);
  });

  it('gets a slot of another name', () => {
    const lost = slotAt('0/600', { lost: true, active: false });
    const dropped = { ...published, generation: 1 };
    expect(doneAbout(peer(dropped, { slots: [lost] }))).toEqual([{ do: 'make_slot', ...to, slot: SLOT_2 }]);
    const next = slotAt('0/700', { name: SLOT_2, active: false });
    expect(doneAbout(peer(dropped, { slots: [lost, next] }))).toEqual([{ do: 'make_link', ...to, slot: SLOT_2, generation: 2 }]);
  });

  it('takes no name of a slot that is lost, nor the slot that it had, whatever became of it', () => {
    const dropped = { ...published, generation: 1 };
    const slots = [slotAt('0/600', { active: false }), slotAt('0/600', { name: SLOT_2, active: false, lost: true })];
    expect(doneAbout(peer(dropped, { slots }))).toEqual([{ do: 'make_slot', ...to, slot: slotOf({ me: ME, them: EU, generation: 3 }) }]);
    expect(doneAbout(peer(dropped, { slots: slots.slice(0, 1) }))).toEqual([{ do: 'make_slot', ...to, slot: SLOT_2 }]);
  });

  it('drops neither its own slot, when nobody reads it for a moment, nor a former one that is still read', () => {
    expect(doneAbout(peer(complete, { slots: [slotAt('0/600', { active: false })] }))).toEqual([]);
    const former = [slotAt('0/600'), slotAt('0/700', { name: SLOT_2 })];
    expect(doneAbout(peer({ ...complete, slot: SLOT_2, generation: 2 }, { slots: former }))).toEqual([]);
  });

  it('drops the former slot when it is whole, and not while it is not', () => {
    const slots = [slotAt('0/600', { lost: true, active: false }), slotAt('0/700', { name: SLOT_2 })];
    expect(doneAbout(peer({ ...complete, slot: SLOT_2, generation: 2 }, { slots }))).toEqual([{ do: 'drop_peer_slot', ...to, slot: SLOT }]);
    expect(doneAbout(peer({ ...copied, slot: SLOT_2, generation: 2 }, { slots }))).toEqual([
      { do: 'note_whole', ...to, slot: SLOT_2, confirmed: '0/700' },
    ]);
  });
});

describe('an address', () => {
  it('that changed is set, and so is what a standby asks for', () => {
    const slots = [slotAt('0/600')];
    expect(doneAbout(peer(complete, { slots }, 'another'))).toEqual([{ do: 'readdress', ...to }]);
    expect(doneAbout(peer({ ...complete, commit: 'on' }, { slots }))).toEqual([{ do: 'readdress', ...to }]);
  });

  it('that is missing, or that does not answer, is waited for; what stands stays', () => {
    expect(plan(peer(complete, {}, null))).toEqual({
      actions: [],
      waiting: [{ region: 'eu', sentence: 'REGIONS has no replication address for eu' }],
    });
    expect(plan(peer(complete, 'does not answer: timeout'))).toEqual({
      actions: [],
      waiting: [{ region: 'eu', sentence: 'eu does not answer: timeout' }],
    });
  });
});

describe('schema versions', () => {
  const others = (schema: number | null, more: Partial<LinkSeen> = {}) =>
    peer({ ...complete, memberId: US, region: 'us', peerSchema: schema, ...more }, 'does not answer: timeout');
  const eu = (schema: number, link: Partial<LinkSeen> = {}) => peer({ ...complete, ...link }, { schema, slots: [slotAt('0/600')] });

  it('are published as the lowest of all members has them, the silent one’s as it was', () => {
    expect(plan(eu(12, { publishedVersion: 11 }), others(11, { publishedVersion: 11 })).actions).toEqual([]);
    const versions = plan(eu(12, { publishedVersion: 11 }), others(12, { publishedVersion: 11 })).actions.map((action) => ({
      do: action.do,
      version: 'version' in action ? action.version : null,
    }));
    expect(versions).toEqual([
      { do: 'publish', version: 12 },
      { do: 'publish', version: 12 },
    ]);
  });

  it('are not above this region’s own, and never fall', () => {
    expect(plan(eu(13, { publishedVersion: 11 })).actions).toMatchObject([{ do: 'publish', version: 12 }]);
    expect(plan(eu(11)).actions).toEqual([]);
  });

  it('refuse a new peer that is older than what is sent, by name', () => {
    const older = peer({ memberId: US, region: 'us', peerSchema: 11 }, { schema: 11, publication: null });
    expect(plan(eu(12), older)).toEqual({
      actions: [],
      waiting: [
        { region: 'us', sentence: 'us has schema 11 and this mesh sends 12: it must be upgraded first' },
        { region: 'us', sentence: 'us has not published to ap yet' },
      ],
    });
  });

  it('refuse to read what this region lacks, by name', () => {
    const column = peer(published, { publication: { ...TABLES, steps: ['run_id', 'extra'] } });
    expect(waitingFor(column)).toEqual(['eu sends column steps.extra, which schema 12 here lacks: upgrade ap']);
    const table = peer({ ...made, enabled: true }, { publication: { ...TABLES, notes: ['id'] }, slots: [slotAt('0/100')] });
    expect(waitingFor(table)).toEqual(['eu sends table notes, which schema 12 here lacks: upgrade ap']);
  });

  it('are set again where somebody changed a publication', () => {
    expect(plan(eu(12, { publicationStale: true })).actions).toMatchObject([{ do: 'publish', version: 12 }]);
  });
});

describe('what is left of former members', () => {
  it('is dropped, but for a link that may still bring something', () => {
    const leftovers = [
      { kind: 'subscription', name: 'sub_a_from_b', needed: false },
      { kind: 'subscription', name: 'sub_a_from_c', needed: true },
      { kind: 'publication', name: 'pub_to_b', needed: false },
      { kind: 'slot', name: 'sub_b_from_a', needed: false },
    ] as const;
    const { actions, waiting } = planMesh({ own, peers: [], leftovers });
    expect(actions).toMatchObject([
      { do: 'drop_link', subscription: 'sub_a_from_b', reachable: false },
      { do: 'drop_publication', name: 'pub_to_b' },
      { do: 'drop_slot', name: 'sub_b_from_a' },
    ]);
    expect(waiting).toEqual([
      {
        region: 'sub_a_from_c',
        sentence: 'sub_a_from_c stays: not every group that its member was home of has been adopted as far as is known here',
      },
    ]);
  });
});

it('compares positions as numbers, not as text', () => {
  expect(positionOf('1/0') > positionOf('0/FFFFFFFF')).toBe(true);
  expect(positionOf('0/A') < positionOf('0/10')).toBe(true);
  expect(() => positionOf('nowhere')).toThrow(RangeError);
});
