// For tests only: databases, sessions, clocks, factories. Never imported from a package's src.
export { json, type Role, type Row } from './connect.js';
export { CrashableServer } from './crashable-server.js';
export { adoptDatabase, createTestDatabase, TestDatabase, type Caller } from './database.js';
export { testEnvironment, type TestEnvironment } from './environment.js';
export { Factory, type Rebuilt, type Registered, type WorkerOptions } from './factory.js';
export type * from './rows.js';
export { assertLaws, brokenLaws, laws, type BrokenLaw } from './laws.js';
export { fc, seeded } from './seed.js';
export { Session, type Pending } from './session.js';
export { useTestDatabase } from './suite.js';
export { waitFor, type WaitOptions } from './wait.js';
export { TestWorker, type CallOptions, type ClaimOptions, type TakeOptions } from './worker.js';
