// For tests only: databases, sessions, clocks, factories. Never imported from a package's src.
export { json, type Role, type Row } from './connect.js';
export { CrashableServer } from './crashable-server.js';
export { adoptDatabase, createTestDatabase, TestDatabase, type Caller } from './database.js';
export { testEnvironment, type TestEnvironment } from './environment.js';
export { Factory, type Rebuilt, type Registered, type WorkerOptions } from './factory.js';
export { type Direction, LinkProxy } from './link-proxy.js';
export { createTestMesh, TestMesh, useTestMesh, type Call, type TestRegion } from './mesh.js';
export type * from './rows.js';
export { applyErrors, MeshLink, type LinkEnd, type LinkOptions } from './mesh-link.js';
export { MeshServer, MeshServers, type ServerSettings } from './mesh-servers.js';
export { assertLaws, brokenLaws, laws, type BrokenLaw } from './laws.js';
export { fc, seeded } from './seed.js';
export { Session, type Pending } from './session.js';
export { STANDBY_NAME, StandbyServer } from './standby-server.js';
export { useTestDatabase } from './suite.js';
export { waitFor, type WaitOptions } from './wait.js';
export { TestWorker, type CallOptions, type ClaimOptions, type TakeOptions } from './worker.js';
