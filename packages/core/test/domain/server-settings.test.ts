import { sentenceOfSetting, type SettingSeen, wrongSettings } from '../../src/domain/index.js';

const right: Record<string, [string, (string | null)?]> = {
  wal_level: ['logical'],
  max_replication_slots: ['20'],
  max_wal_senders: ['20'],
  max_active_replication_origins: ['20'],
  max_logical_replication_workers: ['20'],
  max_worker_processes: ['40'],
  max_sync_workers_per_subscription: ['2'],
  wal_sender_timeout: ['10000', 'ms'],
  wal_receiver_timeout: ['10000', 'ms'],
  wal_writer_delay: ['10', 'ms'],
  max_slot_wal_keep_size: ['4096', 'MB'],
  idle_replication_slot_timeout: ['0', 's'],
  synchronized_standby_slots: [''],
};
const seen = (changes: Record<string, string> = {}): SettingSeen[] =>
  Object.entries(right).map(([name, [setting, unit = null]]) => ({ name, setting: changes[name] ?? setting, unit }));
const three = { regions: 3, physicalSlots: [], standbySlots: null };
const wrong = (changes: Record<string, string>, shape: Parameters<typeof wrongSettings>[1] = three) =>
  wrongSettings(seen(changes), shape).map(({ name, value, wanted }) => `${name} ${value} -> ${wanted}`);

it('finds nothing wrong with a server that is configured for its mesh', () => {
  expect(wrong({})).toEqual([]);
});

it('names what is wrong, and the value that is wanted', () => {
  expect(wrong({ wal_level: 'replica' })).toEqual(['wal_level replica -> logical']);
  expect(wrong({ wal_sender_timeout: '60000' })).toEqual(['wal_sender_timeout 60000 ms -> 10000 ms']);
  expect(wrong({ wal_receiver_timeout: '0' })).toEqual(['wal_receiver_timeout 0 ms -> 10000 ms']);
  expect(wrong({ wal_writer_delay: '200' })).toEqual(['wal_writer_delay 200 ms -> 10 ms']);
  expect(wrong({ max_slot_wal_keep_size: '-1' })).toEqual(['max_slot_wal_keep_size -1 MB -> a bound, in MB']);
  expect(wrong({ idle_replication_slot_timeout: '60' })).toEqual(['idle_replication_slot_timeout 60 s -> 0']);
});

it('counts what the number of regions needs', () => {
  const counts = {
    max_replication_slots: '10',
    max_wal_senders: '10',
    max_active_replication_origins: '10',
    max_logical_replication_workers: '4',
    max_worker_processes: '8',
  };
  expect(wrong(counts)).toEqual(['max_logical_replication_workers 4 -> at least 8', 'max_worker_processes 8 -> at least 17']);
  expect(wrong(counts, { ...three, regions: 5 })).toEqual([
    'max_replication_slots 10 -> at least 16',
    'max_wal_senders 10 -> at least 12',
    'max_active_replication_origins 10 -> at least 16',
    'max_logical_replication_workers 4 -> at least 16',
    'max_worker_processes 8 -> at least 25',
  ]);
});

it('wants the slots of the living standbys in synchronized_standby_slots, where the monitor may not set it', () => {
  const shape = { regions: 3, physicalSlots: ['one', 'two'], standbySlots: ['one', 'two'] };
  expect(wrong({ synchronized_standby_slots: 'one' }, shape)).toEqual(['synchronized_standby_slots one -> one, two']);
  expect(wrong({ synchronized_standby_slots: 'one' }, { ...shape, standbySlots: [] })).toEqual(['synchronized_standby_slots one -> empty']);
  expect(wrong({ synchronized_standby_slots: 'one' }, { ...shape, standbySlots: null })).toEqual([]);
});

it('says it in a sentence', () => {
  const [setting] = wrongSettings(seen({ wal_level: 'minimal' }), three);
  expect(sentenceOfSetting(setting!)).toBe('wal_level is minimal, wanted logical: no other region can subscribe');
  const [empty] = wrongSettings(seen(), { regions: 3, physicalSlots: ['one'], standbySlots: ['one'] });
  expect(sentenceOfSetting(empty!)).toMatch(/^synchronized_standby_slots is empty, wanted one: peers would be ahead/);
});
