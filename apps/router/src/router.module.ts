import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import {
  type Config, isSecondary, type Logger, type Metrics, quorumRuns, QuorumStore, type ReadSources, RunStore, ScheduleStore, Wakeups,
} from '@singularity-workflow/core'; // prettier-ignore
import { CoreModule, Lifecycle, LOGGER, METRICS, PresenceModule, READ_SOURCES } from '@singularity-workflow/core/nest';
import { DefinitionsController } from './definitions/definitions.controller.js';
import { EventFeed } from './events/event-feed.js';
import { EventsController } from './events/events.controller.js';
import { QueuesController } from './fleet/queues.controller.js';
import { WorkersController } from './fleet/workers.controller.js';
import { homeProviders } from './homes/home-providers.js';
import { keyProviders } from './keys/key-providers.js';
import { KeysController } from './keys/keys.controller.js';
import { OrchestratorsController } from './orchestrators/orchestrators.controller.js';
import { Reads } from './replica/reads.js';
import { ReplicaModule } from './replica/replica.module.js';
import { ReplicaWatch } from './replica/replica-watch.js';
import { SecondaryModule } from './replica/secondary.module.js';
import { ConflictsController } from './regions/conflicts.controller.js';
import { RegionsController } from './regions/regions.controller.js';
import { TenantsController } from './regions/tenants.controller.js';
import { BulkController } from './runs/bulk.controller.js';
import { CommandsController } from './runs/commands.controller.js';
import { Confirmations } from './runs/confirmations.js';
import { RunEnds } from './runs/run-ends.js';
import { RunsController } from './runs/runs.controller.js';
import { StartController } from './runs/start.controller.js';
import { Starts } from './runs/starts.js';
import { Schedules } from './schedules/schedules.js';
import { SchedulesController } from './schedules/schedules.controller.js';

/** Routes with a fixed path come before those with a run's id in it. A secondary has the same: what they would write is forwarded before it gets there. */
const controllers = [
  StartController,
  BulkController,
  RunsController,
  CommandsController,
  EventsController,
  DefinitionsController,
  SchedulesController,
  QueuesController,
  WorkersController,
  OrchestratorsController,
  RegionsController,
  TenantsController,
  ConflictsController,
  KeysController,
];

function readsOf(config: Config): Provider[] {
  return [
    {
      provide: Reads,
      inject: [READ_SOURCES, { token: ReplicaWatch, optional: true }],
      useFactory: (sources: ReadSources, watch?: ReplicaWatch) => new Reads(sources, watch ?? null, config),
    },
    {
      provide: RunEnds,
      inject: [Reads, LOGGER, Lifecycle],
      useFactory: (reads: Reads, logger: Logger, lifecycle: Lifecycle) => {
        const runEnds = new RunEnds(reads.nearest.runs, logger);
        lifecycle.onDrain('run-ends', () => runEnds.close());
        return runEnds;
      },
    },
    {
      provide: EventFeed,
      inject: [READ_SOURCES, LOGGER, Lifecycle],
      useFactory: ({ near }: ReadSources, logger: Logger, lifecycle: Lifecycle) => {
        const eventFeed = new EventFeed(near.runs, logger);
        lifecycle.onDrain('event-feed', () => eventFeed.close());
        return eventFeed;
      },
    },
  ];
}

/** Where a process stands in its region: a worker, or one that only reads. */
function placeOf(config: Config): DynamicModule[] {
  const replica = config.databaseReadUrl === null ? [] : [ReplicaModule.forRoot(config)];
  return isSecondary(config) ? [...replica, SecondaryModule.forRoot(config)] : [...replica, PresenceModule.forRoot()];
}

@Module({})
export class RouterModule {
  static forRoot(config: Config): DynamicModule {
    const starts = {
      provide: Starts,
      inject: [RunStore, Wakeups, METRICS, Confirmations],
      useFactory: (runs: RunStore, wakeups: Wakeups, metrics: Metrics, confirmations: Confirmations) =>
        new Starts({ runs, wakeups, metrics, config, confirmations }),
    };
    const confirmations = {
      provide: Confirmations,
      inject: [QuorumStore, METRICS],
      useFactory: (store: QuorumStore, metrics: Metrics) => new Confirmations(store, quorumRuns(store, metrics, config)),
    };
    const schedules = { provide: Schedules, inject: [ScheduleStore], useFactory: (store: ScheduleStore) => new Schedules(store) };
    return {
      module: RouterModule,
      imports: [CoreModule.forRoot(config), ...placeOf(config)],
      controllers,
      providers: [confirmations, starts, schedules, ...readsOf(config), ...homeProviders(config), ...keyProviders],
    };
  }
}
