// Which handler runs a task: the one of its own definition, or, for runs of an older version of the workflow, the one that the same slug has
// today. Limit: a step that was renamed has no handler for its open runs; they wait for an executor that still has it.
import type { ClaimedTask, WorkflowDefinition } from '@singularity-workflow/core';
import type { AnyHandler } from '../workflow/types.js';
import type { AnyWorkflow } from '../workflow/workflow.js';

export interface RunnableStep {
  readonly handler: AnyHandler;
  /** A step follows that may be handed over with the answer to the report: a single one, without a delay. */
  readonly leadsOn: boolean;
}

type RunnableSteps = ReadonlyMap<string, RunnableStep>;

export class HandlerRegistry {
  private readonly byDefinition = new Map<string, RunnableSteps>();
  private readonly byWorkflow = new Map<string, RunnableSteps>();

  constructor(readonly workflows: readonly AnyWorkflow[]) {
    // Two versions of a slug may stand side by side; the last one speaks for versions that are not here.
    for (const workflow of workflows) this.byWorkflow.set(workflow.slug, stepsOf(workflow));
  }

  /** The database has stored the workflow under this id. */
  registered(workflow: AnyWorkflow, definitionId: string): void {
    this.byDefinition.set(definitionId, stepsOf(workflow));
  }

  find(task: Pick<ClaimedTask, 'workflow' | 'definitionId' | 'stepSlug'>): RunnableStep | undefined {
    const steps = this.byDefinition.get(task.definitionId) ?? this.byWorkflow.get(task.workflow);
    return steps?.get(task.stepSlug);
  }

  /** `[workflow, step]` of everything that runs here. */
  get runnableSteps(): [workflow: string, step: string][] {
    return [...this.byWorkflow.keys()].flatMap((slug) => {
      const steps = this.workflows.filter((workflow) => workflow.slug === slug).flatMap((workflow) => [...workflow.handlers.keys()]);
      return [...new Set(steps)].map((step): [string, string] => [slug, step]);
    });
  }
}

function stepsOf({ definition, handlers }: AnyWorkflow): RunnableSteps {
  const leading = leadingSteps(definition);
  return new Map([...handlers].map(([slug, handler]) => [slug, { handler, leadsOn: leading.has(slug) }]));
}

function leadingSteps({ steps }: WorkflowDefinition): Set<string> {
  const followers = steps.filter((step) => step.kind !== 'map' && !step.start_delay_ms);
  return new Set(followers.flatMap((step) => step.depends_on ?? []));
}
