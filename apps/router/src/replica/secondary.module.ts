// A router of a secondary: no worker, no writes. What it cannot answer goes to the primary's routers. Ready while its replica can be read, for then reads
// go on; that the primary does not answer degrades /health.
import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config, Logger, Metrics } from '@singularity-workflow/core';
import { HealthRegistry, LOGGER, Lifecycle, METRICS } from '@singularity-workflow/core/nest';
import { Forwarder } from '../forward/forwarder.js';
import { Relay } from '../forward/relay.js';
import { ReplicaWatch } from './replica-watch.js';

const PROBE_MS = 1_500;

@Module({})
export class SecondaryModule implements OnApplicationShutdown {
  constructor(
    private readonly forwarder: Forwarder,
    watch: ReplicaWatch,
    health: HealthRegistry,
  ) {
    health.addReadiness(() => watch.notReady());
    health.addCheck('primary', async () => {
      const { address, latencyMs } = await forwarder.probe(PROBE_MS).catch((error: Error) => {
        throw new Error(`${error.message}: writes and strong reads are refused, other reads go on`);
      });
      return { address, latency_ms: latencyMs };
    });
  }

  /** Once the last request has been answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.forwarder.close();
  }

  /** Provides Forwarder and Relay. */
  static forRoot({ primaryRegionUrl, forwardTimeoutMs: timeoutMs, region, workerId }: Config): DynamicModule {
    const forwarder = {
      provide: Forwarder,
      useFactory: () => new Forwarder({ urls: primaryRegionUrl!, self: `${region}/${workerId}` }),
    };
    const relay = {
      provide: Relay,
      inject: [Forwarder, LOGGER, METRICS, Lifecycle],
      useFactory: (sender: Forwarder, logger: Logger, metrics: Metrics, { draining }: Lifecycle) =>
        new Relay({ forwarder: sender, timeoutMs, logger, metrics, draining }),
    };
    return { module: SecondaryModule, global: true, providers: [forwarder, relay], exports: [Forwarder, Relay] };
  }
}
