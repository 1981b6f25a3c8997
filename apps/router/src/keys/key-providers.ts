// Who is let in, and what waits for the log.
import type { Provider } from '@nestjs/common';
import { KeyStore, TopologyReader } from '@singularity-workflow/core';
import { SignedRequests } from '../homes/signed-requests.js';
import { Decisions } from './decisions.js';
import { Doorkeeper } from './doorkeeper.js';
import { Keyring } from './keyring.js';

/** Provides Keyring, Decisions, Doorkeeper. */
export const keyProviders: Provider[] = [
  { provide: Keyring, inject: [KeyStore], useFactory: (keys: KeyStore) => new Keyring({ keys }) },
  { provide: Decisions, inject: [TopologyReader], useFactory: (topology: TopologyReader) => new Decisions(topology) },
  {
    provide: Doorkeeper,
    inject: [Keyring, SignedRequests, TopologyReader],
    useFactory: (keyring: Keyring, signed: SignedRequests, topology: TopologyReader) => new Doorkeeper({ keyring, signed, topology }),
  },
];
