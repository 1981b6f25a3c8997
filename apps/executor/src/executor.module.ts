import { Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, Wakeups, type Config, type Logger, type Metrics } from '@singularity-workflow/core';
import { CoreModule, HealthRegistry, Lifecycle, LOGGER, METRICS } from '@singularity-workflow/core/nest';
import { createExecutor } from '@singularity-workflow/sdk';
