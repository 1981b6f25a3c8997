// #region hello
import { workflow } from '@singularity-workflow/sdk';

/** A task for each name, and then one for all of them. */
export const hello = workflow<string[]>('hello')
  .map('greet', (name) => `Hello ${name}`)
  .step('together', { dependsOn: ['greet'] }, ({ greet }) => greet.join(' and '));
// #endregion
