// What a router of a mesh knows of other regions, and how it calls them. One region alone, and a secondary, have none of it: everything is at home here.
import type { OnApplicationShutdown, Provider } from '@nestjs/common';
import {
  type Config, isSecondary, type Logger, MeshReader, type Metrics, RegionStore, RequestStore, TopologyReader,
} from '@singularity-workflow/core'; // prettier-ignore
import { Lifecycle, LOGGER, METRICS } from '@singularity-workflow/core/nest';
import { Reads } from '../replica/reads.js';
import { RegionCommands } from '../regions/commands.js';
import { RegionOverview } from '../regions/overview.js';
import { RunReads } from '../runs/run-reads.js';
import { Starts } from '../runs/starts.js';
import { HomeRelay } from './home-relay.js';
import { Homes } from './homes.js';
import { RegionCalls } from './region-calls.js';
import { Signer } from './signature.js';
import { SignedRequests } from './signed-requests.js';
import { Submissions } from './submissions.js';

/** Closes the connections to other regions once the last request has been answered. */
export class RegionCallsEnd implements OnApplicationShutdown {
  constructor(private readonly calls: RegionCalls | null) {}

  async onApplicationShutdown(): Promise<void> {
    await this.calls?.close();
  }
}

function signerOf({ regionSecret, regions, region }: Config): Signer | null {
  if (regionSecret === null || regions === null) return null;
  return new Signer({ secrets: regionSecret, region, regions: regions.map(({ id }) => id), nowMs: Date.now });
}

/** Provides Homes, HomeRelay, Submissions, RunReads, RegionOverview, SignedRequests. */
export function homeProviders(config: Config): Provider[] {
  const isMesh = config.regions !== null && !isSecondary(config);
  const signer = isMesh ? signerOf(config) : null;
  const { region, regions, workerId, forwardTimeoutMs: timeoutMs } = config;
  return [
    {
      provide: RegionCalls,
      inject: [LOGGER, METRICS, Lifecycle],
      useFactory: (logger: Logger, metrics: Metrics, { draining }: Lifecycle) =>
        isMesh
          ? new RegionCalls({ region, self: `${region}/${workerId}`, regions: regions!, signer, timeoutMs, logger, metrics, draining })
          : null,
    },
    { provide: RegionCallsEnd, inject: [RegionCalls], useFactory: (calls: RegionCalls | null) => new RegionCallsEnd(calls) },
    { provide: SignedRequests, useFactory: () => new SignedRequests(signer) },
    {
      provide: Homes,
      inject: [TopologyReader, Reads],
      useFactory: (reader: TopologyReader, reads: Reads) => new Homes({ reader: isMesh ? reader : null, region: () => reads.region }),
    },
    {
      provide: HomeRelay,
      inject: [Homes, RegionCalls, SignedRequests, TopologyReader, RequestStore],
      useFactory: (
        ...[homes, calls, signed, reader, requests]: [Homes, RegionCalls | null, SignedRequests, TopologyReader, RequestStore]
      ) => new HomeRelay({ homes, calls, signed, reader, requests }),
    },
    {
      provide: Submissions,
      inject: [Starts, Homes, RegionCalls, RequestStore, TopologyReader],
      useFactory: (...[starts, homes, calls, requests, topology]: [Starts, Homes, RegionCalls | null, RequestStore, TopologyReader]) =>
        new Submissions({ starts, homes, calls, requests, topology, config }),
    },
    {
      provide: RunReads,
      inject: [Reads, Homes, HomeRelay, RequestStore],
      useFactory: (reads: Reads, homes: Homes, relay: HomeRelay, requests: RequestStore) =>
        new RunReads({ reads, homes, relay, requests, isMesh }),
    },
    {
      provide: RegionCommands,
      inject: [RegionStore, TopologyReader, HomeRelay, Reads],
      useFactory: (store: RegionStore, topology: TopologyReader, relay: HomeRelay, reads: Reads) =>
        new RegionCommands({ store, topology, relay, reads }),
    },
    {
      provide: RegionOverview,
      inject: [TopologyReader, MeshReader],
      useFactory: (topology: TopologyReader, mesh: MeshReader) => new RegionOverview({ topology, mesh, config }),
    },
  ];
}
