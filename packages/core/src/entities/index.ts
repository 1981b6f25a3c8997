// Row shapes for reading: the tables as sql/schema made them (a test compares both). Nothing is written through them: a stale save() erases what
// another writer stored. Writes are SQL functions, called by the stores.
import { FailoverEventEntity } from './failover-event.entity.js';
import { LeaseEntity } from './lease.entity.js';
import { OrchestratorCommandEntity } from './orchestrator-command.entity.js';
import { StepAttemptEntity } from './step-attempt.entity.js';
import { StepStateEntity } from './step-state.entity.js';
import { StepTaskEntity } from './step-task.entity.js';
import { WorkflowDefinitionEntity } from './workflow-definition.entity.js';
import { WorkflowRunEntity } from './workflow-run.entity.js';
import { WorkflowScheduleEntity } from './workflow-schedule.entity.js';
import { WorkflowStepEntity } from './workflow-step.entity.js';
import { WorkflowVersionEntity } from './workflow-version.entity.js';
import { WorkflowWorkerEntity } from './workflow-worker.entity.js';

export {
  FailoverEventEntity,
  LeaseEntity,
  OrchestratorCommandEntity,
  StepAttemptEntity,
  StepStateEntity,
  StepTaskEntity,
  WorkflowDefinitionEntity,
  WorkflowRunEntity,
  WorkflowScheduleEntity,
  WorkflowStepEntity,
  WorkflowVersionEntity,
  WorkflowWorkerEntity,
};

/** Every entity, for the data source: classes, no globs. */
export const ENTITIES = [
  FailoverEventEntity,
  LeaseEntity,
  OrchestratorCommandEntity,
  StepAttemptEntity,
  StepStateEntity,
  StepTaskEntity,
  WorkflowDefinitionEntity,
  WorkflowRunEntity,
  WorkflowScheduleEntity,
  WorkflowStepEntity,
  WorkflowVersionEntity,
  WorkflowWorkerEntity,
] as const;
