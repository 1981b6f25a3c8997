import { workflow } from '@singularity-workflow/sdk';

export const double = workflow<number>('double').step('twice', (n) => 2 * n);
export default double;
export const triple = workflow<number>('triple').step('thrice', (n) => 3 * n);
export const notAWorkflow = { slug: 'nothing' };
