// Jest's hooks around a database: made before the first test of a file, reset before each, dropped after the last.
import { createTestDatabase, type TestDatabase } from './database.js';

/** Call at the top of a file or a describe; what it answers can be used inside hooks and tests only. */
export function useTestDatabase(): TestDatabase {
  let current: TestDatabase | undefined;
  beforeAll(async () => {
    current = await createTestDatabase();
  });
  beforeEach(async () => {
    await current?.reset();
  });
  afterAll(async () => {
    await current?.close();
  });
  return new Proxy({} as TestDatabase, {
    get(_, property) {
      if (!current) throw new Error('the database of this suite is made in beforeAll: use it inside a test');
      const value: unknown = Reflect.get(current, property, current);
      return typeof value === 'function' ? value.bind(current) : value;
    },
  });
}
