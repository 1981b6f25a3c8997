import { type DynamicModule, Module } from '@nestjs/common';
import { type Config, type Logger, type Metrics, RunReader, RunStore, ScheduleStore, Wakeups } from '@singularity-workflow/core';
import { CoreModule, Lifecycle, LOGGER, METRICS, PresenceModule } from '@singularity-workflow/core/nest';
import { DefinitionsController } from './definitions/definitions.controller.js';
import { EventFeed } from './events/event-feed.js';
import { EventsController } from './events/events.controller.js';
import { QueuesController } from './fleet/queues.controller.js';
import { WorkersController } from './fleet/workers.controller.js';
import { OrchestratorsController } from './orchestrators/orchestrators.controller.js';
import { BulkController } from './runs/bulk.controller.js';
import { CommandsController } from './runs/commands.controller.js';
import { RunEnds } from './runs/run-ends.js';
import { RunsController } from './runs/runs.controller.js';
import { StartController } from './runs/start.controller.js';
import { Starts } from './runs/starts.js';
import { Schedules } from './schedules/schedules.js';
import { SchedulesController } from './schedules/schedules.controller.js';

/** Routes with a fixed path come before those with a run's id in it. */
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
];

@Module({})
export class RouterModule {
  static forRoot(config: Config): DynamicModule {
    const starts = {
      provide: Starts,
      inject: [RunStore, Wakeups, METRICS],
      useFactory: (runs: RunStore, wakeups: Wakeups, metrics: Metrics) => new Starts({ runs, wakeups, metrics, config }),
    };
    const ends = {
      provide: RunEnds,
      inject: [RunReader, LOGGER, Lifecycle],
      useFactory: (runs: RunReader, logger: Logger, lifecycle: Lifecycle) => {
        const runEnds = new RunEnds(runs, logger);
        lifecycle.onDrain('run-ends', () => runEnds.close());
        return runEnds;
      },
    };
    const feed = {
      provide: EventFeed,
      inject: [RunReader, LOGGER, Lifecycle],
      useFactory: (runs: RunReader, logger: Logger, lifecycle: Lifecycle) => {
        const eventFeed = new EventFeed(runs, logger);
        lifecycle.onDrain('event-feed', () => eventFeed.close());
        return eventFeed;
      },
    };
    const schedules = { provide: Schedules, inject: [ScheduleStore], useFactory: (store: ScheduleStore) => new Schedules(store) };
    return {
      module: RouterModule,
      imports: [CoreModule.forRoot(config), PresenceModule.forRoot()],
      controllers,
      providers: [starts, ends, feed, schedules],
    };
  }
}
