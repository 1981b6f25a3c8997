import { setTimeout as pause } from 'node:timers/promises';
import { workflow } from '@singularity-workflow/sdk';

export const slow = workflow<{ ms: number }>('slow').step('wait', ({ ms }, { signal }) => pause(ms, 'done', { signal }));
